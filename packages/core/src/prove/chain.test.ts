import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryHash, type LedgerEntry, NO_ENTRY, verifyChain } from './chain.ts';
import { sha256Hex } from './hash.ts';
import { EMPTY_ROOT } from './merkle.ts';

function aChain(length: number, organization = 'example-waterworks'): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const before = entries.at(-1);
    entries.push({
      organization,
      seq,
      previous: before === undefined ? NO_ENTRY : entryHash(before),
      kind: seq % 3 === 0 ? 'decision' : 'import',
      at: `2026-04-${String(seq).padStart(2, '0')}T09:00:00.000Z`,
      scan: seq % 3 === 0 ? null : sha256Hex(`scan ${seq}`),
      leaves: seq % 2,
      root: seq % 2 === 0 ? EMPTY_ROOT : sha256Hex(`leaf ${seq}`),
    });
  }
  return entries;
}

function changed(entries: readonly LedgerEntry[], seq: number, change: Partial<LedgerEntry>): LedgerEntry[] {
  return entries.map((entry) => (entry.seq === seq ? { ...entry, ...change } : entry));
}

describe('the ledger chain', () => {
  test('of no entries is intact and has no head', () => {
    expect(verifyChain([])).toEqual({ intact: true, entries: 0, head: NO_ENTRY });
  });

  test('is intact as it was written, and its head is the hash of the last entry', () => {
    const chain = aChain(9);
    const last = chain.at(-1);
    expect(verifyChain(chain)).toEqual({
      intact: true,
      entries: 9,
      head: last === undefined ? '' : entryHash(last),
    });
  });

  test('hashes the same entry the same way, whatever else the row carries', () => {
    const [entry] = aChain(1);
    if (entry === undefined) throw new Error('no entry');
    const row = { id: 7, ...Object.fromEntries(Object.entries(entry).reverse()) };
    expect(entryHash({ ...row, ...entry })).toBe(entryHash(entry));
  });

  test.each<[string, Partial<LedgerEntry>]>([
    ['the kind', { kind: 'quarantine' }],
    ['the time', { at: '2026-04-04T09:00:00.001Z' }],
    ['the scan', { scan: null }],
    ['the leaves', { leaves: 12 }],
    ['the root', { root: sha256Hex('another'), leaves: 1 }],
  ])('breaks at the next entry when %s of one was changed', (_, change) => {
    expect(verifyChain(changed(aChain(9), 4, change))).toEqual({
      intact: false,
      seq: 5,
      why: 'its previous hash is not that of the entry before',
    });
  });

  test.each<[string, LedgerEntry[], number, string]>([
    ['an entry was taken out', aChain(9).toSpliced(3, 1), 4, 'its number is 5 where 4 belongs'],
    ['the first entry is missing', aChain(9).slice(1), 1, 'its number is 2 where 1 belongs'],
    ['an entry stands twice', aChain(3).flatMap((one) => [one, one]), 2, 'its number is 1 where 2 belongs'],
    [
      'the first names one before it',
      changed(aChain(1), 1, { previous: sha256Hex('') }),
      1,
      'the first entry names a previous one',
    ],
    [
      'another organization is mixed in',
      changed(aChain(9), 4, { organization: 'b' }),
      4,
      'it belongs to another organization',
    ],
    [
      'an entry without leaves has a root',
      changed(aChain(2), 2, { root: sha256Hex('x') }),
      2,
      'it has no leaves and yet a root',
    ],
  ])('says where and why when %s', (_, chain, seq, why) => {
    expect(verifyChain(chain)).toEqual({ intact: false, seq, why });
  });

  test('never stays intact with two entries swapped', () => {
    const chain = aChain(9);
    fc.assert(
      fc.property(fc.nat({ max: 8 }), fc.nat({ max: 8 }), (i, j) => {
        fc.pre(i !== j);
        const [a, b] = [chain[i], chain[j]];
        if (a === undefined || b === undefined) return;
        expect(verifyChain(chain.with(i, b).with(j, a)).intact).toBe(false);
      }),
    );
  });
});
