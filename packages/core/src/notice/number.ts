/**
 * The numbers of notices are made from a template such as "湖城网安整改〔{yyyy}〕第{seq}号". `{yyyy}` is the year of the issue in
 * the time zone of the office, `{seq}` the number within kind and year, `{seq:4}` the same with zeros in front to at
 * least so many digits. Everything else stands as it is.
 */
const YEAR = '{yyyy}';
const SEQUENCE = /\{seq(?::([1-9]))?\}/g;

/** Why a template makes no good number. */
export type NumberTemplateFlaw = 'NO_YEAR' | 'NO_SEQUENCE' | 'UNKNOWN_PLACE';

/** Null: it is in order. Without the year or the sequence two notices would have one number. */
export function numberTemplateFlaw(template: string): NumberTemplateFlaw | null {
  if (!template.includes(YEAR)) return 'NO_YEAR';
  const rest = template.replaceAll(SEQUENCE, '');
  if (rest === template) return 'NO_SEQUENCE';
  return /[{}]/.test(rest.replaceAll(YEAR, '')) ? 'UNKNOWN_PLACE' : null;
}

/** What a template prints at one place: this character; null: a digit. `more`: as many digits as there are. */
interface Place {
  readonly character: string | null;
  readonly more: boolean;
}

const DIGIT: Place = { character: null, more: false };

function placesOf(template: string): Place[] {
  return template.split(/(\{yyyy\}|\{seq(?::[1-9])?\})/).flatMap((part, index): Place[] => {
    if (index % 2 === 0) return Array.from(part, (character) => ({ character, more: false }));
    return part === YEAR ? [DIGIT, DIGIT, DIGIT, DIGIT] : [{ character: null, more: true }];
  });
}

/**
 * Whether two series with such templates might have a number in common, sooner or later. Any digits stand for a year or a
 * sequence, so two templates of which only other years collide count as well.
 */
export function makesSameNumbers(one: string, other: string): boolean {
  const [ours, theirs] = [placesOf(one), placesOf(other)];
  const seen = new Set<number>();
  // how far both have been printed, alike so far
  const todo: [number, number][] = [[0, 0]];
  for (let pair = todo.pop(); pair !== undefined; pair = todo.pop()) {
    const [at, there] = pair;
    const [mine, its] = [ours[at], theirs[there]];
    if (mine === undefined && its === undefined) return true;
    const key = at * (theirs.length + 1) + there;
    if (mine === undefined || its === undefined || seen.has(key) || !printAlike(mine, its)) continue;
    seen.add(key);
    for (const next of mine.more ? [at, at + 1] : [at + 1])
      for (const beside of its.more ? [there, there + 1] : [there + 1]) todo.push([next, beside]);
  }
  return false;
}

function printAlike({ character: one }: Place, { character: other }: Place): boolean {
  if (one === null) return other === null || /^[0-9]$/.test(other);
  return other === null ? /^[0-9]$/.test(one) : one === other;
}

/** Regular expression (JavaScript, PostgreSQL) of what a template prints. */
export const numbersLike = (template: string): string =>
  `^${placesOf(template)
    .map(({ character, more }) => {
      if (character === null) return more ? '[0-9]+' : '[0-9]';
      return character.replace(/[!-/:-@[-`{-~]/, '\\$&');
    })
    .join('')}$`;

/** @param sequence from 1. */
export const noticeNumber = (
  template: string,
  { year, sequence }: { readonly year: number; readonly sequence: number },
): string =>
  template
    .replaceAll(YEAR, `${year}`)
    .replaceAll(SEQUENCE, (_, digits) => `${sequence}`.padStart(Number(digits ?? 1), '0'));

/** The year of an instant on the calendar of a time zone (IANA name). */
export const yearIn = (timeZone: string, at: Date): number =>
  Number(new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', calendar: 'gregory' }).format(at));
