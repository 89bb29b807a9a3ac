import type { Text } from '../observe/text.ts';
import type { Fix } from './fix.ts';
import { productIn } from './product.ts';

const same = (words: string): Text => ({ zh: words, en: words });

/**
 * What a measure is called for everybody: what its key says and no word of a file more. Measures are shared by all
 * organizations, and a title holds what a tool met in one of them.
 */
export function sharedSubject({ key, subject }: Pick<Fix, 'key' | 'subject'>): Text {
  const words = /^(?:check:|replace:|upgrade:product\/)(.*)$/s.exec(key)?.[1];
  return words === undefined ? subject : same(words);
}

/**
 * What it is called to somebody who sees findings of it. `shared`: its shared subject. `first`, `last`: of the titles of these findings in
 * any fixed order; null: none is known.
 */
export function seenSubject(
  { key, shared }: { readonly key: string; readonly shared: Text },
  first: string | null,
  last: string | null,
): Text {
  if (first === null || first === '') return shared;
  if (key.startsWith('check:')) return first === last ? same(first) : shared;
  const name = productIn(first)?.name;
  return name?.toLowerCase() === shared.en ? same(name) : shared;
}
