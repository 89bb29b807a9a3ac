import { MOST_COUNTED, type WorkCounts, type WorkList } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useIsCoordinator } from '../app/use-access.ts';
import { changedSearch } from '../ui/changed-search.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { Pages } from '../ui/Pages.tsx';
import { useTitle } from '../ui/use-title.ts';
import { DueTable } from './DueTable.tsx';
import { useDue, useWaiting, useWorkCounts } from './use-work.ts';
import { WaitingTable } from './WaitingTable.tsx';
import './work.css';

const route = getRouteApi('/work');

/** What is due, what is late, and whose turn it is: the first screen of the day. */
export function WorkScreen() {
  const { t } = useTranslation();
  const { list: asked, organizationId } = route.useSearch();
  const navigate = route.useNavigate();
  const counts = useWorkCounts(organizationId);
  const opened = useFirstWithSomething(counts.data);
  const isCoordinator = useIsCoordinator();
  const list = asked ?? opened;
  useTitle(t('work.title'));
  return (
    <div className="screen">
      <h1>{t('work.title')}</h1>
      {isCoordinator ? (
        <search className="work-filter" aria-label={t('work.filter')}>
          <Field id="work-organization" label={t('organization.label')}>
            <OrganizationSelect
              id="work-organization"
              allowClear
              value={organizationId}
              placeholder={t('retests.allOrganizations')}
              onChange={(chosen) =>
                void navigate({
                  search: (before) => changedSearch(before, { organizationId: chosen }),
                  replace: true,
                })
              }
            />
          </Field>
        </search>
      ) : null}
      {counts.error === null ? null : <Failure error={counts.error} retry={() => void counts.refetch()} />}
      <Tiles counts={counts.data} list={list} organizationId={organizationId} />
      {list === undefined ? null : <List list={list} organizationId={organizationId} />}
    </div>
  );
}

/** Of the lists in their order the first in which there was something when the board was opened. */
function useFirstWithSomething(counts: WorkCounts | undefined): WorkList | undefined {
  const us = useUs();
  const [first, setFirst] = useState<WorkList>();
  if (first === undefined && counts !== undefined)
    setFirst(
      counts.overdue > 0 ? 'overdue' : counts.dueSoon > 0 ? 'due-soon' : counts[us] > 0 ? us : 'overdue',
    );
  return first;
}

interface TilesProps {
  readonly counts: WorkCounts | undefined;
  readonly list: WorkList | undefined;
  readonly organizationId: string | undefined;
}

function Tiles({ counts, list, organizationId }: TilesProps) {
  const { t } = useTranslation();
  const us = useUs();
  const them = us === 'coordinator' ? 'organization' : 'coordinator';
  const tiles = [
    { list: 'overdue', label: t('work.overdue'), count: counts?.overdue },
    { list: 'due-soon', label: t('work.dueSoon'), count: counts?.dueSoon },
    { list: us, label: t('work.us'), count: counts?.[us] },
    { list: them, label: t('work.them'), count: counts?.[them] },
  ] as const;
  return (
    <nav className="work-tiles" aria-label={t('work.lists')}>
      {tiles.map((one) => (
        <Link
          key={one.list}
          to="/work"
          replace
          search={{ list: one.list, ...(organizationId === undefined ? {} : { organizationId }) }}
          className={`work-tile ${one.list}`}
          {...(one.list === list ? { 'aria-current': 'page' as const } : {})}
        >
          <strong>
            {one.count === undefined ? '…' : one.count > MOST_COUNTED ? `> ${MOST_COUNTED}` : one.count}
          </strong>
          <span>{one.label}</span>
        </Link>
      ))}
    </nav>
  );
}

/** "Us" is the side of the reader. */
const useUs = () => (useIsCoordinator() ? 'coordinator' : 'organization');

interface ListProps {
  readonly list: WorkList;
  readonly organizationId: string | undefined;
}

function List({ list, organizationId }: ListProps) {
  return list === 'due-soon' || list === 'overdue' ? (
    <DueList list={list} organizationId={organizationId} />
  ) : (
    <WaitingList turn={list} organizationId={organizationId} />
  );
}

interface DueListProps {
  readonly list: 'due-soon' | 'overdue';
  readonly organizationId: string | undefined;
}

function DueList({ list, organizationId }: DueListProps) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useDue(list, organizationId);
  if (isPending) return <Spin description={t('loading')} delay={300} className="screen-spin" />;
  if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
  const due = list === 'overdue' ? 'overdue' : '7d';
  const search = { due, sort: 'due', ...(organizationId === undefined ? {} : { organizationId }) } as const;
  return data.items.length === 0 ? (
    <EmptyState title={t(`work.none.${list}`)} hint={t('work.noneHint')} />
  ) : (
    <>
      <DueTable items={data.items} />
      <p className="work-all">
        <Link to="/findings" search={search}>
          {t('work.inFindings')}
        </Link>
      </p>
    </>
  );
}

interface WaitingListProps {
  readonly turn: 'coordinator' | 'organization';
  readonly organizationId: string | undefined;
}

function WaitingList({ turn, organizationId }: WaitingListProps) {
  const { t } = useTranslation();
  const us = useUs();
  const list = useWaiting(turn, organizationId);
  const none = t(turn === us ? 'work.none.us' : 'work.none.them');
  return (
    <Pages list={list} empty={<EmptyState title={none} hint={t('work.noneHint')} />}>
      {(items) => <WaitingTable items={items} />}
    </Pages>
  );
}
