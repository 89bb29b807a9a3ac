/**
 * A feed or tool version as a text that sorts by age: "7.93" < "7.100", "202611200001" by number.
 * Digits are padded to 14 places; letters keep their text, all else only separates. Compared byte by byte,
 * here and in the database.
 */
export function feedKey(feed: string): string {
  const parts = feed.trim().toLowerCase().match(/\d+|[a-z]+/g) ?? [];
  return parts.map((part) => (/^\d/.test(part) ? part.padStart(14, '0') : part)).join('.');
}

/** Byte order, as PostgreSQL's collation "C" has it for the ASCII that a key consists of in practice. */
export function newer(a: string, b: string): boolean {
  return a > b;
}

/**
 * Whether a scan with `own` may answer for presences that needed `needed` (both keys, null = not stated).
 * A presence that states a feed is not closed by a scan that states none (COVERAGE.md 5.5).
 */
export function recentEnough(own: string | null, needed: string | null): boolean {
  return needed === null || (own !== null && !newer(needed, own));
}
