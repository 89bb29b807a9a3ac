import type { Instant } from '@backcheck/core';

const ISO =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i;

/**
 * A moment written with its zone (ISO 8601 / RFC 3339, also with a space or a nanosecond fraction). Null when there
 * is none, it is no date, or it names no zone: a local time of an unknown place may be half a day off, and a
 * proof must not rest on that.
 */
export function zonedInstant(text: string | undefined): Instant | null {
  const parts = ISO.exec(text?.trim() ?? '');
  if (parts === null) return null;
  const [, day = '', time = '', zone = ''] = parts;
  const offset = /^[+-]/.test(zone) ? zone.replace(/^(...)(\d\d)$/, '$1:$2') : 'Z';
  const at = new Date(`${day}T${time.replace(',', '.').replace(/(\.\d{3})\d+$/, '$1')}${offset}`);
  // Year 0 is what Go writes for a time that was never set.
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1970 ? null : at.toISOString();
}
