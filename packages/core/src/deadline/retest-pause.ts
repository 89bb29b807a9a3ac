import type { Authorization } from '../authorize/authorization.ts';
import { startOfWallDay, wallDayAt } from '../authorize/wall-clock.ts';
import { windowAt } from '../authorize/window.ts';
import type { Instant } from '../observe/record.ts';

/** `until` null: it lasts. */
export interface Wait {
  readonly from: Instant;
  readonly until: Instant | null;
}

/** A part of a retest, and what the authorization says that it stands under. */
export interface TaskWait {
  readonly hours: Pick<Authorization, 'windows' | 'timeZone' | 'validFrom' | 'expiresAt'>;
  /** While the inspected organization kept everything under the authorization from running. */
  readonly stops: readonly Wait[];
  /** Its end; null: it has none yet. */
  readonly until: Instant | null;
}

/** A retest that an organization asked for. */
export interface RetestWait extends Wait {
  /** All that stand under an authorization: the outcomes are known when the last one has ended. */
  readonly tasks: readonly TaskWait[];
}

/**
 * Why the clock ran although a retest waited: outside the authorization's hours or validity, the organization had
 * pressed the emergency stop or ended this retest itself before it showed anything, or earlier retests had shown often
 * enough that nothing was fixed (`FAILED_RETESTS`).
 */
export const COUNTED_BECAUSE = ['hours', 'stopped', 'repeated', 'withdrawn'] as const;

export interface CountedWait extends Wait {
  readonly why: (typeof COUNTED_BECAUSE)[number];
}

/**
 * After so many retests that showed the finding still present, further ones of the same cycle stop no clock: or whoever
 * asks for one each day, and mends nothing, would never be late.
 */
export const FAILED_RETESTS = 2;

/** A retest after `FAILED_RETESTS`, or one that was taken back: all of its time counts. */
export const countedRetest = (
  { from, until }: Wait,
  why: 'repeated' | 'withdrawn',
): ReturnType<typeof retestPauses> => ({
  pauses: [],
  counted: from === until ? [] : [{ from, until, why }],
});

/**
 * Splits the time of a retest. Whoever is inspected sets the hours in which it may be tested, so waiting for them is
 * their own time: the clock stands still only on days, of the authorization's time zone, on which a part that has not
 * ended might run, and from the end of the last part on. A day that has yet to reach its allowed hour is such a day.
 */
export function retestPauses(
  { from, until, tasks }: RetestWait,
  now: Instant,
): { readonly pauses: readonly Wait[]; readonly counted: readonly CountedWait[] } {
  const whole = { from: Date.parse(from), until: endOf(until) };
  const moment = Date.parse(now);
  const ends = tasks.map((task) => endOf(task.until));
  const ours = tasks.flatMap((task, index) =>
    openDays(task, { from: whole.from, until: Math.min(whole.until, ends[index] ?? whole.until) }, moment),
  );
  const spans = merged([...ours, { from: Math.max(whole.from, ...ends), until: whole.until }]);
  // What lasts is not known to go on after today.
  const pauses = spans.map((span) =>
    waitOf(until === null && span.until > moment ? { ...span, until: FOREVER } : span),
  );
  const stops = tasks.flatMap((task) => task.stops);
  const counted = gapsOf(whole, pauses, moment).map((gap) => ({ ...waitOf(gap), why: whyOf(gap, stops) }));
  return { pauses, counted };
}

/** Milliseconds since 1970; `until` excluded, and after `from`. */
interface Span {
  readonly from: number;
  readonly until: number;
}

const FOREVER = Number.POSITIVE_INFINITY;
const endOf = (until: Instant | null): number => (until === null ? FOREVER : Date.parse(until));
const instant = (moment: number): Instant => new Date(moment).toISOString();
const waitOf = ({ from, until }: Span): Wait => ({
  from: instant(from),
  until: until === FOREVER ? null : instant(until),
});

/** The parts of `waited` that lie on days with a moment, not before its beginning, at which the task may run; up to today. */
function openDays({ hours, stops }: TaskWait, waited: Span, now: number): Span[] {
  const { timeZone } = hours;
  const dayAfter = (moment: number) => startOfWallDay(timeZone, wallDayAt(timeZone, moment) + 1);
  const horizon = Math.min(waited.until, dayAfter(now));
  const days: Span[] = [];
  for (let at = waited.from; at < horizon; ) {
    const open = openingAfter(at, hours, stops);
    if (open === null || open.from >= horizon) break;
    const begins = startOfWallDay(timeZone, wallDayAt(timeZone, open.from));
    at = dayAfter(Math.min(open.until, horizon) - 1);
    days.push({ from: Math.max(waited.from, begins), until: Math.min(at, waited.until) });
  }
  return days;
}

/** The first time from `at` on in which something may run; null: never again. */
function openingAfter(at: number, hours: TaskWait['hours'], stops: readonly Wait[]): Span | null {
  const allowed = windowAt(hours, instant(at));
  if (!allowed.open)
    return allowed.opensAt === null ? null : openingAfter(Date.parse(allowed.opensAt), hours, stops);
  const stop = stops.find(({ from, until }) => Date.parse(from) <= at && at < endOf(until));
  if (stop !== undefined)
    return stop.until === null ? null : openingAfter(Date.parse(stop.until), hours, stops);
  const next = stops.map(({ from }) => Date.parse(from)).filter((from) => from > at);
  return { from: at, until: Math.min(Date.parse(allowed.until), ...next) };
}

function merged(spans: readonly Span[]): Span[] {
  const made: Span[] = [];
  for (const span of spans.filter(({ from, until }) => from < until).sort((a, b) => a.from - b.from)) {
    const last = made.at(-1);
    if (last === undefined || span.from > last.until) made.push(span);
    else made.splice(-1, 1, { from: last.from, until: Math.max(last.until, span.until) });
  }
  return made;
}

function gapsOf(whole: Span, pauses: readonly Wait[], now: number): Span[] {
  const gaps: Span[] = [];
  let at = whole.from;
  for (const { from, until } of pauses) {
    gaps.push({ from: at, until: Date.parse(from) });
    at = endOf(until);
  }
  return [...gaps, { from: at, until: whole.until }].filter(({ from, until }) => from < until && from <= now);
}

const whyOf = ({ from, until }: Span, stops: readonly Wait[]): CountedWait['why'] =>
  stops.some((stop) => Date.parse(stop.from) < until && from < endOf(stop.until)) ? 'stopped' : 'hours';
