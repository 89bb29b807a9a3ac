import { OBJECTION_GROUND_LABELS, REPLY_KIND_LABELS, type Reply } from '@backcheck/contract';
import { REPLY_KINDS } from '@backcheck/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { allows, useAccess } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { NoticeFrame } from '../notices/NoticeFrame.tsx';
import { type Changes, changedSearch } from '../ui/changed-search.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Field } from '../ui/Field.tsx';
import { Moment } from '../ui/Moment.tsx';
import { Pages } from '../ui/Pages.tsx';
import { SeverityMark } from '../ui/SeverityMark.tsx';
import { useTitle } from '../ui/use-title.ts';
import { LastDay, ReplyStateMark } from './ReplyMarks.tsx';
import { REPLY_SHOWS, type ReplySearch, type ReplyShow } from './search.ts';
import { useReplies } from './use-replies.ts';
import { VetoPanel } from './VetoPanel.tsx';
import '../retests/retests.css';

const route = getRouteApi('/replies');

const MAKE = { object: 'reply', action: 'create' } as const;

/** Whoever replies is shown first what is not signed or not decided, whoever decides what waits for that. */
function useStandardShow(): ReplyShow | undefined {
  const { data } = useAccess();
  if (data === undefined) return undefined;
  return allows(data, MAKE) ? 'open' : 'decision';
}

/** The inbox: what organizations answered, and first of all what waits for somebody. */
export function RepliesScreen() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const standard = useStandardShow();
  const list = useReplies(search, standard);
  const filtered = Object.keys(search).length > 0;
  useTitle(t('replies.title'));
  return (
    <NoticeFrame title={t('replies.title')}>
      <ReplyFilters search={search} standard={standard} />
      <Pages
        list={list}
        empty={
          <EmptyState
            title={t(filtered ? 'replies.noneMatch' : 'replies.none')}
            hint={t(filtered ? 'replies.noneMatchHint' : 'replies.noneHint')}
          />
        }
      >
        {(items) => <ReplyTable items={items} />}
      </Pages>
      <VetoPanel />
    </NoticeFrame>
  );
}

interface ReplyFiltersProps {
  readonly search: ReplySearch;
  readonly standard: ReplyShow | undefined;
}

function ReplyFilters({ search, standard }: ReplyFiltersProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const navigate = route.useNavigate();
  const change = (changes: Changes<ReplySearch>) =>
    void navigate({ search: changedSearch(search, changes), replace: true });
  return (
    <search className="retest-filters" aria-label={t('replies.filter')}>
      <Field id="reply-show" label={t('replies.waiting')}>
        <Select
          id="reply-show"
          value={search.show ?? standard ?? null}
          options={REPLY_SHOWS.map((value) => ({
            value,
            label: t(`replies.waits.${value}`),
          }))}
          onChange={(show) => change({ show: show === null || show === standard ? undefined : show })}
        />
      </Field>
      <Field id="reply-kind" label={t('replies.kind')}>
        <Select
          id="reply-kind"
          allowClear
          placeholder={t('replies.allKinds')}
          value={search.kind ?? null}
          options={REPLY_KINDS.map((value) => ({ value, label: REPLY_KIND_LABELS[value][language] }))}
          onChange={(kind) => change({ kind: kind ?? undefined })}
        />
      </Field>
      <Field id="reply-organization" label={t('organization.label')}>
        <OrganizationSelect
          id="reply-organization"
          allowClear
          value={search.organizationId}
          placeholder={t('retests.allOrganizations')}
          onChange={(organizationId) => change({ organizationId })}
        />
      </Field>
    </search>
  );
}

function ReplyTable({ items }: { readonly items: readonly Reply[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked" aria-label={t('replies.title')}>
      <thead>
        <tr>
          <th scope="col">{t('replies.kind')}</th>
          <th scope="col">{t('organization.label')}</th>
          <th scope="col">{t('replies.about')}</th>
          <th scope="col">{t('replies.made')}</th>
          <th scope="col">{t('replies.until')}</th>
          <th scope="col">{t('replies.state')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <ReplyRow key={one.id} reply={one} />
        ))}
      </tbody>
    </table>
  );
}

function ReplyRow({ reply }: { readonly reply: Reply }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { kind, ground, findings, decision } = reply;
  const until = decision?.until ?? reply.until;
  return (
    <tr>
      <th scope="row">
        <Link to="/replies/$replyId" params={{ replyId: reply.id }}>
          {REPLY_KIND_LABELS[kind][language]}
        </Link>
        {ground === null ? null : (
          <>
            <br />
            <small>{OBJECTION_GROUND_LABELS[ground][language]}</small>
          </>
        )}
      </th>
      <td data-label={t('organization.label')}>
        <OrganizationName of={reply.organization} />
      </td>
      <td data-label={t('replies.about')}>
        <SeverityMark severity={reply.severity} /> {reply.title}
        {findings > 1 ? <small> {t('replies.others', { count: findings })}</small> : null}
      </td>
      <td data-label={t('replies.made')}>
        <Moment at={reply.madeAt} />
        <br />
        <small>{reply.madeBy.name}</small>
      </td>
      <td data-label={t('replies.until')}>{until === null ? '–' : <LastDay until={until} />}</td>
      <td data-label={t('replies.state')}>
        <ReplyStateMark state={reply.state} />
      </td>
    </tr>
  );
}
