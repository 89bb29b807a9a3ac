import { getRouteApi } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { FilterBar } from './FilterBar.tsx';
import { FindingTable } from './FindingTable.tsx';
import { type Filters, isFiltered, withoutEmpty } from './filters.ts';
import { NoFindings } from './NoFindings.tsx';
import { useFindings } from './use-findings.ts';
import './findings.css';

const route = getRouteApi('/findings');

export function FindingsScreen() {
  const { t } = useTranslation();
  useTitle(t('findings.title'));
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const list = useFindings(filters);
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
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {list.isSuccess && items.length === 0 ? (
        <NoFindings filtered={isFiltered(filters)} onReset={reset} />
      ) : null}
      {items.length === 0 ? null : (
        <div aria-busy={list.isPlaceholderData} className={list.isPlaceholderData ? 'outdated' : undefined}>
          <FindingTable items={items} sort={filters.sort} onSort={(sort) => change({ sort })} />
        </div>
      )}
      <p className="count" role="status">
        {items.length === 0
          ? null
          : t(list.hasNextPage ? 'findings.shownSoFar' : 'findings.shownAll', { count: items.length })}
      </p>
      {list.hasNextPage ? (
        <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t('findings.more')}
        </Button>
      ) : null}
    </div>
  );
}
