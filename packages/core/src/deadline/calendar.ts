import type { Text } from '../observe/text.ts';
import { type Day, dayNumber, dayOf, weekdayOf } from './day.ts';

export interface NamedDay {
  readonly day: Day;
  readonly name: Text;
}

/** Which days are working days. Data: each year's public holidays are announced, not computed. */
export interface WorkingCalendar {
  /** "cn" */
  readonly code: string;
  readonly title: Text;
  /** Who announced which year and where, in both languages. */
  readonly source: Text;
  /** IANA name of where it is meant for; only a hint, a policy has its own. */
  readonly timeZone: string | null;
  /** Days of the week without work, 1 Monday to 7 Sunday. */
  readonly weekend: readonly number[];
  /** Days off, in order of time; those on a weekend may be among them. */
  readonly holidays: readonly NamedDay[];
  /** Days of a weekend on which work is made up for. */
  readonly makeUpDays: readonly NamedDay[];
  /** First and last whole year of which all of this is known. */
  readonly validFrom: number;
  readonly validTo: number;
}

interface Known {
  readonly weekend: ReadonlySet<number>;
  readonly off: ReadonlySet<number>;
  readonly on: ReadonlySet<number>;
  readonly first: number;
  readonly last: number;
}

const known = new WeakMap<WorkingCalendar, Known>();

function knownOf(calendar: WorkingCalendar): Known {
  const before = known.get(calendar);
  if (before !== undefined) return before;
  const made = {
    weekend: new Set(calendar.weekend),
    off: numbersOf(calendar.holidays),
    on: numbersOf(calendar.makeUpDays),
    first: dayNumber(`${calendar.validFrom}-01-01`) ?? 0,
    last: dayNumber(`${calendar.validTo}-12-31`) ?? 0,
  };
  known.set(calendar, made);
  return made;
}

const numbersOf = (days: readonly NamedDay[]): Set<number> =>
  new Set(days.flatMap(({ day }) => dayNumber(day) ?? []));

/** `day` in days since 1970-01-01. Beyond the years of the calendar only its weekends count: see `unknownFrom`. */
export function isWorkingDay(calendar: WorkingCalendar, day: number): boolean {
  const { weekend, off, on } = knownOf(calendar);
  if (on.has(day)) return true;
  return !off.has(day) && !weekend.has(weekdayOf(day));
}

/**
 * The last day that the calendar knows, when a count from `from` to `to` (both included) needs days that it does not;
 * of a count before its first year the day before that. Null: it knows them all.
 */
export function unknownFrom(calendar: WorkingCalendar, from: number, to: number): Day | null {
  const { first, last } = knownOf(calendar);
  if (to > last) return dayOf(last);
  return from < first ? dayOf(first - 1) : null;
}
