import { FIX_CAUSE_LABELS, FIX_CAUSES, type FixCause } from '@backcheck/contract';
import { Checkbox, Input, InputNumber, Modal, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { FieldError, focusField } from '../ui/TextField.tsx';
import { type ClaimDraft, claimOf, EMPTY_CLAIM } from './claim-draft.ts';
import { PlanPreview } from './PlanPreview.tsx';
import { useAskForRetest } from './use-retests.ts';

const MEASURE = 'fix-measure';

interface AskDialogProps {
  /** All of one organization. */
  readonly findingIds: readonly string[];
  /** Whether the one who asks is likely to say that it is fixed. */
  readonly claimsFirst: boolean;
  readonly onClose: () => void;
  /** Gets the id of the retest. */
  readonly onAsked: (retestId: string) => void;
}

/** "It is fixed" with what was done, and the retest that is to prove it; or the retest alone. */
export function AskDialog({ findingIds, claimsFirst, onClose, onAsked }: AskDialogProps) {
  const { t } = useTranslation();
  const ask = useAskForRetest();
  const form = useId();
  const [claims, setClaims] = useState(claimsFirst);
  const [draft, setDraft] = useState(EMPTY_CLAIM);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (claims && draft.measure.trim() === '') return focusField(MEASURE);
    ask.mutate(
      { claim: claims ? claimOf(draft, findingIds) : null, files, request: { findingIds: [...findingIds] } },
      { onSuccess: ({ id }) => onAsked(id) },
    );
  };
  return (
    <Modal
      open
      width={640}
      title={t('retests.ask.title')}
      okText={claims ? t('retests.ask.claimAndAsk') : t('retests.ask.ask')}
      okButtonProps={{ htmlType: 'submit', form }}
      confirmLoading={ask.isPending}
      onCancel={onClose}
    >
      <form id={form} className="steps" noValidate onSubmit={submit}>
        <Checkbox checked={claims} onChange={({ target }) => setClaims(target.checked)}>
          {t('retests.ask.isFixed')}
        </Checkbox>
        {claims ? (
          <ClaimFields
            draft={draft}
            files={files}
            missing={tried && draft.measure.trim() === ''}
            onChange={setDraft}
            onFiles={setFiles}
          />
        ) : null}
        <PlanPreview findingIds={findingIds} />
        {ask.error === null ? null : <Failure error={ask.error} />}
      </form>
    </Modal>
  );
}

interface ClaimFieldsProps {
  readonly draft: ClaimDraft;
  readonly files: readonly File[];
  readonly missing: boolean;
  readonly onChange: (draft: ClaimDraft) => void;
  readonly onFiles: (files: readonly File[]) => void;
}

function ClaimFields({ draft, files, missing, onChange, onFiles }: ClaimFieldsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <>
      <Field id="fix-cause" label={t('retests.claim.cause')}>
        <Select<FixCause>
          id="fix-cause"
          value={draft.cause}
          options={FIX_CAUSES.map((value) => ({ value, label: FIX_CAUSE_LABELS[value][language] }))}
          onChange={(cause) => onChange({ ...draft, cause })}
        />
      </Field>
      <div className="field">
        <label htmlFor={MEASURE}>{t('retests.claim.measure')}</label>
        <Input.TextArea
          id={MEASURE}
          rows={3}
          maxLength={4000}
          value={draft.measure}
          status={missing ? 'error' : ''}
          aria-invalid={missing}
          aria-describedby={missing ? `${MEASURE}-error` : undefined}
          onChange={({ target }) => onChange({ ...draft, measure: target.value })}
        />
        <FieldError id={MEASURE} error={missing ? t('retests.claim.measureMissing') : undefined} />
      </div>
      <Similar draft={draft} onChange={onChange} />
      <Field id="fix-files" label={t('retests.claim.files')} hint={t('retests.claim.filesHint')}>
        <input
          id="fix-files"
          type="file"
          multiple
          onChange={({ target }) => onFiles([...(target.files ?? [])])}
        />
      </Field>
      {files.length === 0 ? null : (
        <p className="hint">{files.map(({ name }) => name).join(language === 'zh' ? '、' : ', ')}</p>
      )}
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
        onChange={({ target }) =>
          onChange({ ...draft, similar: target.checked ? { found: 0, fixed: 0 } : null })
        }
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
              onChange={(found) => onChange({ ...draft, similar: { ...similar, found: found ?? 0 } })}
            />
          </Field>
          <Field id="similar-fixed" label={t('retests.claim.fixed')}>
            <InputNumber
              id="similar-fixed"
              min={0}
              max={similar.found}
              precision={0}
              value={similar.fixed}
              onChange={(fixed) => onChange({ ...draft, similar: { ...similar, fixed: fixed ?? 0 } })}
            />
          </Field>
        </div>
      )}
    </fieldset>
  );
}
