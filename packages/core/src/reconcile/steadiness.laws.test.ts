import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { historyArb } from '../../../../tests/support/histories.ts';
import { unsteadyHistoryArb } from '../../../../tests/support/unsteady-histories.ts';
import { keyText } from '../observe/finding-key.ts';
import { CREDENTIALS, METHODS } from '../observe/record.ts';
import type { ImportedScan } from '../observe/scan-facts.ts';
import { type Closure, closureOf, leafHash, witnessScan } from '../prove/closure.ts';
import { sha256Hex } from '../prove/hash.ts';
import { proofOf } from '../prove/proof.ts';
import { foldWorld, type WorldFinding } from './fold-world.ts';

const RUNS = { numRuns: 1500 };
const HOUR = 3_600_000;

const fold = (scans: readonly ImportedScan[]): WorldFinding[] => foldWorld(scans, { steadyProof: true });
const plain = (scans: readonly ImportedScan[]): Map<string, WorldFinding> =>
  new Map(foldWorld(scans).map((one) => [keyText(one.key), one]));
const closed = (world: readonly WorldFinding[]): WorldFinding[] =>
  world.filter((one) => one.closing !== null);

const startOf = (history: readonly ImportedScan[], sha256: string): number => {
  const scan = history.find((one) => one.scan.sha256 === sha256);
  if (scan === undefined) throw new Error('a proof names a scan that is not in the history');
  return Date.parse(scan.scan.startedAt ?? '');
};

/** A clean scan that looked deeper, with a newer feed: what it covers, the scans before it may not. */
const deeper = (scan: ImportedScan): ImportedScan => ({
  ...scan,
  scan: { ...scan.scan, tool: { ...scan.scan.tool, feed: '202801010000' } },
  assets: scan.assets.map((one) => ({ ...one, credential: 'privileged' as const })),
  coverage: [...scan.coverage, ...scan.coverage.map((one) => ({ ...one, method: 'local' as const }))],
});

const sometimesDeeperArb: fc.Arbitrary<ImportedScan[]> = fc
  .tuple(unsteadyHistoryArb, fc.infiniteStream(fc.boolean()))
  .map(([history, choice]) =>
    history.map((scan) => {
      const clean = scan.observations.every((one) => one.verdict !== 'present');
      return choice.next().value === true && clean ? deeper(scan) : scan;
    }),
  );

function closureFor(
  { key, identifiers, observation, need, closing }: WorldFinding,
  scans: readonly ImportedScan[],
) {
  const { title, severity, cve } = observation;
  return closureOf({
    organization: { id: '1', name: 'A hospital' },
    finding: { id: '1', asset: identifiers, key, title, severity, cve },
    need,
    lastSeenIn: sha256Hex('the last presence'),
    witnesses: (closing?.absences ?? []).flatMap(({ scan, claim }) =>
      scans
        .filter((one) => one.scan.sha256 === scan)
        .slice(0, 1)
        .map((one) => ({ scan: witnessScan(one), claim })),
    ),
  });
}

describe('laws of unsteady findings', () => {
  test('to ask for steadiness never closes more, and changes nothing where the scans never contradicted each other', () => {
    let unsteady = 0;
    fc.assert(
      fc.property(unsteadyHistoryArb, (history) => {
        const without = plain(history);
        for (const finding of fold(history)) {
          const other = without.get(keyText(finding.key));
          if (finding.need.unsteady === undefined) expect(finding).toEqual(other);
          else unsteady += 1;
          if (finding.closing !== null) expect(other?.state).toBe('verified-fixed');
        }
      }),
      RUNS,
    );
    expect(unsteady).toBeGreaterThan(100);
  });

  test('what is unsteady closes only when every reason is met at each place: five over a day, two over three days', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(unsteadyHistoryArb, (history) => {
        for (const { closing, need } of closed(fold(history))) {
          const { unsteady = [] } = need;
          met.add(unsteady.join());
          for (const vantage of need.vantages) {
            const here = (closing?.absences ?? []).filter(
              ({ scan }) => history.find((one) => one.scan.sha256 === scan)?.vantage === vantage,
            );
            const times = here.map(({ claim }) => Date.parse(claim.visit.startedAt ?? ''));
            const hours = (Math.max(...times) - Math.min(...times)) / HOUR;
            expect(Math.min(...times)).toBeGreaterThan(Date.parse(need.last));
            if (unsteady.includes('disagreement'))
              expect([here.length >= 5, hours >= 24]).toEqual([true, true]);
            if (unsteady.includes('flapping')) expect([here.length >= 2, hours >= 72]).toEqual([true, true]);
          }
        }
      }),
      RUNS,
    );
    expect([...met].sort()).toEqual(['', 'disagreement', 'disagreement,flapping', 'flapping']);
  });

  test('a presence closes nothing, however early, late, deep or new to the feed it is (I7)', () => {
    const added = fc.record({
      pick: fc.nat(),
      minutes: fc.oneof(fc.integer({ min: -5000, max: 20_000 }), fc.integer({ min: -5000, max: 400_000 })),
      method: fc.constantFrom(...METHODS),
      credential: fc.constantFrom(...CREDENTIALS),
      feed: fc.constantFrom(null, '202501010000', '202601020000', '202701010000'),
      vantage: fc.constantFrom('main', 'outside'),
    });
    fc.assert(
      fc.property(sometimesDeeperArb, fc.array(added, { minLength: 1, maxLength: 3 }), (history, plans) => {
        const presences = plans.map(({ pick, minutes, method, credential, feed, vantage }, index) => {
          const scan = history[pick % history.length] as ImportedScan;
          const moved = (at: string | null) =>
            at === null ? null : new Date(Date.parse(at) + minutes * 60_000).toISOString();
          return {
            ...scan,
            vantage,
            scan: {
              ...scan.scan,
              sha256: `e${index}`.padEnd(64, 'e'),
              startedAt: moved(scan.scan.startedAt),
              tool: { ...scan.scan.tool, feed },
            },
            assets: scan.assets.map((one) => ({
              ...one,
              startedAt: moved(one.startedAt),
              finishedAt: moved(one.finishedAt),
            })),
            coverage: [],
            observations: scan.observations
              .filter((one) => one.verdict === 'present')
              .map((one) => ({ ...one, method, credential })),
          };
        });
        const before = new Set(closed(fold(history)).map(({ key }) => keyText(key)));
        for (const { key } of closed(fold([...history, ...presences])))
          expect(before.has(keyText(key))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('another clean scan replaces no proof that was given', () => {
    fc.assert(
      fc.property(unsteadyHistoryArb, historyArb, (history, others) => {
        const end = Math.max(...history.map((one) => startOf([one], one.scan.sha256) || 0)) + 10 * HOUR;
        const more = others.map((scan, index) => ({
          ...scan,
          assets: scan.assets.map((one) => ({
            ...one,
            startedAt: new Date(end + index * HOUR).toISOString(),
          })),
          observations: scan.observations.filter((one) => one.verdict !== 'present'),
          scan: { ...scan.scan, sha256: `d${index}`.padEnd(64, 'd') },
        }));
        const after = new Map(fold([...history, ...more]).map((one) => [keyText(one.key), one]));
        for (const { key, closing } of closed(fold(history)))
          expect(after.get(keyText(key))?.closing?.absences.map(({ scan }) => scan)).toEqual(
            closing?.absences.map(({ scan }) => scan),
          );
      }),
      RUNS,
    );
  });

  test('a stranger accepts what was closed, by the rule that names why, and nothing less (I15)', () => {
    const rules = new Set<string>();
    fc.assert(
      fc.property(unsteadyHistoryArb, (history) => {
        for (const finding of closed(fold(history))) {
          const closure = closureFor(finding, history);
          const proof = proofOf(closure);
          if (proof.kind === 'refusal') throw new Error(proof.message);
          rules.add(closure.rule);
          expect(leafHash(proof.closure)).toBe(proof.leaf);
          if (closure.need.unsteady === undefined) continue;
          for (const wrong of lessThan(closure)) expect(proofOf(wrong).kind).toBe('refusal');
        }
      }),
      RUNS,
    );
    expect([...rules].sort()).toEqual(['backcheck/closure-by-proof/v1', 'backcheck/closure-by-proof/v3']);
  });
});

/** Closures that say less than the rule asks, or hide why it asks. */
function lessThan(closure: Closure): unknown[] {
  const { need, witnesses } = closure;
  const { unsteady: _, ...calm } = need;
  const { samples: __, ...single } = need;
  const [first] = witnesses;
  const at = first?.visit.startedAt;
  return [
    { ...closure, witnesses: witnesses.slice(1) },
    { ...closure, witnesses: [first, first, ...witnesses.slice(2)] },
    { ...closure, need: calm },
    { ...closure, need: { ...need, unsteady: [] } },
    { ...closure, need: single, witnesses: witnesses.slice(0, need.vantages.length) },
    {
      ...closure,
      at,
      witnesses: witnesses.map((one) => ({ ...one, visit: { ...one.visit, startedAt: at } })),
    },
  ];
}
