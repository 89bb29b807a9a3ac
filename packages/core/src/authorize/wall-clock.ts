/** What a clock on the wall shows: the day of the week (ISO 8601) and the minute of the day. */
export interface Reading {
  readonly weekday: number;
  readonly minute: number;
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}

/** A name of the IANA list. "+08:00" knows no summer time and means the opposite in POSIX, so it is none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z]/i.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** How far the wall clock is ahead of UTC at a moment, in milliseconds (both as milliseconds since 1970). */
function offset(timeZone: string, at: number): number {
  const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatOf(timeZone).formatToParts(at))
    if (type in part) Object.assign(part, { [type]: Number(value) });
  const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
  return wall - Math.floor(at / 1000) * 1000;
}

/** The wall clock as if it were UTC: milliseconds since its 1970. */
function wallAt(timeZone: string, at: number): number {
  return at + offset(timeZone, at);
}

export function readingAt(timeZone: string, at: number): Reading {
  const wall = wallAt(timeZone, at);
  // 1970-01-01 was a Thursday
  const weekday = ((Math.floor(wall / DAY) + 3) % 7) + 1;
  return { weekday, minute: Math.floor((((wall % DAY) + DAY) % DAY) / MINUTE) };
}

/** The day that the wall calendar shows: days since 1970-01-01. */
export function wallDayAt(timeZone: string, at: number): number {
  return Math.floor(wallAt(timeZone, at) / DAY);
}

const starts = new Map<string, number>();

/**
 * The first moment at which an earlier day is no longer shown, in milliseconds since 1970. A clock that skips midnight
 * begins the day with the jump; one that is set back over midnight begins it when the day before was shown in full.
 */
export function startOfWallDay(timeZone: string, day: number): number {
  const key = `${timeZone} ${day}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const made = firstMomentOf(timeZone, day * DAY);
  // a deadline is some day of the next years: the map stays small, and whoever asks for all of time is answered still
  if (starts.size < 100_000) starts.set(key, made);
  return made;
}

function firstMomentOf(timeZone: string, midnight: number): number {
  const [jump] = jumpsBetween(timeZone, midnight - DAY, midnight + DAY);
  const before = midnight - offset(timeZone, midnight - DAY);
  if (jump === undefined) return before;
  const after = midnight - offset(timeZone, midnight + DAY);
  if (after >= jump) return after;
  return Math.min(before, jump);
}

/**
 * The moments of one UTC day (`day`: days since 1970) at which the clock can begin to show another thing than before,
 * when only midnight and `minutes` matter: those readings, and where the clock itself is set forward or back.
 */
export function edgesOf(timeZone: string, day: number, minutes: readonly number[]): number[] {
  const [from, until] = [day * DAY, (day + 1) * DAY];
  const jumps = jumpsBetween(timeZone, from, until);
  const offsets = new Set([from, until].map((at) => offset(timeZone, at)));
  const readings = [-1, 0, 1].flatMap((shift) =>
    [0, ...minutes].map((one) => (day + shift) * DAY + one * MINUTE),
  );
  const moments = readings.flatMap((wall) => [...offsets].map((ahead) => wall - ahead));
  return [...new Set([...jumps, ...moments])].filter((at) => at > from && at <= until).sort((a, b) => a - b);
}

/** At most one is looked for: no zone changes its clock twice within two days. */
function jumpsBetween(timeZone: string, from: number, until: number): number[] {
  const [before, after] = [offset(timeZone, from), offset(timeZone, until)];
  if (before === after) return [];
  let [low, high] = [from, until];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(timeZone, middle) === before) low = middle;
    else high = middle;
  }
  return [high];
}
