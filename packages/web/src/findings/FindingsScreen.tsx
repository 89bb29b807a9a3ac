import { FINDING_GROUPS } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { changedSearch } from '../ui/changed-search.ts';
import { itemsOf, Pages } from '../ui/Pages.tsx';
import { useTitle } from '../ui/use-title.ts';
import { ChosenActions } from './ChosenActions.tsx';
import { FilterBar } from './FilterBar.tsx';
import { FindingTable } from './FindingTable.tsx';
import { DEFAULT_GROUP, type Filters, type FindingGroup, isFiltered } from './filters.ts';
import { LedgerLinks } from './LedgerLinks.tsx';
import { NoFindings } from './NoFindings.tsx';
import { useChoice } from './use-choice.ts';
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
  const choice = useChoice();
  const group = filters.groupBy ?? DEFAULT_GROUP;
  const items = itemsOf(list);

  // Filters replace the address: "back" leaves the list instead of undoing letters.
  const change = useCallback(
    (part: Filters) =>
      void navigate({ search: (before) => changedSearch<Filters>(before, part), replace: true }),
    [navigate],
  );
  const reset = useCallback(() => void navigate({ search: {}, replace: true }), [navigate]);

  return (
    <div className="screen">
      <div className="title-row">
        <h1>{t('findings.title')}</h1>
        <LedgerLinks filters={filters} />
        <Link
          to="/fixes"
          search={filters.organizationId === undefined ? {} : { organizationId: filters.organizationId }}
        >
          {t('fixes.byFix')}
        </Link>
      </div>
      <FilterBar filters={filters} onChange={change} onReset={reset} />
      <Segmented<FindingGroup>
        className="groups"
        aria-label={t('groups.label')}
        value={group}
        options={FINDING_GROUPS.map((value) => ({ value, label: t(`groups.${value}`) }))}
        onChange={(groupBy) => change({ groupBy })}
      />
      <Pages
        list={list}
        empty={<NoFindings filtered={isFiltered(filters)} onReset={reset} />}
        count={(count, more) => t(COUNTS[group][more ? 'soFar' : 'all'], { count })}
      >
        {(items) => (
          <div aria-busy={list.isPlaceholderData} className={list.isPlaceholderData ? 'outdated' : undefined}>
            <FindingTable
              items={items}
              group={group}
              sort={filters.sort}
              choice={choice}
              onSort={(sort) => change({ sort })}
            />
          </div>
        )}
      </Pages>
      <ChosenActions shown={items} choice={choice} group={group} />
    </div>
  );
}
