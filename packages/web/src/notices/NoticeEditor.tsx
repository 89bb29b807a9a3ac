import { hasAnnex, type NoticeDraft, PAPER_LANGUAGE_LABELS, TLP, TLP_LABELS } from '@backcheck/contract';
import { DEMANDS, PAPER_LANGUAGES } from '@backcheck/core';
import { Button, Checkbox, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { EndDateField } from '../ui/EndDateField.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { FieldError, focusField, TextField } from '../ui/TextField.tsx';
import { Lacks } from './Lacks.tsx';
import { fieldId, languagesOf, missingFields } from './notice-draft.ts';

interface NoticeEditorProps {
  readonly start: NoticeDraft;
  readonly saving: { readonly isPending: boolean; readonly error: Error | null };
  readonly onSave: (draft: NoticeDraft) => void;
  /** Whatever is changed in it. */
  readonly onChange?: () => void;
  readonly onCancel?: () => void;
  /** What sending it does, where that is not keeping a draft. */
  readonly sendLabel?: string;
  /** Where the words of another language are proposed anew; else they are written by hand. */
  readonly onLanguage?: (language: NoticeDraft['language']) => void;
}

/** The words of a paper. Findings, dates and the number are not written by hand. */
export function NoticeEditor(props: NoticeEditorProps) {
  const { start, saving, onSave, onChange, onCancel, sendLabel, onLanguage } = props;
  const { t } = useTranslation();
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const missing = tried ? missingFields(draft) : [];
  const change = (next: Partial<NoticeDraft>) => {
    setDraft((before) => ({ ...before, ...next }));
    onChange?.();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const [first] = missingFields(draft);
    if (first !== undefined) return focusField(first);
    onSave(draft);
  };
  return (
    <form className="steps notice-form" noValidate onSubmit={submit}>
      <Head draft={draft} onChange={change} onLanguage={onLanguage ?? ((language) => change({ language }))} />
      {languagesOf(draft).map((language) => (
        <Words key={language} language={language} draft={draft} missing={missing} onChange={change} />
      ))}
      <Field id={fieldId('basis')} label={t('notices.legalBasis')} hint={t('notices.legalBasisHint')}>
        <Input.TextArea
          id={fieldId('basis')}
          rows={2}
          maxLength={4000}
          value={draft.legalBasis}
          onChange={({ target }) => change({ legalBasis: target.value })}
        />
      </Field>
      <EndDateField
        id={fieldId('due')}
        label={t('notices.dueForAll')}
        hint={t('notices.dueForAllHint')}
        value={lastDay(draft.dueAt)}
        onChange={(at) => change({ dueAt: at === null ? null : firstTooLate(at) })}
      />
      <Field id={fieldId('contact')} label={t('notices.contact')} hint={t('notices.contactHint')}>
        <Input.TextArea
          id={fieldId('contact')}
          rows={2}
          maxLength={1000}
          value={draft.contact}
          onChange={({ target }) => change({ contact: target.value })}
        />
      </Field>
      {DEMANDS.includes(draft.kind) ? (
        <Field
          id={fieldId('consequences')}
          label={t('notices.consequences')}
          hint={t('notices.consequencesHint')}
        >
          <Input.TextArea
            id={fieldId('consequences')}
            rows={2}
            maxLength={2000}
            value={draft.consequences}
            onChange={({ target }) => change({ consequences: target.value })}
          />
        </Field>
      ) : null}
      {DEMANDS.includes(draft.kind) ? (
        <div className="notice-annex-choice">
          <Checkbox
            checked={hasAnnex(draft)}
            aria-describedby={fieldId('annex-hint')}
            onChange={({ target }) => change({ annex: target.checked })}
          >
            {t('notices.annex')}
          </Checkbox>
          <p id={fieldId('annex-hint')} className="hint">
            {t('notices.annexHint')}
          </p>
        </div>
      ) : null}
      {sendLabel === undefined ? <Lacks of={draft} /> : null}
      {saving.error === null ? null : <Failure error={saving.error} />}
      <div className="steps-end">
        <Button type="primary" htmlType="submit" loading={saving.isPending}>
          {sendLabel ?? t('notices.save')}
        </Button>
        {onCancel === undefined ? null : <Button onClick={onCancel}>{t('cancel')}</Button>}
        {sendLabel === undefined ? <span className="hint">{t('notices.saveHint')}</span> : null}
      </div>
    </form>
  );
}

/** The field has the end of the last day; a date is kept as the first moment that is too late. */
const firstTooLate = (endOfDay: string): string => new Date(Date.parse(endOfDay) + 1).toISOString();
const lastDay = (dueAt: string | null): string | null =>
  dueAt === null ? null : new Date(Date.parse(dueAt) - 1).toISOString();

interface PartProps {
  readonly draft: NoticeDraft;
  readonly onChange: (next: Partial<NoticeDraft>) => void;
}

interface HeadProps extends PartProps {
  readonly onLanguage: (language: NoticeDraft['language']) => void;
}

function Head({ draft, onChange, onLanguage }: HeadProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <div className="notice-head-fields">
      <Field id={fieldId('language')} label={t('notices.paperLanguage')}>
        <Select
          id={fieldId('language')}
          value={draft.language}
          options={PAPER_LANGUAGES.map((value) => ({ value, label: PAPER_LANGUAGE_LABELS[value][language] }))}
          onChange={onLanguage}
        />
      </Field>
      <TextField
        id={fieldId('addressee')}
        label={t('notices.addressee')}
        placeholder={t('notices.addresseeHint')}
        maxLength={200}
        value={draft.addressee}
        onChange={(addressee) => onChange({ addressee })}
      />
      <Field id={fieldId('tlp')} label={t('notices.tlp')}>
        <Select
          id={fieldId('tlp')}
          value={draft.tlp}
          options={TLP.map((value) => ({ value, label: `TLP:${value} ${TLP_LABELS[value][language]}` }))}
          onChange={(tlp) => onChange({ tlp })}
        />
      </Field>
    </div>
  );
}

interface WordsProps extends PartProps {
  readonly language: 'zh' | 'en';
  readonly missing: readonly string[];
}

function Words({ language, draft, missing, onChange }: WordsProps) {
  const { t } = useTranslation();
  const title = fieldId(`title-${language}`);
  const body = fieldId(`body-${language}`);
  const error = (id: string) => (missing.includes(id) ? t('notices.missing') : undefined);
  return (
    <fieldset className="notice-words" lang={language}>
      <legend>{t(`notices.in.${language}`)}</legend>
      <TextField
        id={title}
        label={t('notices.paperTitle')}
        maxLength={200}
        value={draft.title[language]}
        error={error(title)}
        onChange={(text) => onChange({ title: { ...draft.title, [language]: text } })}
      />
      <div className="field">
        <label htmlFor={body}>{t('notices.body')}</label>
        <Input.TextArea
          id={body}
          autoSize={{ minRows: 6, maxRows: 24 }}
          maxLength={20_000}
          value={draft.body[language]}
          status={error(body) === undefined ? '' : 'error'}
          aria-invalid={error(body) !== undefined}
          aria-describedby={`${body}-hint`}
          onChange={({ target }) => onChange({ body: { ...draft.body, [language]: target.value } })}
        />
        <FieldError id={body} error={error(body)} />
        <p id={`${body}-hint`} className="hint">
          {t('notices.bodyHint')}
        </p>
      </div>
    </fieldset>
  );
}
