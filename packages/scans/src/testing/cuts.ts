import type { ScanFacts } from '@backcheck/core';
import { type ReadOptions, UnreadableScan } from '../reader.ts';
import { gather, statesOf } from './gather.ts';
import { tenths } from './scan-of.ts';

/** The findings of `before` that a later file closes when it is cut after any tenth. */
export async function closedByCuts(
  before: ScanFacts,
  later: string,
  options: ReadOptions = {},
): Promise<string[]> {
  const closed: string[] = [];
  for (const part of tenths(later)) {
    const cut = await gather(part, options).catch(refused);
    if (cut === null) continue;
    const states = Object.entries(statesOf([before, cut]));
    closed.push(...states.filter(([, state]) => state === 'verified-fixed').map(([name]) => name));
  }
  return closed;
}

/** A reader may refuse a file as a whole; whatever else it throws is a fault. */
export function refused(error: unknown): null {
  if (error instanceof UnreadableScan) return null;
  throw error;
}

/** Values of wrong types, to stand anywhere in a JSON file. The last cannot be turned into a text or a number. */
export const ODD_VALUES: readonly unknown[] = [
  ...[null, 1, -1, 'x', '\u0000', [], {}, [null, [[]], { a: 1 }]],
  { toString: 1, valueOf: 1 },
];

/** The document with an odd value in place of each of its values in turn, at any depth. */
export function* oddDocuments(document: unknown): Generator<string> {
  for (const odd of ODD_VALUES)
    for (const changed of changedOnce(document, odd)) yield JSON.stringify(changed);
}

function* changedOnce(value: unknown, odd: unknown): Generator<unknown> {
  yield odd;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    for (const changed of changedOnce(part, odd))
      yield Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed };
  }
}
