import { DUE_FILTERS, type DueFilter, FINDING_GROUPS, FINDING_SORTS } from '@backcheck/contract';
import { PRIORITIES, SEVERITIES, STATES } from '@backcheck/core';
import { changedSearch } from '../ui/changed-search.ts';

/** What the address of the findings list holds; the names and the comma form are those of the API. */
export interface Filters {
  readonly state?: string;
  readonly severity?: string;
  readonly organizationId?: string;
  readonly q?: string;
  readonly due?: DueFilter | '';
  readonly priority?: string;
  /** Who is to act. */
  readonly turn?: Turn | '';
  readonly sort?: FindingSort;
  readonly groupBy?: FindingGroup;
}

export const TURNS = ['us', 'them'] as const;
export type Turn = (typeof TURNS)[number];
export type FindingSort = (typeof FINDING_SORTS)[number];
export type FindingGroup = (typeof FINDING_GROUPS)[number];
export const DEFAULT_GROUP: FindingGroup = 'problem';
export const DEFAULT_SORT: FindingSort = '-severity';

const known = <T extends string>(values: readonly T[], text: string): readonly T[] => {
  const wanted = text.split(',');
  return values.filter((value) => wanted.includes(value));
};

/** The values of a comma list that this version knows, in their fixed order. */
export const chosenStates = ({ state = '' }: Filters) => known(STATES, state);
export const chosenSeverities = ({ severity = '' }: Filters) => known(SEVERITIES, severity);
export const chosenPriorities = ({ priority = '' }: Filters) => known(PRIORITIES, priority);

/** Reads an address that anyone may have typed: what is not understood is left out, so the list still opens. */
export function readFilters(search: Readonly<Record<string, unknown>>): Filters {
  const text = (key: string): string => {
    const value = search[key];
    return typeof value === 'string' ? value.trim() : '';
  };
  const sort = FINDING_SORTS.find((one) => one === text('sort'));
  const groupBy = FINDING_GROUPS.find((one) => one === text('groupBy'));
  return changedSearch<Filters>(
    {},
    {
      state: known(STATES, text('state')).join(','),
      severity: known(SEVERITIES, text('severity')).join(','),
      organizationId: /^[1-9][0-9]{0,17}$/.test(text('organizationId')) ? text('organizationId') : '',
      q: text('q').slice(0, 200),
      priority: known(PRIORITIES, text('priority')).join(','),
      due: DUE_FILTERS.find((one) => one === text('due')) ?? '',
      turn: TURNS.find((one) => one === text('turn')) ?? '',
      ...(sort === undefined || sort === DEFAULT_SORT ? {} : { sort }),
      ...(groupBy === undefined || groupBy === DEFAULT_GROUP ? {} : { groupBy }),
    },
  );
}

export const isFiltered = ({ sort: _, groupBy: __, ...rest }: Filters): boolean =>
  Object.keys(rest).length > 0;
