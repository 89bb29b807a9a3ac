import { Problem } from '../platform/problem.ts';

/** An opaque cursor: where the last record of a page stands in the order of its list. */
export const writeKeyset = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

export const KEY_ID = /^[1-9][0-9]{0,17}$/;
export const KEY_CODE = /^\P{Cc}{1,200}$/u;

/** One part for each shape. @throws Problem CURSOR_INVALID for everything that `writeKeyset` did not write. */
export function readKeyset(cursor: string, shapes: readonly RegExp[]): string[] {
  const parts = parse(Buffer.from(cursor, 'base64url').toString());
  const fits = (shape: RegExp, at: number) => shape.test(parts[at] ?? '');
  if (parts.length !== shapes.length || !shapes.every(fits)) throw new Problem('CURSOR_INVALID');
  return parts;
}

function parse(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : [];
  } catch {
    return [];
  }
}

/** The one part of a cursor of one; undefined on the first page. */
export const after = (cursor: string | undefined, shape: RegExp): string | undefined =>
  cursor === undefined ? undefined : readKeyset(cursor, [shape])[0];

/** A page of `rows`, which were asked for with one more than the limit. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { view, key }: { readonly view: (row: Row) => Item; readonly key: (row: Row) => readonly string[] },
): { items: Item[]; nextCursor: string | null } {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(view),
    nextCursor: last === undefined ? null : writeKeyset(key(last)),
  };
}
