import { FIX_CAUSE_LABELS, FIX_CAUSES } from '@backcheck/contract';
import { Checkbox, DatePicker, InputNumber } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { EvidenceFiles } from '../evidence/EvidenceUpload.tsx';
import type { Evidence } from '../evidence/use-evidence.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { WordsField } from '../replies/WordsField.tsx';
import { ChoiceField } from '../ui/ChoiceField.tsx';
import { DAY_FORMS } from '../ui/EndDateField.tsx';
import { Field } from '../ui/Field.tsx';
import { TextField } from '../ui/TextField.tsx';
import { CAUSE, type ClaimDraft, MEASURE } from './claim-draft.ts';

interface ClaimFieldsProps {
  readonly draft: ClaimDraft;
  readonly evidence: Evidence;
  /** Ids of fields. */
  readonly missing: readonly string[];
  readonly onChange: (change: Partial<ClaimDraft>) => void;
}

/** The rectification feedback form. */
export function ClaimFields({ draft, evidence, missing, onChange }: ClaimFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <ChoiceField
        id={CAUSE}
        label={t('retests.claim.cause')}
        error={missing.includes(CAUSE) ? t('retests.claim.causeMissing') : undefined}
        value={draft.cause}
        among={FIX_CAUSES}
        labels={FIX_CAUSE_LABELS}
        onChange={(cause) => onChange({ cause })}
      />
      <WordsField
        id={MEASURE}
        label={t('retests.claim.measure')}
        error={missing.includes(MEASURE) ? t('retests.claim.measureMissing') : undefined}
        value={draft.measure}
        onChange={(measure) => onChange({ measure })}
      />
      <WhenAndWho draft={draft} onChange={onChange} />
      <WordsField
        id="fix-residual-risk"
        label={t('retests.claim.residualRisk')}
        rows={2}
        value={draft.residualRisk}
        onChange={(residualRisk) => onChange({ residualRisk })}
      />
      <Similar draft={draft} onChange={onChange} />
      <EvidenceFiles
        evidence={evidence}
        label={t('retests.claim.files')}
        hint={t('retests.claim.filesHint')}
      />
    </>
  );
}

function WhenAndWho({ draft, onChange }: Pick<ClaimFieldsProps, 'draft' | 'onChange'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { fixedOn, fixedBy, answerable } = draft;
  return (
    <>
      <Field id="fixed-on" label={t('retests.claim.fixedOn')}>
        <DatePicker
          id="fixed-on"
          format={DAY_FORMS[language]}
          value={fixedOn === null ? null : dayjs(fixedOn)}
          maxDate={dayjs().endOf('day')}
          placeholder=""
          // Enter takes the day; it must not send the form around it as well.
          onKeyDown={(event) => (event.key === 'Enter' ? event.preventDefault() : undefined)}
          onChange={(day) => onChange({ fixedOn: day === null ? null : day.format('YYYY-MM-DD') })}
        />
      </Field>
      <TextField
        id="fixed-by"
        label={t('retests.claim.fixedBy')}
        maxLength={200}
        value={fixedBy}
        onChange={(value) => onChange({ fixedBy: value })}
      />
      <TextField
        id="answerable"
        label={t('retests.claim.answerable')}
        hint={t('replies.dialog.personHint')}
        maxLength={200}
        value={answerable}
        onChange={(value) => onChange({ answerable: value })}
      />
    </>
  );
}

function Similar({ draft, onChange }: Pick<ClaimFieldsProps, 'draft' | 'onChange'>) {
  const { t } = useTranslation();
  const { similar } = draft;
  return (
    <fieldset>
      <legend>{t('retests.claim.similar')}</legend>
      <Checkbox
        checked={similar !== null}
        onChange={({ target }) => onChange({ similar: target.checked ? { found: 0, fixed: 0 } : null })}
      >
        {t('retests.claim.looked')}
      </Checkbox>
      {similar === null ? null : (
        <div className="similar-counts">
          <Field id="similar-found" label={t('retests.claim.found')}>
            <InputNumber
              id="similar-found"
              min={0}
              precision={0}
              value={similar.found}
              onChange={(found) => onChange({ similar: { ...similar, found: found ?? 0 } })}
            />
          </Field>
          <Field id="similar-fixed" label={t('retests.claim.fixed')}>
            <InputNumber
              id="similar-fixed"
              min={0}
              max={similar.found}
              precision={0}
              value={similar.fixed}
              onChange={(fixed) => onChange({ similar: { ...similar, fixed: fixed ?? 0 } })}
            />
          </Field>
        </div>
      )}
    </fieldset>
  );
}
