import {
  NOTICE_FILTER_LABELS,
  NOTICE_FILTERS,
  NOTICE_KIND_LABELS,
  type NoticeBatchPlan,
  type NoticeBatchPreview,
  type NoticeFilter,
} from '@backcheck/contract';
import { NOTICE_KINDS, type NoticeKind } from '@backcheck/core';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { fixName } from '../fixes/fix-name.ts';
import { useFix } from '../fixes/use-fixes.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useTitle } from '../ui/use-title.ts';
import { NoticeEditor } from './NoticeEditor.tsx';
import { useDraftBatch, usePreviewBatch } from './use-notices.ts';
import './notices.css';

const route = getRouteApi('/notice-batches/new');

interface Target {
  readonly title: string;
  readonly kind: NoticeKind;
  readonly which: NoticeFilter;
  readonly organizationId: string | undefined;
}

const START: Target = { title: '', kind: 'rectification', which: 'unnoticed', organizationId: undefined };

/** The words once, the findings of each: first who would get what, then the drafts. */
export function NewBatchScreen() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { fixId = null } = route.useSearch();
  const [target, setTarget] = useState(START);
  const [plan, setPlan] = useState<NoticeBatchPlan | null>(null);
  const preview = usePreviewBatch();
  const save = useDraftBatch();
  useTitle(t('notices.batches.new'));
  // Nothing is drafted but what was shown.
  const takeBack = () => {
    setPlan(null);
    preview.reset();
  };
  const shown = plan?.fixId === fixId ? preview.data : undefined;
  return (
    <div className="screen">
      <Link className="back" to="/notice-batches">
        <span aria-hidden="true">←</span> {t('notices.batches.back')}
      </Link>
      <h1>{t('notices.batches.new')}</h1>
      <p className="lead">{t('notices.batches.newLead')}</p>
      {fixId === null ? null : <OfFix fixId={fixId} />}
      <Aim
        target={target}
        onChange={(next) => {
          setTarget((before) => ({ ...before, ...next }));
          takeBack();
        }}
      />
      <NoticeEditor
        key={target.kind}
        start={wordsOf(target.kind)}
        saving={preview}
        sendLabel={t('notices.batches.preview')}
        onChange={takeBack}
        onSave={({ kind, findingIds: _, refersTo: __, replaces: ___, decision: ____, ...draft }) => {
          const wanted: NoticeBatchPlan = {
            kind,
            title:
              target.title.trim() === '' ? draft.title[draft.language === 'en' ? 'en' : 'zh'] : target.title,
            organizationId: target.organizationId ?? null,
            scope: { by: 'node' },
            which: target.which,
            fixId,
            draft,
          };
          setPlan(wanted);
          preview.mutate(wanted);
        }}
      />
      {shown === undefined ? null : <Preview of={shown} />}
      {save.error === null ? null : <Failure error={save.error} />}
      {shown === undefined || plan === null || shown.organizations === 0 ? null : (
        <Button
          type="primary"
          loading={save.isPending}
          onClick={() =>
            save.mutate(plan, {
              onSuccess: ({ id }) =>
                void navigate({ to: '/notice-batches/$batchId', params: { batchId: id } }),
            })
          }
        >
          {t('notices.batches.make', { count: shown.organizations })}
        </Button>
      )}
    </div>
  );
}

/** The one measure that it is about, and the way out of it. */
function OfFix({ fixId }: { readonly fixId: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data, error, refetch } = useFix(fixId, undefined);
  if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <p>
      {t('notices.batches.ofFix', { name: data === undefined ? '…' : fixName(data, language) })}{' '}
      <Link to="/notice-batches/new" search={{}}>
        {t('notices.batches.ofAll')}
      </Link>
    </p>
  );
}

function Aim({
  target,
  onChange,
}: {
  readonly target: Target;
  readonly onChange: (next: Partial<Target>) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <search className="notice-filters" aria-label={t('notices.about')}>
      <TextField
        id="batch-title"
        label={t('notices.batches.name')}
        maxLength={200}
        value={target.title}
        onChange={(title) => onChange({ title })}
      />
      <Field id="batch-node" label={t('notices.batches.node')}>
        <OrganizationSelect
          id="batch-node"
          allowClear
          value={target.organizationId}
          placeholder={t('notices.batches.everywhere')}
          onChange={(organizationId) => onChange({ organizationId })}
        />
      </Field>
      <Field id="batch-kind" label={t('notices.kind')}>
        <Select
          id="batch-kind"
          value={target.kind}
          options={NOTICE_KINDS.map((value) => ({ value, label: NOTICE_KIND_LABELS[value][language] }))}
          onChange={(kind) => onChange({ kind })}
        />
      </Field>
      <Field id="batch-which" label={t('notices.which')}>
        <Select
          id="batch-which"
          value={target.which}
          options={NOTICE_FILTERS.map((value) => ({ value, label: NOTICE_FILTER_LABELS[value][language] }))}
          onChange={(which) => onChange({ which })}
        />
      </Field>
    </search>
  );
}

function Preview({ of }: { readonly of: NoticeBatchPreview }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <section className="panel" aria-labelledby="batch-preview">
      <h2 id="batch-preview">{t('notices.batches.preview')}</h2>
      <p role="status">{t('notices.batches.previewCounts', { ...of })}</p>
      {of.examples.map(({ organization, findings, title, body }) => (
        <details key={organization.id}>
          <summary>
            {organization.nameZh ?? organization.name} · {t('notices.findingsOf', { count: findings })}
          </summary>
          <h3>{title[language] || title.zh || title.en}</h3>
          <p className="notice-body">{body[language] || body.zh || body.en}</p>
        </details>
      ))}
    </section>
  );
}

/** Words to begin with; `{organization}`, `{findings}` and `{dueAt}` are filled for each organization. */
function wordsOf(kind: NoticeKind) {
  const title = NOTICE_KIND_LABELS[kind];
  return {
    kind,
    language: 'zh' as const,
    addressee: '',
    title: { zh: `关于{organization}网络安全问题的${title.zh}`, en: `${title.en} to {organization}` },
    legalBasis: '',
    body: {
      zh: '{organization}：\n\n经检查，发现你单位存在 {findings} 项网络安全隐患，详见附表。请按期限整改，并在平台反馈。',
      en: 'To {organization}:\n\nOur inspection found {findings} weaknesses in your machines; they are listed below. Mend them by their dates and report on the platform.',
    },
    findingIds: [],
    dueAt: null,
    refersTo: null,
    replaces: null,
    decision: null,
    consequences: '',
    contact: '',
    tlp: 'AMBER' as const,
  };
}
