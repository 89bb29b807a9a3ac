import type { NamedDay, WorkingCalendar } from './calendar.ts';

export interface ChangedDay extends NamedDay {
  readonly list: 'holidays' | 'makeUpDays';
  readonly change: 'added' | 'removed';
}

const LISTS = ['holidays', 'makeUpDays'] as const;

/** The days on which another version of a calendar differs, in order of time; another name alone is no difference. */
export function calendarDifference(
  before: Pick<WorkingCalendar, 'holidays' | 'makeUpDays'>,
  after: Pick<WorkingCalendar, 'holidays' | 'makeUpDays'>,
): ChangedDay[] {
  const missing = (list: ChangedDay['list'], of: readonly NamedDay[], there: readonly NamedDay[]) => {
    const days = new Set(there.map(({ day }) => day));
    return of.filter(({ day }) => !days.has(day)).map((one) => ({ ...one, list }));
  };
  return LISTS.flatMap((list): ChangedDay[] => [
    ...missing(list, before[list], after[list]).map((one) => ({ ...one, change: 'removed' as const })),
    ...missing(list, after[list], before[list]).map((one) => ({ ...one, change: 'added' as const })),
  ]).sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}
