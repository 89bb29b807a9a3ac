import { startOfWallDay, wallDayAt } from '../authorize/wall-clock.ts';
import type { Instant } from '../observe/record.ts';
import { isWorkingDay, unknownFrom, type WorkingCalendar } from './calendar.ts';
import { EU_NONE } from './calendars/eu-none.ts';
import { type Day, dayOf, monthsAfter } from './day.ts';
import type { Term } from './policy.ts';

/** A time in which the clock stands still; `until` excluded, and not before `from`. Milliseconds since 1970. */
export interface Stop {
  readonly from: number;
  readonly until: number;
}

/** Where and how days are counted. */
export interface Reckoning {
  /** IANA name; days begin and end there. */
  readonly timeZone: string;
  /** Null: Saturdays and Sundays are all that is known. */
  readonly calendar: WorkingCalendar | null;
  /** In order of time, without overlaps. */
  readonly stops?: readonly Stop[];
}

export interface TermEnd {
  /** First moment that is too late, in milliseconds since 1970. */
  readonly at: number;
  /** See `Determination.calendarEnds`. */
  readonly calendarEnds: Day | null;
}

/** The first moment that is too late for a term that starts at `from` (docs/deadlines.md). */
export function termEnd(from: Instant, term: Term, how: Reckoning): Instant {
  return new Date(endOfTerm(Date.parse(from), term, how).at).toISOString();
}

export function endOfTerm(from: number, term: Term, how: Reckoning): TermEnd {
  if (term.unit === 'hours')
    return { at: afterTime(from, term.amount * HOUR, how.stops ?? []), calendarEnds: null };
  const { timeZone, calendar } = how;
  const start = wallDayAt(timeZone, from);
  const last = lastDay(start, term, how);
  const at = startOfWallDay(timeZone, last + 1);
  if (term.unit !== 'working-days') return { at, calendarEnds: null };
  return {
    at,
    calendarEnds: calendar === null ? dayOf(start) : unknownFrom(calendar, start + 1, last),
  };
}

const HOUR = 3_600_000;
/** No term reaches further, whatever calendar it is counted by: a hundred years. */
const FURTHEST = 36_600;

function afterTime(from: number, milliseconds: number, stops: readonly Stop[]): number {
  let end = from + milliseconds;
  for (const stop of stops) {
    const begins = Math.max(stop.from, from);
    if (begins >= end) break;
    end += Math.max(0, stop.until - begins);
  }
  return end;
}

/** The day of the start is day 0; months are as many days as the calendar makes them. */
function lastDay(start: number, { amount, unit }: Term, how: Reckoning): number {
  const days = unit === 'months' ? monthsAfter(start, amount) - start : amount;
  return dayAfter(start, days, unit === 'working-days' ? how : { ...how, calendar: EVERY_DAY });
}

const EVERY_DAY: WorkingCalendar = { ...EU_NONE, code: 'every-day', weekend: [] };

/** The day on which so many days have counted: none that is touched by a stop, and only working days. */
function dayAfter(start: number, days: number, { timeZone, calendar, stops = [] }: Reckoning): number {
  if (calendar === EVERY_DAY && stops.length === 0) return start + days;
  const still = stops.map(({ from, until }) => ({
    first: wallDayAt(timeZone, from),
    last: wallDayAt(timeZone, Math.max(from, until - 1)),
  }));
  const working = calendar ?? EU_NONE;
  let day = start;
  for (let counted = 0; counted < days && day - start < FURTHEST; ) {
    day += 1;
    const stands = still.some(({ first, last }) => first <= day && day <= last);
    if (!stands && isWorkingDay(working, day)) counted += 1;
  }
  return day;
}

/** Moves a date by the days that stops touched since it was set; the time of the day stays. */
export function movedBy(
  stops: readonly Stop[],
  date: { setAt: number; at: number },
  timeZone: string,
): number {
  const [start, last] = [wallDayAt(timeZone, date.setAt), wallDayAt(timeZone, date.at - 1)];
  if (last <= start) return date.at;
  const moved = dayAfter(start, last - start, { timeZone, calendar: EVERY_DAY, stops });
  if (moved === last) return date.at;
  const late = date.at - startOfWallDay(timeZone, last + 1);
  return startOfWallDay(timeZone, moved + 1) + late;
}
