import { AUTHORIZATION_FLAW_LABELS } from '@backcheck/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { EndDateField } from '../ui/EndDateField.tsx';
import { Failure } from '../ui/Failure.tsx';
import { FileButton } from '../ui/FileButton.tsx';
import { FieldError, focusField, TextField } from '../ui/TextField.tsx';
import { useTitle } from '../ui/use-title.ts';
import { type DraftPartProps, fieldId } from './draft-field.ts';
import { LimitFields } from './LimitFields.tsx';
import { TargetFields } from './TargetFields.tsx';
import { type DraftFlaw, emptyDraft, flawsOf, missingFields, termsOf } from './terms-draft.ts';
import { useDraftAuthorization } from './use-authorizations.ts';
import '../retests/retests.css';

export function DraftScreen() {
  const { t } = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const save = useDraftAuthorization();
  const [draft, setDraft] = useState(() => emptyDraft(Intl.DateTimeFormat().resolvedOptions().timeZone));
  const [tried, setTried] = useState(false);
  useTitle(t('authorizations.draft'));
  const missing = tried ? missingFields(draft) : [];
  const flaws = tried ? flawsOf(draft, new Date().toISOString()) : [];
  const error = (field: DraftFlaw['field']) => {
    if (missing.some((one) => one === field)) return t('authorizations.missing');
    const texts = flaws
      .filter((one) => one.field === field)
      .map(({ code, value }) => `${value ?? ''} ${AUTHORIZATION_FLAW_LABELS[code][language]}`.trim());
    return texts.length === 0 ? undefined : texts.join(language === 'zh' ? '；' : '; ');
  };
  const onChange: DraftPartProps['onChange'] = (change) =>
    setDraft((before) => ({ ...before, ...(typeof change === 'function' ? change(before) : change) }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const now = new Date().toISOString();
    const [first] = [...missingFields(draft), ...flawsOf(draft, now).map(({ field }) => field)];
    const { organizationId, file } = draft;
    if (first !== undefined || organizationId === undefined || file === null)
      return focusField(fieldId(first ?? 'title'));
    save.mutate(
      { organizationId, file, terms: termsOf(draft, now) },
      {
        onSuccess: ({ id }) =>
          void navigate({ to: '/authorizations/$authorizationId', params: { authorizationId: id } }),
      },
    );
  };
  return (
    <div className="screen">
      <Link className="back" to="/authorizations">
        <span aria-hidden="true">←</span> {t('authorizations.back')}
      </Link>
      <h1>{t('authorizations.draft')}</h1>
      <p className="lead">{t('authorizations.draftLead')}</p>
      <form className="steps draft-form" noValidate onSubmit={submit}>
        <div className="field">
          <label htmlFor={fieldId('organizationId')}>{t('organization.label')}</label>
          <OrganizationSelect
            id={fieldId('organizationId')}
            value={draft.organizationId}
            placeholder={t('organization.choose')}
            onChange={(organizationId) => onChange({ organizationId })}
          />
          <FieldError id={fieldId('organizationId')} error={error('organizationId')} />
        </div>
        <TextField
          id={fieldId('title')}
          label={t('authorizations.of')}
          hint={t('authorizations.titleHint')}
          maxLength={200}
          value={draft.title}
          error={error('title')}
          onChange={(title) => onChange({ title })}
        />
        <TargetFields draft={draft} onChange={onChange} error={error} />
        <LimitFields draft={draft} onChange={onChange} error={error} />
        <SignedPaper draft={draft} onChange={onChange} error={error} />
        {save.error === null ? null : <Failure error={save.error} />}
        <div className="steps-end">
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('authorizations.save')}
          </Button>
          <span className="hint">{t('authorizations.saveHint')}</span>
        </div>
      </form>
    </div>
  );
}

function SignedPaper({ draft, onChange, error }: DraftPartProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        id={fieldId('signedBy')}
        label={t('authorizations.signer')}
        maxLength={200}
        value={draft.signedBy}
        error={error('signedBy')}
        onChange={(signedBy) => onChange({ signedBy })}
      />
      <EndDateField
        id={fieldId('expiresAt')}
        label={t('authorizations.expiresAt')}
        hint={t('authorizations.expiresHint')}
        latest="in a year"
        value={draft.expiresAt}
        error={error('expiresAt')}
        onChange={(expiresAt) => onChange({ expiresAt })}
      />
      <div className="field">
        <FileButton
          id={fieldId('file')}
          label={t('authorizations.paper')}
          chosen={draft.file?.name}
          aria-invalid={error('file') !== undefined}
          onChange={({ target }) => onChange({ file: target.files?.[0] ?? null })}
        />
        <FieldError id={fieldId('file')} error={error('file')} />
        <p className="hint">{t('authorizations.paperHint')}</p>
      </div>
    </>
  );
}
