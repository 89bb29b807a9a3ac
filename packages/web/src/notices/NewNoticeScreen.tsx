import {
  NOTICE_FILTER_LABELS,
  NOTICE_FILTERS,
  NOTICE_KIND_LABELS,
  type NoticeProposal,
} from '@backcheck/contract';
import { DEMANDS, NOTICE_KINDS, type PaperLanguage } from '@backcheck/core';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Select, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useTitle } from '../ui/use-title.ts';
import { NoticeEditor } from './NoticeEditor.tsx';
import { NoticeFindings } from './NoticeFindings.tsx';
import type { ProposalSearch } from './search.ts';
import { useDraftNotice, useProposal } from './use-notices.ts';
import './notices.css';

const route = getRouteApi('/notices/new');

/** The server proposes words, findings and dates for an organization; a person makes a paper of it. */
export function NewNoticeScreen() {
  const { t } = useTranslation();
  const language = useLanguage();
  const search = route.useSearch();
  const proposal = useProposal(search);
  const change = useChangeSearch(search);
  useTitle(t('notices.draft'));
  return (
    <div className="screen">
      <Link className="back" to="/notices">
        <span aria-hidden="true">←</span> {t('notices.back')}
      </Link>
      <h1>{t('notices.draftOf', { kind: NOTICE_KIND_LABELS[search.kind][language] })}</h1>
      <p className="lead">{t('notices.draftLead')}</p>
      <Choice search={search} change={change} />
      {proposal.error === null ? null : (
        <Failure error={proposal.error} retry={() => void proposal.refetch()} />
      )}
      {proposal.isLoading ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {proposal.data === undefined || search.organizationId === undefined ? null : (
        <Proposed
          // another choice is another draft
          key={JSON.stringify(search)}
          organizationId={search.organizationId}
          proposal={proposal.data}
          onLanguage={(language) => change({ language })}
        />
      )}
    </div>
  );
}

type Change = (next: { readonly [K in keyof ProposalSearch]?: ProposalSearch[K] | undefined }) => void;

/** What a draft begins from stands in the address. */
function useChangeSearch(search: ProposalSearch): Change {
  const navigate = route.useNavigate();
  return (next) => {
    const { kind = search.kind, ...rest } = { ...search, ...next };
    const filled = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    void navigate({ search: { kind, ...filled }, replace: true });
  };
}

interface ChoiceProps {
  readonly search: ProposalSearch;
  readonly change: Change;
}

function Choice({ search, change }: ChoiceProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <search className="notice-filters" aria-label={t('notices.about')}>
      <Field id="new-notice-organization" label={t('organization.label')}>
        <OrganizationSelect
          id="new-notice-organization"
          value={search.organizationId}
          placeholder={t('organization.choose')}
          onChange={(organizationId) =>
            change({ organizationId, findingIds: undefined, retestId: undefined })
          }
        />
      </Field>
      <Field id="new-notice-kind" label={t('notices.kind')}>
        <Select
          id="new-notice-kind"
          value={search.kind}
          options={NOTICE_KINDS.map((value) => ({ value, label: NOTICE_KIND_LABELS[value][language] }))}
          onChange={(kind) => change({ kind })}
        />
      </Field>
      {search.findingIds === undefined && search.retestId === undefined ? (
        <Field id="new-notice-which" label={t('notices.which')}>
          <Select
            id="new-notice-which"
            allowClear
            placeholder={t('notices.whichSuits')}
            value={search.which ?? null}
            options={NOTICE_FILTERS.map((value) => ({ value, label: NOTICE_FILTER_LABELS[value][language] }))}
            onChange={(which) => change({ which: which ?? undefined })}
          />
        </Field>
      ) : (
        <p className="hint">{t('notices.chosenByHand')}</p>
      )}
    </search>
  );
}

interface ProposedProps {
  readonly organizationId: string;
  readonly proposal: NoticeProposal;
  readonly onLanguage: (language: PaperLanguage) => void;
}

function Proposed({ organizationId, proposal: { draft, content, leftOut }, onLanguage }: ProposedProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const save = useDraftNotice();
  return (
    <>
      {leftOut === 0 ? null : (
        <p role="alert" className="notice-left-out">
          {t('notices.leftOut', { count: leftOut })}
        </p>
      )}
      {DEMANDS.includes(draft.kind) && draft.findingIds.length === 0 ? (
        <p role="status" className="notice-left-out">
          {t('notices.nothingSuits')}
        </p>
      ) : null}
      <NoticeEditor
        start={draft}
        saving={save}
        onLanguage={onLanguage}
        onSave={(wanted) =>
          save.mutate(
            { organizationId, draft: wanted },
            {
              onSuccess: ({ id }) => void navigate({ to: '/notices/$noticeId', params: { noticeId: id } }),
            },
          )
        }
      />
      <NoticeFindings findings={content.findings} />
    </>
  );
}
