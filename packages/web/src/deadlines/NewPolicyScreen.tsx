import type { DeadlinePolicy, PolicyContent } from '@backcheck/contract';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useAccess } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useTitle } from '../ui/use-title.ts';
import { PolicyJson } from './PolicyJson.tsx';
import { newestVersions } from './policy-list.ts';
import { TermFields } from './TermFields.tsx';
import { useDraftPolicy, usePolicies } from './use-deadlines.ts';
import './deadlines.css';

/** A copy of a policy with other terms; a draft until somebody else approves it. */
export function NewPolicyScreen() {
  const { t } = useTranslation();
  const { data, error } = usePolicies();
  const home = useAccess().data?.home ?? null;
  const search: { readonly from?: unknown } = useSearch({ strict: false });
  const [from, setFrom] = useState(String(search.from ?? ''));
  useTitle(t('deadlines.draft.title'));
  const policies = data === undefined ? [] : newestVersions(data);
  const source =
    data?.items.find(({ id }) => id === from) ??
    policies.find(({ content }) => content.code === data?.defaultCode);
  return (
    <div className="screen">
      <Link className="back" to="/policies">
        <span aria-hidden="true">←</span> {t('deadlines.policy.back')}
      </Link>
      <h1>{t('deadlines.draft.title')}</h1>
      <p className="lead">{t('deadlines.draft.lead')}</p>
      {error === null ? null : <Failure error={error} />}
      {source === undefined ? null : (
        <>
          <SourceSelect policies={policies} source={source} onChange={setFrom} />
          <DraftForm key={source.id} source={source} home={source.organizationId ?? home} />
        </>
      )}
    </div>
  );
}

interface SourceSelectProps {
  readonly policies: readonly DeadlinePolicy[];
  readonly source: DeadlinePolicy;
  readonly onChange: (id: string) => void;
}

function SourceSelect({ policies, source, onChange }: SourceSelectProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const offered = policies.some(({ id }) => id === source.id) ? policies : [source, ...policies];
  return (
    <div className="steps draft-form">
      <Field id="draft-from" label={t('deadlines.draft.from')}>
        <Select
          id="draft-from"
          value={source.id}
          options={offered.map(({ id, version, content }) => ({
            value: id,
            label: `${content.title[language]} ${t('deadlines.policies.versionOf', { version })}`,
          }))}
          onChange={onChange}
        />
      </Field>
    </div>
  );
}

interface DraftFormProps {
  readonly source: DeadlinePolicy;
  readonly home: string | null;
}

/** A preset keeps its code, its name and its source: the copy gets its own. */
function copyOf({ preset, version, content }: DeadlinePolicy): PolicyContent {
  if (!preset) return content;
  const { zh, en } = content.title;
  return {
    ...content,
    code: `own-${content.code}`,
    title: { zh: `${zh}（自定）`, en: `${en}, our own` },
    source: {
      zh: `自定，以“${zh}”第${version}版为蓝本。`,
      en: `Our own, after "${en}", version ${version}.`,
    },
  };
}

function DraftForm({ source, home }: DraftFormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const draft = useDraftPolicy();
  const [content, setContent] = useState(() => copyOf(source));
  const [organizationId, setOrganizationId] = useState(home);
  const { code, title } = content;
  const change = (part: Partial<PolicyContent>) => setContent((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    draft.mutate(
      { organizationId, content },
      { onSuccess: ({ id }) => void navigate({ to: '/policies/$policyId', params: { policyId: id } }) },
    );
  };
  return (
    <form className="steps draft-form" noValidate onSubmit={submit}>
      <Field id="draft-node" label={t('deadlines.policies.of')}>
        <OrganizationSelect
          id="draft-node"
          allowClear
          value={organizationId ?? undefined}
          placeholder={t('deadlines.policies.everywhere')}
          onChange={(id) => setOrganizationId(id ?? null)}
        />
      </Field>
      <TextField
        id="draft-code"
        label={t('deadlines.draft.code')}
        hint={t('deadlines.draft.codeHint')}
        maxLength={60}
        value={code}
        onChange={(value) => change({ code: value.trim() })}
      />
      <TextField
        id="draft-title-zh"
        label={t('deadlines.draft.titleZh')}
        maxLength={200}
        value={title.zh}
        onChange={(zh) => change({ title: { ...title, zh } })}
      />
      <TextField
        id="draft-title-en"
        label={t('deadlines.draft.titleEn')}
        maxLength={200}
        value={title.en}
        onChange={(en) => change({ title: { ...title, en } })}
      />
      <TermFields content={content} onChange={setContent} />
      <PolicyJson content={content} onChange={setContent} />
      {draft.error === null ? null : <Failure error={draft.error} />}
      <div className="steps-end">
        <Button type="primary" htmlType="submit" loading={draft.isPending}>
          {t('deadlines.draft.save')}
        </Button>
      </div>
    </form>
  );
}
