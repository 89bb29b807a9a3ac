import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { historyArb, IMPORTED_AT } from '../../../../tests/support/histories.ts';
import { unsteadyHistoryArb } from '../../../../tests/support/unsteady-histories.ts';
import { answerOf, scanContext } from '../cover/answer.ts';
import { claimsOf } from '../cover/claim.ts';
import { keyText } from '../observe/finding-key.ts';
import { identityOf } from '../observe/identity.ts';
import type { CoverageRecord } from '../observe/record.ts';
import type { ImportedScan } from '../observe/scan-facts.ts';
import { foldWorld, type WorldFinding, type WorldSettings } from './fold-world.ts';

interface World {
  readonly name: string;
  readonly historyArb: fc.Arbitrary<ImportedScan[]>;
  readonly settings: WorldSettings;
  readonly RUNS: { readonly numRuns: number };
}

/** Every law holds whether or not unsteady findings need more absences. */
const WORLDS: readonly World[] = [
  { name: 'one absence closes', historyArb, settings: {}, RUNS: { numRuns: 2000 } },
  {
    name: 'an unsteady finding needs several absences',
    historyArb: unsteadyHistoryArb,
    settings: { steadyProof: true },
    RUNS: { numRuns: 1000 },
  },
];

const byKey = (world: readonly WorldFinding[]): Map<string, WorldFinding> =>
  new Map(world.map((one) => [keyText(one.key), one]));

const closings = (world: readonly WorldFinding[]): WorldFinding[] =>
  world.filter((one) => one.closing !== null);

/** The last scan of a history again, as a new file in which nothing is present. */
function silentCopy(scan: ImportedScan, change: Partial<ImportedScan>): ImportedScan {
  const observations = scan.observations.filter((one) => one.verdict !== 'present');
  return { ...scan, observations, ...change, scan: { ...scan.scan, ...change.scan, sha256: 'f'.repeat(64) } };
}

describe.each(WORLDS)('invariants of closure by proof (COVERAGE.md section 2), where $name', (world) => {
  const { historyArb, settings, RUNS } = world;
  const fold = (scans: readonly ImportedScan[]) => foldWorld(scans, settings);

  /** What a user can see of a finding, for comparing worlds. */
  const seen = (scans: readonly ImportedScan[]): unknown =>
    fold(scans).map(({ key, state, reason, reasonScan, closing, need }) => ({
      key,
      state,
      reason,
      reasonScan,
      proof: closing === null ? null : { scan: closing.scan, evidence: closing.evidence, at: closing.at },
      first: need.first,
      last: need.last,
    }));

  const states = (scans: readonly ImportedScan[]): Map<string, string> =>
    new Map(fold(scans).map((one) => [keyText(one.key), one.state]));

  const closedKeys = (scans: readonly ImportedScan[]): Set<string> =>
    new Set(closings(fold(scans)).map(({ key }) => keyText(key)));

  const expectNothingNewCloses = (before: readonly ImportedScan[], added: ImportedScan): void => {
    const closed = closedKeys(before);
    for (const key of closedKeys([...before, added])) expect(closed.has(key)).toBe(true);
  };

  test('I1 the order in which scans arrive does not matter', () => {
    fc.assert(
      fc.property(historyArb, fc.infiniteStream(fc.nat()), (history, random) => {
        const shuffled = history
          .map((scan) => ({ scan, rank: random.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map((one) => one.scan);
        expect(seen(shuffled)).toEqual(seen(history));
      }),
      RUNS,
    );
  });

  test('I2 the same file imported again changes nothing', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        expect(seen([...history, ...history])).toEqual(seen(history));
      }),
      RUNS,
    );
  });

  test('I3 a finding is closed only if a scan that covers it began after everything that saw it ended', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        for (const finding of fold(history)) {
          if (finding.state !== 'verified-fixed') continue;
          const proving = history.find((scan) => scan.scan.sha256 === finding.closing?.scan);
          if (proving === undefined) throw new Error('a proof names a scan that is not in the history');
          for (const scan of history) {
            for (const presence of claimsOf(scan).presences) {
              const { transport, port, check, locus } = presence.observation;
              const key = { asset: presence.visit.asset, transport, port, check, locus };
              if (keyText(key) !== keyText(finding.key)) continue;
              expect(scan.scan.sha256).not.toBe(proving.scan.sha256);
              expect((presence.visit.finishedAt ?? IMPORTED_AT) < (finding.closing?.at ?? '')).toBe(true);
            }
          }
        }
      }),
      RUNS,
    );
  });

  test('I4 a scan that reached nobody changes no state', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        const last = history[0];
        if (last === undefined) return;
        const down = silentCopy(last, { assets: last.assets.map((asset) => ({ ...asset, reached: false })) });
        const withoutVerdicts = { ...down, observations: [] };
        expect(states([...history, withoutVerdicts])).toEqual(states(history));
      }),
      RUNS,
    );
  });

  test('I5 silence of an incomplete scan closes nothing, and a damaged file closes nothing at all', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        const last = history[0];
        if (last === undefined) return;
        const cut = { ...last.scan, complete: false };
        expectNothingNewCloses(history, { ...silentCopy(last, { scan: cut }), observations: [] });
        expectNothingNewCloses(history, silentCopy(last, { scan: { ...cut, truncated: true } }));
      }),
      RUNS,
    );
  });

  test('I6 claims about other ports or other checks change no state', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        const last = history[0];
        if (last === undefined) return;
        const elsewhere = last.coverage.map((one): CoverageRecord => ({ ...one, ports: '8080-8090' }));
        const others = last.coverage.map(
          (one): CoverageRecord => ({ ...one, checks: { ids: ['nessus:999999'] } }),
        );
        for (const coverage of [elsewhere, others]) {
          const added = { ...silentCopy(last, { coverage }), observations: [] };
          expect(states([...history, added])).toEqual(states(history));
        }
      }),
      RUNS,
    );
  });

  test('I7 adding only presences never closes anything', () => {
    fc.assert(
      fc.property(historyArb, historyArb, (history, others) => {
        const presences = others.map((scan, index) => ({
          ...scan,
          coverage: [],
          observations: scan.observations.filter((one) => one.verdict === 'present'),
          scan: { ...scan.scan, sha256: `e${index}`.padEnd(64, 'e') },
        }));
        const after = states([...history, ...presences]);
        for (const [key, state] of states(history)) {
          if (state !== 'verified-fixed') expect(after.get(key)).not.toBe('verified-fixed');
        }
      }),
      RUNS,
    );
  });

  test('I8 a quarantined scan is as if it had never been imported', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        const [first, ...rest] = history;
        if (first === undefined) return;
        expect(seen([{ ...first, quarantined: true }, ...rest])).toEqual(seen(rest));
      }),
      RUNS,
    );
  });

  test('I9 a weaker method, a lower credential and an older feed close nothing that the stronger saw', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        const last = history[0];
        if (last === undefined) return;
        const strong = history.map((scan) => ({
          ...scan,
          observations: scan.observations.map((one) => ({
            ...one,
            method: 'local' as const,
            credential: 'privileged' as const,
          })),
        }));
        const weaker = {
          ...silentCopy(last, {}),
          coverage: last.coverage.map((one) => ({ ...one, method: 'remote' as const })),
          observations: [],
        };
        const lower = {
          ...silentCopy(last, {}),
          assets: last.assets.map((one) => ({ ...one, credential: 'user' as const })),
          observations: [],
        };
        expectNothingNewCloses(strong, weaker);
        expectNothingNewCloses(strong, lower);
        const tool = { ...last.scan.tool, feed: '202501010000' };
        const dated = strong.map((scan) => ({
          ...scan,
          scan: { ...scan.scan, tool: { ...scan.scan.tool, feed: '202601010000' } },
        }));
        expectNothingNewCloses(dated, silentCopy(last, { scan: { ...last.scan, tool } }));
      }),
      RUNS,
    );
  });

  test('I10 present and absent in the same scan is present', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        for (const scan of history) {
          const contradicting = scan.observations.map((one) => ({ ...one, verdict: 'absent' as const }));
          const both = { ...scan, observations: [...scan.observations, ...contradicting] };
          const present = new Set(
            claimsOf(scan).presences.map(({ visit, observation }) =>
              keyText({ ...observation, asset: visit.asset }),
            ),
          );
          for (const [key, finding] of byKey(fold([both])))
            if (present.has(key)) expect(finding.state).not.toBe('verified-fixed');
        }
      }),
      RUNS,
    );
  });

  test('I11 one scan split into a file per asset gives the same states as the whole', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        const split = history.flatMap((scan, number) => {
          const assets = [...Map.groupBy(scan.assets, (asset) => identityOf(asset.identifiers)).values()];
          return assets.map((group, part): ImportedScan => {
            const ids = new Set(group.map((asset) => asset.id));
            return {
              ...scan,
              assets: group,
              coverage: scan.coverage.filter((one) => ids.has(one.asset)),
              observations: scan.observations.filter((one) => ids.has(one.asset)),
              scan: { ...scan.scan, sha256: `${number}${part}`.padEnd(64, 'd') },
            };
          });
        });
        expect(states(split)).toEqual(states(history));
      }),
      RUNS,
    );
  });

  test('I12 a narrower claim never closes more than one absence would, nor more at all when it came last', () => {
    fc.assert(
      fc.property(
        historyArb,
        fc.nat(),
        fc.constantFrom('ports', 'checks', 'within', 'evidence', 'method'),
        (history, pick, part) => {
          const scan = history[pick % history.length];
          if (scan === undefined) return;
          const narrow: Partial<CoverageRecord> = {
            ports: { ports: '22' },
            checks: { checks: { ids: ['nessus:100'] } },
            within: { within: ['p'] },
            evidence: { evidence: 'E1' as const },
            method: { method: 'banner' as const },
          }[part];
          const inside = (one: CoverageRecord): boolean =>
            one.evidence !== 'E0' && !(part === 'ports' && !['0,22,443', '22', '1-1024'].includes(one.ports));
          const fits = (one: CoverageRecord): boolean =>
            inside(one) &&
            !(part === 'checks' && !('ranges' in one.checks && one.checks.ranges === '100-400')) &&
            !(part === 'within' && one.within !== undefined && !one.within.includes('p'));
          const narrowed = {
            ...scan,
            coverage: scan.coverage.map((one) => (fits(one) ? { ...one, ...narrow } : one)),
          };
          const closed = closedKeys(history);
          const byOne = new Set(closings(foldWorld(history)).map(({ key }) => keyText(key)));
          const after = history.map((one) => (one === scan ? narrowed : one));
          for (const { key, need } of closings(fold(after))) {
            expect(byOne.has(keyText(key))).toBe(true);
            // What a scan before the last presence said may have been all that showed the finding unsteady.
            const afterAll = (scan.scan.startedAt ?? '') > need.last;
            if (afterAll || settings.steadyProof !== true) expect(closed.has(keyText(key))).toBe(true);
          }
        },
      ),
      RUNS,
    );
  });

  test('I13 merging two assets and folding again is the same as importing after the merge', () => {
    const merge = (scan: ImportedScan): ImportedScan => ({
      ...scan,
      assets: scan.assets.map((asset) => ({
        ...asset,
        identifiers: asset.identifiers.map((one) =>
          one.value === '192.0.2.2' ? { ...one, value: '192.0.2.1' } : one,
        ),
      })),
    });
    fc.assert(
      fc.property(historyArb, fc.nat(), (history, pick) => {
        const from = pick % history.length;
        const early = [...history.slice(0, from), ...history.slice(from).map(merge)].map(merge);
        expect(seen(early)).toEqual(seen(history.map(merge)));
      }),
      RUNS,
    );
  });

  test('I15 what closes is re-derived by asking each scan that the proof names', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        for (const { key, need, closing } of closings(fold(history))) {
          expect(closing?.absences.at(-1)?.scan).toBe(closing?.scan);
          for (const absence of closing?.absences ?? []) {
            const proving = history.find((scan) => scan.scan.sha256 === absence.scan);
            if (proving === undefined) throw new Error('a proof names a scan that is not in the history');
            const { visits, claims } = claimsOf(proving);
            const own = {
              scan: scanContext(proving),
              visits: visits.filter((one) => one.asset === key.asset),
              claims: claims.filter((one) => one.visit.asset === key.asset),
            };
            expect(answerOf(own, key, () => need)?.step).toBe('covers');
          }
        }
      }),
      RUNS,
    );
  });

  test('the random histories reach every state, so that the laws above are not empty', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(historyArb, (history) => {
        for (const finding of fold(history)) {
          reached.add(finding.state);
          if (finding.reason !== null) reached.add(finding.reason);
        }
      }),
      { numRuns: 5000, seed: 1 },
    );
    expect([...reached].sort()).toEqual(
      [
        'BLOCKED',
        'CHECK_NOT_RUN',
        'FILTERED_REPORT',
        'IDENTITY_CONFLICT',
        'INCOMPLETE',
        'NO_HOST',
        'NO_TIME',
        'OLDER_FEED',
        'OTHER_VANTAGE',
        'PORT_OUTSIDE',
        'SELF_SUBMITTED',
        'STALE',
        'TIMEOUT',
        ...(settings.steadyProof === true ? ['UNSTEADY'] : []),
        'WEAKER_METHOD',
        'fixed-unverified',
        'open',
        'regressed',
        'verified-fixed',
      ].sort(),
    );
  });
});
