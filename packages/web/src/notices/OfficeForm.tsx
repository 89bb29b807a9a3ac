import { NOTICE_KIND_LABELS, type NoticeOffice, type NoticeOfficeContent } from '@backcheck/contract';
import { NOTICE_KINDS, type NoticeKind, noticeNumber } from '@backcheck/core';
import { Alert, Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../app/request.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { focusField, TextField } from '../ui/TextField.tsx';
import { missingFields, numberFlaw } from './office-draft.ts';
import { useSetNoticeOffice } from './use-notice-office.ts';

interface OfficeFormProps {
  readonly node: string | undefined;
  readonly office: NoticeOffice;
  readonly mayChange: boolean;
}

const fieldId = (field: string) => `office-${field}`;

export function OfficeForm({ node, office, mayChange }: OfficeFormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<NoticeOfficeContent>(office.office);
  const [tried, setTried] = useState(false);
  const save = useSetNoticeOffice(node);
  const change = (part: Partial<NoticeOfficeContent>) => setDraft((before) => ({ ...before, ...part }));
  const rename = (part: Partial<NoticeOfficeContent['authority']>) =>
    setDraft((before) => ({ ...before, authority: { ...before.authority, ...part } }));
  const missing = missingFields(draft);
  const error = (field: string) =>
    tried && missing.includes(field) ? t('noticePapers.office.missing') : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const wrong = NOTICE_KINDS.filter((kind) => numberFlaw(draft.numbers, kind) !== null);
    const [first] = [...missing, ...wrong];
    if (first === undefined) save.mutate(draft);
    else focusField(fieldId(first));
  };
  const text = (field: string, value: string, onChange: (value: string) => void) => ({
    id: fieldId(field),
    value,
    error: error(field),
    onChange,
  });
  const { authority, timeZone } = draft;
  return (
    <form className="office-form" noValidate onSubmit={submit}>
      <p className="hint">{t(`noticePapers.office.held.${office.heldBy}`)}</p>
      <fieldset className="office-fields" disabled={!mayChange}>
        <div className="office-pair">
          <TextField
            {...text('authorityZh', authority.zh, (zh) => rename({ zh }))}
            label={t('noticePapers.office.authorityZh')}
            maxLength={200}
          />
          <TextField
            {...text('authorityEn', authority.en, (en) => rename({ en }))}
            label={t('noticePapers.office.authorityEn')}
            maxLength={200}
          />
        </div>
        <LongField
          name="legalBasis"
          most={2000}
          value={draft.legalBasis}
          onChange={(legalBasis) => change({ legalBasis })}
        />
        <LongField
          name="consequences"
          most={2000}
          value={draft.consequences}
          onChange={(consequences) => change({ consequences })}
        />
        <LongField
          name="contact"
          most={500}
          value={draft.contact}
          onChange={(contact) => change({ contact })}
        />
        <TextField
          {...text('timeZone', timeZone, (zone) => change({ timeZone: zone }))}
          label={t('noticePapers.office.timeZone')}
          hint={t('noticePapers.office.timeZoneHint')}
          maxLength={60}
        />
        <Numbers
          numbers={draft.numbers}
          tried={tried}
          shared={sharedIn(save.error)}
          onChange={(part) => setDraft((before) => ({ ...before, numbers: { ...before.numbers, ...part } }))}
        />
      </fieldset>
      {save.error === null ? null : <Failure error={save.error} />}
      {save.isSuccess ? <Alert type="success" showIcon title={t('noticePapers.office.saved')} /> : null}
      {mayChange ? (
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('noticePapers.office.save')}
        </Button>
      ) : null}
    </form>
  );
}

interface LongFieldProps {
  readonly name: 'legalBasis' | 'consequences' | 'contact';
  readonly most: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function LongField({ name, most, value, onChange }: LongFieldProps) {
  const { t } = useTranslation();
  return (
    <Field
      id={fieldId(name)}
      label={t(`noticePapers.office.${name}`)}
      hint={t(`noticePapers.office.${name}Hint`)}
    >
      <Input.TextArea
        id={fieldId(name)}
        autoSize={{ minRows: 2 }}
        maxLength={most}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </Field>
  );
}

/** Kinds whose numbers another office prints, as the server said. */
const sharedIn = (error: Error | null): readonly string[] =>
  error instanceof Refusal
    ? (error.problem.errors ?? []).filter(({ message }) => message === 'SHARED').map(({ field }) => field)
    : [];

interface NumbersProps {
  readonly shared: readonly string[];
  readonly numbers: NoticeOfficeContent['numbers'];
  readonly tried: boolean;
  readonly onChange: (part: Partial<NoticeOfficeContent['numbers']>) => void;
}

/** Of a year and a number that show where each goes. */
const EXAMPLE = { sequence: 12 };

function Numbers({ numbers, tried, shared, onChange }: NumbersProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const year = new Date().getFullYear();
  const errorOf = (kind: NoticeKind): string | undefined => {
    const flaw = tried ? numberFlaw(numbers, kind) : null;
    if (flaw === null)
      return shared.includes(`numbers.${kind}`) ? t('noticePapers.office.shared') : undefined;
    if (flaw.kind === 'wrong') return t('noticePapers.office.wrong');
    return t('noticePapers.office.twice', { kind: NOTICE_KIND_LABELS[flaw.as][language] });
  };
  return (
    <fieldset className="office-numbers">
      <legend>{t('noticePapers.office.numbers')}</legend>
      <p className="hint">{t('noticePapers.office.numbersHint')}</p>
      <div className="office-pair">
        {NOTICE_KINDS.map((kind) => (
          <TextField
            key={kind}
            id={fieldId(kind)}
            label={NOTICE_KIND_LABELS[kind][language]}
            hint={t('noticePapers.office.example', {
              number: noticeNumber(numbers[kind], { year, ...EXAMPLE }),
            })}
            maxLength={100}
            value={numbers[kind]}
            error={errorOf(kind)}
            onChange={(value) => onChange({ [kind]: value })}
          />
        ))}
      </div>
    </fieldset>
  );
}
