/** Marks of a version that comes before the one it names: "3.2rc3" is older than "3.2". */
const BEFORE_RELEASE = ['alpha', 'beta', 'rc', 'pre', 'dev'];

/** Such a mark only with a number behind it: "3.2a1" is an alpha, "1.0.2a" a patch of 1.0.2. */
const BEFORE_RELEASE_NUMBERED = ['a', 'b'];

/**
 * A feed or tool version as a text that sorts by age, byte by byte, here and in the database:
 * "7.93" < "7.100", "3.2rc3" < "3.2" < "3.2.1", "1.0.2" < "1.0.2k", "202611200001" by number.
 * A run of digits is written behind its length; a part follows "." or, before a release, " "; "!" ends the
 * text, and sorts between the two.
 */
export function feedKey(feed: string): string {
  const parts =
    feed
      .trim()
      .toLowerCase()
      .match(/\d+|[a-z]+/g) ?? [];
  const written = parts.map(
    (part, index) => (index === 0 ? '' : separatorOf(part, parts[index + 1])) + keyOfPart(part),
  );
  return `${written.join('')}!`;
}

function separatorOf(part: string, next: string | undefined): string {
  const numbered = BEFORE_RELEASE_NUMBERED.includes(part) && /^\d/.test(next ?? '');
  return numbered || BEFORE_RELEASE.includes(part) ? ' ' : '.';
}

function keyOfPart(part: string): string {
  if (!/^\d/.test(part)) return part;
  const digits = part.replace(/^0+(?=\d)/, '').slice(0, 99);
  return `${digits.length}`.padStart(2, '0') + digits;
}

/** Byte order, as PostgreSQL's collation "C" has it for the ASCII that a key consists of in practice. */
export function newer(a: string, b: string): boolean {
  return a > b;
}

/**
 * How the feed of a scan (`own`) stands to the newest one that a presence needed. Both are keys, null = not
 * stated; what no presence states is not needed.
 */
export function compareFeeds(own: string | null, needed: string | null): 'recent' | 'older' | 'unknown' {
  if (needed === null) return 'recent';
  if (own === null) return 'unknown';
  return newer(needed, own) ? 'older' : 'recent';
}
