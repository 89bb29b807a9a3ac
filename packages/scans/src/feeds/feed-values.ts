import { listAt, textAt, valueAt } from '../json-value.ts';
import { flaw } from './feed-flaw.ts';

const CVE = /^CVE-\d{4}-\d{4,19}$/;

/** The id, or a flaw at this line. */
export function cveAt(line: number, value: unknown): string {
  if (typeof value === 'string' && CVE.test(value)) return value;
  const written = typeof value === 'string' ? `“${value}”` : String(typeof value);
  throw flaw(line, `CVE 编号不正确：${written}`, `not a CVE id: ${written}`);
}

/** A day that exists, such as 2026-11-21; a flaw otherwise. */
export function dayAt(line: number, name: string, value: unknown): string {
  if (typeof value === 'string' && isDay(value)) return value;
  throw flaw(line, `${name} 不是日期`, `${name} is not a date`);
}

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Null where there is none; never longer than what a screen can use. */
export function shortText(value: unknown, most = 500): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replaceAll(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim();
  return text === '' ? null : text.slice(0, most);
}

/** The vectors of objects like `{cvssData: {vectorString}}`, found by `keys`. */
export function vectorsOf(objects: readonly unknown[], ...keys: readonly string[]): string[] {
  return distinct(
    objects.flatMap((one) => {
      const vector = textAt(one, ...keys, 'vectorString');
      return vector === undefined || vector.length > 400 ? [] : [vector];
    }),
  );
}

export const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

/** Descriptions `{lang, value}` in English, else the first. */
export function description(record: unknown, ...keys: readonly string[]): string | null {
  const all = listAt(record, ...keys);
  const chosen = all.find((one) => textAt(one, 'lang')?.startsWith('en') === true) ?? all[0];
  return shortText(valueAt(chosen, 'value'));
}

/** No feed has more; a Set of ids must not fill the memory. */
const MOST_ENTRIES = 5_000_000;

/** Refuses an id that came before in the same file. */
export class Ids {
  readonly #seen = new Set<string>();

  add(line: number | undefined, id: string): void {
    if (this.#seen.has(id)) throw flaw(line, `${id} 出现两次`, `${id} is there twice`);
    if (this.#seen.size >= MOST_ENTRIES)
      throw flaw(line, `条目超过 ${MOST_ENTRIES} 个`, `more than ${MOST_ENTRIES} entries`);
    this.#seen.add(id);
  }

  get size(): number {
    return this.#seen.size;
  }
}
