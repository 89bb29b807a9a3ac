/** A day on the wall calendar: "2026-11-21". */
export type Day = string;

const MILLISECONDS = 86_400_000;

/** Days since 1970-01-01; null when there is no such day. */
export function dayNumber(day: Day): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN;
  // 2026-02-29 would be read as 2026-03-01
  return Number.isNaN(at) || dayOf(at / MILLISECONDS) !== day ? null : at / MILLISECONDS;
}

export function dayOf(number: number): Day {
  return new Date(number * MILLISECONDS).toISOString().slice(0, 10);
}

/** 1 Monday to 7 Sunday (ISO 8601). */
export function weekdayOf(number: number): number {
  // 1970-01-01 was a Thursday
  return ((((number + 3) % 7) + 7) % 7) + 1;
}

/** The same day of the month so many months later; where the month has no such day, its last one. */
export function monthsAfter(number: number, months: number): number {
  const date = new Date(number * MILLISECONDS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last)) / MILLISECONDS;
}
