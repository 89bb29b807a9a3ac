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
    const cut = await gather(part, options).catch((error: unknown) => {
      if (error instanceof UnreadableScan) return null;
      throw error;
    });
    if (cut === null) continue;
    const states = Object.entries(statesOf([before, cut]));
    closed.push(...states.filter(([, state]) => state === 'verified-fixed').map(([name]) => name));
  }
  return closed;
}

/** Values of wrong types, to stand anywhere in a JSON file. */
export const ODD_VALUES: readonly unknown[] = [null, 1, -1, 'x', '\u0000', [], {}, [null, [[]], { a: 1 }]];
