import { wallDayAt } from '../authorize/wall-clock.ts';
import type { Instant } from '../observe/record.ts';

/**
 * Days after the day of `at` until the last day that is in time, on the calendar of a zone (IANA name): 0 is due today,
 * -2 was due the day before yesterday. The hour at which one looks changes nothing.
 * @param dueAt the first moment that is too late
 */
export const daysLeft = (dueAt: Instant, at: Instant, timeZone: string): number =>
  wallDayAt(timeZone, Date.parse(dueAt) - 1) - wallDayAt(timeZone, Date.parse(at));
