import type { Instant } from '../observe/record.ts';
import type { Authorization, TestWindow } from './authorization.ts';
import { edgesOf, type Reading, readingAt } from './wall-clock.ts';

export type WindowAt =
  /** `until`: the end of the hours or of the authorization, whichever comes first; excluded. */
  | { readonly open: true; readonly until: Instant }
  /** `opensAt` null: never again. */
  | { readonly open: false; readonly opensAt: Instant | null };

type Hours = Pick<Authorization, 'windows' | 'timeZone' | 'validFrom' | 'expiresAt'>;

const DAY = 86_400_000;

/** "22:00" -> 1320; null when it is no time of day. */
export function minuteOfDay(text: string): number | null {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

/**
 * Whether tests may run at a moment, by the hours and the dates alone (`isInForce` knows the rest). The hours mean
 * what the clock on the wall of that time zone shows: an hour that is shown twice counts twice, one that is skipped
 * never comes.
 */
export function windowAt(hours: Hours, at: Instant): WindowAt {
  const [from, end] = [Date.parse(hours.validFrom), Date.parse(hours.expiresAt)];
  // before it begins, the first hours are those after its beginning
  const early = Date.parse(at) < from;
  const now = early ? from : Date.parse(at);
  if (now >= end) return { open: false, opensAt: null };
  const isOpen = (moment: number): boolean =>
    hours.windows.length === 0 || isShown(hours.windows, readingAt(hours.timeZone, moment));
  const open = isOpen(now);
  if (open && early) return { open: false, opensAt: instant(from) };
  if (open && isAlways(hours.windows)) return { open, until: instant(end) };
  const change = changeAfter(hours, { now, end, wanted: !open, isOpen });
  if (open) return { open, until: instant(change ?? end) };
  return { open: false, opensAt: change === null ? null : instant(change) };
}

const instant = (moment: number): Instant => new Date(moment).toISOString();

interface Search {
  readonly now: number;
  readonly end: number;
  readonly wanted: boolean;
  readonly isOpen: (moment: number) => boolean;
}

/** Between two edges nothing changes, so the first edge at which it is as wanted is the exact moment. */
function changeAfter({ windows, timeZone }: Hours, { now, end, wanted, isOpen }: Search): number | null {
  const minutes = edgeMinutes(windows);
  for (let day = Math.floor(now / DAY); day * DAY < end; day += 1) {
    const found = edgesOf(timeZone, day, minutes).find(
      (edge) => edge > now && edge < end && isOpen(edge) === wanted,
    );
    if (found !== undefined) return found;
  }
  return null;
}

function edgeMinutes(windows: readonly TestWindow[]): number[] {
  return [
    ...new Set(windows.flatMap(({ from, until }) => [minuteOfDay(from) ?? 0, minuteOfDay(until) ?? 0])),
  ];
}

/** No gap at any reading of the week. */
function isAlways(windows: readonly TestWindow[]): boolean {
  const minutes = [0, ...edgeMinutes(windows)];
  return [1, 2, 3, 4, 5, 6, 7].every((weekday) =>
    minutes.every((minute) => windows.length === 0 || isShown(windows, { weekday, minute })),
  );
}

function isShown(windows: readonly TestWindow[], { weekday, minute }: Reading): boolean {
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return windows.some(({ days, from, until }) => {
    const [begins, ends] = [minuteOfDay(from), minuteOfDay(until)];
    if (begins === null || ends === null) return false;
    if (begins < ends) return days.includes(weekday) && begins <= minute && minute < ends;
    return (days.includes(weekday) && begins <= minute) || (days.includes(yesterday) && minute < ends);
  });
}
