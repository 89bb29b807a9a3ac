import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSet } from '../cover/check-set.ts';
import { type Claim, namesCheck, namesPort, visitOf } from '../cover/claim.ts';
import { formatPorts, parsePorts } from '../cover/ports.ts';
import type { FindingKey } from '../observe/finding-key.ts';
import type { Checks } from '../observe/record.ts';
import { narrowClaim } from './narrow-claim.ts';

const visit = visitOf({
  record: 'asset',
  id: 'a1',
  identifiers: [{ kind: 'ip', value: '192.0.2.7' }],
  reached: true,
  startedAt: null,
  finishedAt: null,
  credential: 'none',
});

function aClaim(ports: string, checks: Checks, within: readonly string[] | null = null): Claim {
  return {
    visit,
    transport: 'tcp',
    ports: parsePorts(ports) ?? [],
    checks: checkSet(checks, 'nessus'),
    within,
    method: 'remote',
    credential: 'none',
    evidence: 'E2',
    reason: null,
    assumptions: [],
    explicit: false,
  };
}

const aKey = (port: number, number: number, locus = ''): FindingKey => ({
  asset: 'ip:192.0.2.7',
  transport: 'tcp',
  port,
  check: `nessus:${number}`,
  locus,
});

const names = (claim: Claim, key: FindingKey) => namesPort(claim, key) && namesCheck(claim, key);

const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 12 });
const places = fc.constantFrom('', '/', '/a', '/a#x', '/b', '/b#x#y');
const claims = fc
  .record({
    ports: numbers,
    ids: numbers,
    kind: fc.constantFrom('ids', 'ranges', 'all'),
    within: fc.option(fc.array(places, { maxLength: 4 })),
  })
  .map(({ ports, ids, kind, within }) => {
    const byKind: Record<string, Checks> = {
      ids: { ids: ids.map((id) => `nessus:${id}`) },
      ranges: { ranges: ids.join(',') },
      all: { all: true },
    };
    return aClaim(ports.join(','), byKind[kind] ?? { all: true }, within);
  });
const keys = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), places)
  .map(([port, number, locus]) => aKey(port, number, locus));

describe('a claim in a certificate', () => {
  test('holds the one range with the port and the one with the check', () => {
    const claim = aClaim('1-1024,8443', { ranges: '10180-10999,51100-51300' });
    const narrow = narrowClaim(claim, aKey(443, 51192));
    expect(formatPorts(narrow.ports)).toBe('1-1024');
    expect(narrow.checks).toEqual(checkSet({ ranges: '51100-51300' }, 'nessus'));
  });

  test('is empty when it does not speak of the finding', () => {
    const narrow = narrowClaim(aClaim('1-442', { ids: ['nessus:1'] }, ['/a']), aKey(443, 51192, '/b'));
    expect(narrow).toMatchObject({ ports: [], checks: { ids: new Set() }, within: [] });
  });

  test('speaks of its finding exactly when the whole claim does', () => {
    fc.assert(
      fc.property(claims, keys, (claim, key) => {
        expect(names(narrowClaim(claim, key), key)).toBe(names(claim, key));
      }),
      { numRuns: 2000 },
    );
  });

  test('speaks of nothing that the whole claim does not speak of (I12)', () => {
    fc.assert(
      fc.property(claims, keys, keys, (claim, key, other) => {
        if (names(narrowClaim(claim, key), other)) expect(names(claim, other)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('is the same when it is narrowed twice', () => {
    fc.assert(
      fc.property(claims, keys, (claim, key) => {
        const once = narrowClaim(claim, key);
        expect(narrowClaim(once, key)).toEqual(once);
      }),
    );
  });
});
