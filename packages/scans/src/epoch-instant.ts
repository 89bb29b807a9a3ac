import type { Instant } from '@backcheck/core';

/** 9999-12-31T23:59:59Z: later years do not compare as text. */
const LAST_SECOND = 253_402_300_799;

/** Seconds since 1970 as written in a file. Null when absent, zero (a clock that was not set) or no number. */
export function epochInstant(seconds: string | number | undefined): Instant | null {
  const text = String(seconds ?? '').trim();
  if (!/^\d{1,12}$/.test(text)) return null;
  const value = Number(text);
  return value === 0 || value > LAST_SECOND ? null : new Date(value * 1000).toISOString();
}
