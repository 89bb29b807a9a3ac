import { FINDING_GROUPS } from '@backcheck/contract';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Segmented, Spin } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { AskForShown } from '../retests/AskForShown.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { FilterBar } from './FilterBar.tsx';
import { FindingTable } from './FindingTable.tsx';
import { DEFAULT_GROUP, type Filters, type FindingGroup, isFiltered, withoutEmpty } from './filters.ts';
import { NoFindings } from './NoFindings.tsx';
import { useFindings } from './use-findings.ts';
import './findings.css';

const route = getRouteApi('/findings');

const COUNTS = {
  problem: { soFar: 'findings.problemsSoFar', all: 'findings.problemsAll' },
  check: { soFar: 'findings.shownSoFar', all: 'findings.shownAll' },
} as const;

export function FindingsScreen() {
  const { t } = useTranslation();
  useTitle(t('findings.title'));
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const list = useFindings(filters);
  const group = filters.groupBy ?? DEFAULT_GROUP;
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];

  // Filters replace the address: "back" leaves the list instead of undoing letters.
  const change = useCallback(
    (part: Filters) =>
      void navigate({ search: (before) => withoutEmpty({ ...before, ...part }), replace: true }),
    [navigate],
  );
  const reset = useCallback(() => void navigate({ search: {}, replace: true }), [navigate]);

  return (
    <div className="screen">
      <h1>{t('findings.title')}</h1>
      <FilterBar filters={filters} onChange={change} onReset={reset} />
      <Segmented<FindingGroup>
        className="groups"
        aria-label={t('groups.label')}
        value={group}
        options={FINDING_GROUPS.map((value) => ({ value, label: t(`groups.${value}`) }))}
        onChange={(groupBy) => change({ groupBy })}
      />
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {list.isSuccess && items.length === 0 ? (
        <NoFindings filtered={isFiltered(filters)} onReset={reset} />
      ) : null}
      {items.length === 0 ? null : (
        <div aria-busy={list.isPlaceholderData} className={list.isPlaceholderData ? 'outdated' : undefined}>
          <FindingTable items={items} group={group} sort={filters.sort} onSort={(sort) => change({ sort })} />
        </div>
      )}
      <p className="count" role="status">
        {items.length === 0
          ? null
          : t(COUNTS[group][list.hasNextPage ? 'soFar' : 'all'], { count: items.length })}
      </p>
      <AskForShown shown={items} />
      {list.hasNextPage ? (
        <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t('findings.more')}
        </Button>
      ) : null}
    </div>
  );
}
