import type { Instant } from '@backcheck/core';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DATE = String.raw`(?:(?:[A-Z][a-z]{2}, )?([A-Z][a-z]{2}) (\d{1,2}),? (\d{4}),?|(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}))`;
const WRITTEN = new RegExp(
  String.raw`^${DATE} (\d{1,2}):(\d{2})(?::(\d{2}))? ?([AP]M)? (?:UTC|GMT) ?([+-]\d{4})?$`,
);

/**
 * A moment as English reports print it, with its zone: "Feb 5, 2024 21:01:08 UTC", "Wed, Jul 31 2019, 21:53:20 GMT",
 * "12 Mar 2020 04:42PM GMT-0400". Null where it is written otherwise or names no zone.
 */
export function englishInstant(text: string): Instant | null {
  const parts = WRITTEN.exec(text.trim());
  if (parts === null) return null;
  const [, monthA, dayA, yearA, dayB, monthB, yearB, hour = '', minute = '', second = '00', half, zone] =
    parts;
  const month = MONTHS.indexOf((monthA ?? monthB ?? '').toLowerCase()) + 1;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  const day = `${yearA ?? yearB}-${two(month)}-${two(Number(dayA ?? dayB))}`;
  const offset = zone === undefined ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const at = new Date(`${day}T${two(hours)}:${minute}:${second}${offset}`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

const two = (value: number): string => `${value}`.padStart(2, '0');
