import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { historyArb, sampledHistoryArb } from '../../../../tests/support/histories.ts';
import { afterEvent, EMPTY_REGISTER, registerEventArb } from '../../../../tests/support/register-events.ts';
import { keyText } from '../observe/finding-key.ts';
import { identityOf } from '../observe/identity.ts';
import type { Identifier } from '../observe/record.ts';
import { type Link, type Register, refuseLink, resolveAsset } from '../observe/register.ts';
import type { ImportedScan } from '../observe/scan-facts.ts';
import { closureOf, leafHash, witnessScan } from '../prove/closure.ts';
import { sha256Hex } from '../prove/hash.ts';
import { proofOf } from '../prove/proof.ts';
import { foldWorld, type WorldFinding } from './fold-world.ts';

const RUNS = { numRuns: 1500 };

const registers: fc.Arbitrary<Register> = fc
  .array(registerEventArb, { maxLength: 8 })
  .map((events) =>
    events.reduce((register, event) => afterEvent(register, event) ?? register, EMPTY_REGISTER),
  );

const states = (scans: readonly ImportedScan[], register?: Register): Map<string, string> =>
  new Map(foldWorld(scans, { register }).map((one) => [keyText(one.key), one.state]));

const closed = (scans: readonly ImportedScan[], register?: Register): WorldFinding[] =>
  foldWorld(scans, { register }).filter((one) => one.closing !== null);

const named = (
  scan: ImportedScan,
  rename: (identifiers: readonly Identifier[]) => readonly Identifier[],
) => ({
  ...scan,
  assets: scan.assets.map((asset) => ({ ...asset, identifiers: rename(asset.identifiers) })),
});

function proofOfFinding(finding: WorldFinding, world: readonly ImportedScan[], links: readonly Link[]) {
  const { key, identifiers, observation, need, closing } = finding;
  const witnesses = (closing?.absences ?? []).map(({ scan, claim }) => {
    const source = world.find((one) => one.scan.sha256 === scan);
    if (source === undefined) throw new Error('a proof names a scan that is not in the history');
    return { scan: witnessScan(source), claim };
  });
  const { title, severity, cve } = observation;
  return proofOf(
    closureOf({
      organization: { id: '1', name: 'A hospital' },
      finding: { id: '1', asset: identifiers, key, title, severity, cve },
      need,
      lastSeenIn: sha256Hex('the last presence'),
      witnesses,
      links,
    }),
  );
}

describe('laws of the register', () => {
  test('with any register the order of the scans does not matter (I1)', () => {
    fc.assert(
      fc.property(sampledHistoryArb, registers, (history, register) => {
        expect(states([...history].reverse(), register)).toEqual(states(history, register));
      }),
      RUNS,
    );
  });

  test('with any register adding only presences never closes anything (I7)', () => {
    fc.assert(
      fc.property(sampledHistoryArb, historyArb, registers, (history, others, register) => {
        const presences = others.map((scan, index) => ({
          ...scan,
          coverage: [],
          observations: scan.observations.filter((one) => one.verdict === 'present'),
          scan: { ...scan.scan, sha256: `e${index}`.padEnd(64, 'e') },
        }));
        const after = states([...history, ...presences], register);
        for (const [key, state] of states(history, register)) {
          if (state !== 'verified-fixed') expect(after.get(key)).not.toBe('verified-fixed');
        }
      }),
      RUNS,
    );
  });

  test('a link that always holds is the same as scans that had named the other asset (I13)', () => {
    const link = { identity: 'ip:192.0.2.2', target: 'ip:192.0.2.1', from: null, until: null };
    const written = (scan: ImportedScan): ImportedScan =>
      named(scan, (identifiers) =>
        identityOf(identifiers) === link.identity
          ? [{ kind: 'ip', value: '192.0.2.1' }, ...identifiers.slice(1)]
          : identifiers,
      );
    fc.assert(
      fc.property(historyArb, (history) => {
        expect(states(history, { links: [link] })).toEqual(states(history.map(written)));
      }),
      RUNS,
    );
  });

  test('whatever links say, a visit belongs to exactly one asset, one step away', () => {
    fc.assert(
      fc.property(registers, fc.integer({ min: -1, max: 61 }), ({ links = [] }, hour) => {
        const at = hour < 0 ? null : new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
        for (const { identity } of links) {
          const asset = resolveAsset(identity, at, links);
          expect(resolveAsset(identity, at, [...links].reverse())).toBe(asset);
          expect(resolveAsset(asset, at, links)).toBe(asset);
        }
      }),
      RUNS,
    );
  });

  test('a DHCP range never closes more, and where it holds a strong identifier of a sighting was seen again', () => {
    fc.assert(
      fc.property(sampledHistoryArb, fc.constantFrom('192.0.2.0/24', '192.0.2.2/31'), (history, range) => {
        const without = new Set(closed(history).map((one) => keyText(one.key)));
        for (const finding of closed(history, { dhcpRanges: [range] })) {
          expect(without.has(keyText(finding.key))).toBe(true);
          const inRange = range === '192.0.2.0/24' ? /^ip:/ : /^ip:192\.0\.2\.[23]$/;
          if (!inRange.test(finding.key.asset)) continue;
          for (const { claim } of finding.closing?.absences ?? [])
            expect(claim.visit.strong.some((one) => finding.need.strong.includes(one))).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test('an asset with back ends closes only by five absences over a day, and never more than with one machine', () => {
    let closures = 0;
    fc.assert(
      fc.property(sampledHistoryArb, (history) => {
        const balanced = ['ip:192.0.2.1', 'ip:192.0.2.2', 'ip:192.0.2.3', 'serial:s1'].map((identity) => ({
          identity,
          backends: 2,
        }));
        const without = new Set(closed(history).map((one) => keyText(one.key)));
        for (const { key, closing, need } of closed(history, { balanced })) {
          closures += 1;
          expect(without.has(keyText(key))).toBe(true);
          for (const vantage of need.vantages) {
            const here = (closing?.absences ?? []).filter(
              ({ scan }) => history.find((one) => one.scan.sha256 === scan)?.vantage === vantage,
            );
            const times = here
              .map(({ claim }) => Date.parse(claim.visit.startedAt ?? ''))
              .sort((a, b) => a - b);
            expect(new Set(here.map((one) => one.scan)).size).toBe(5);
            expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(24 * 3_600_000);
          }
        }
      }),
      RUNS,
    );
    expect(closures).toBeGreaterThan(20);
  });

  test('whatever the fold closes under a register, a stranger accepts with the links and samples it rests on (I15)', () => {
    const rules = new Map<string, number>();
    fc.assert(
      fc.property(sampledHistoryArb, registers, (history, register) => {
        for (const finding of closed(history, register)) {
          const proof = proofOfFinding(finding, history, register.links ?? []);
          if (proof.kind === 'refusal') throw new Error(proof.message);
          const { closure } = proof;
          rules.set(closure.rule, (rules.get(closure.rule) ?? 0) + 1);
          if (closure.links !== undefined) {
            const { links: _, ...unlinked } = closure;
            expect(proofOf(unlinked).kind).toBe('refusal');
          }
          if (closure.need.samples !== undefined) {
            const fewer = { ...closure, witnesses: closure.witnesses.slice(1) };
            expect(proofOf(fewer).kind).toBe('refusal');
            const [first] = closure.witnesses;
            const repeated = { ...closure, witnesses: [first, first, ...closure.witnesses.slice(2)] };
            expect(proofOf(repeated).kind).toBe('refusal');
          }
          expect(leafHash(closure)).toBe(proof.leaf);
        }
      }),
      RUNS,
    );
    expect(rules.get('backcheck/closure-by-proof/v2') ?? 0).toBeGreaterThan(20);
  });

  test('a scan of one virtual host says nothing about another name, nor about the bare address (COVERAGE.md 5.2)', () => {
    const names: Identifier[][] = [
      [{ kind: 'fqdn', value: 'a.example.org' }],
      [{ kind: 'fqdn', value: 'b.example.org' }],
      [],
    ];
    const address: Identifier = { kind: 'ip', value: '192.0.2.1' };
    const calledBy = (scan: ImportedScan, which: number): ImportedScan =>
      named(scan, (identifiers) => [
        ...(names[which] ?? []),
        address,
        ...identifiers.filter((one) => one.kind === 'mac' || one.kind === 'hostkey'),
      ]);
    fc.assert(
      fc.property(
        historyArb,
        historyArb,
        fc.constantFrom([0, 1], [1, 2], [2, 0]),
        (seen, clean, [one, other]) => {
          const own = seen.map((scan) => calledBy(scan, one ?? 0));
          const others = clean.map((scan, index) => ({
            ...calledBy(scan, other ?? 0),
            scan: { ...scan.scan, sha256: `b${index}`.padEnd(64, 'b') },
          }));
          const after = states([...own, ...others]);
          for (const [key, state] of states(own)) expect(after.get(key)).toBe(state);
        },
      ),
      RUNS,
    );
  });
});

describe('a link is refused', () => {
  const link = (
    identity: string,
    target: string,
    from: string | null = null,
    until: string | null = null,
  ) => ({
    identity,
    target,
    from,
    until,
  });
  const [june, july] = ['2026-06-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'];
  test.each([
    ['to itself', link('ip:a', 'ip:a'), [], 'SAME_ASSET'],
    ['when it never holds', link('ip:a', 'ip:b', july, june), [], 'EMPTY_INTERVAL'],
    [
      'when the asset is linked at that time',
      link('ip:a', 'ip:b', june),
      [link('ip:a', 'ip:c')],
      'ALREADY_LINKED',
    ],
    ['to an asset that is linked itself', link('ip:a', 'ip:b'), [link('ip:b', 'ip:c', june)], 'LINK_CHAIN'],
    ['from an asset that others are linked to', link('ip:b', 'ip:c'), [link('ip:a', 'ip:b')], 'LINK_CHAIN'],
    ['in a circle', link('ip:b', 'ip:a'), [link('ip:a', 'ip:b')], 'LINK_CHAIN'],
    [
      'not when the other one ended before',
      link('ip:a', 'ip:b', june),
      [link('ip:a', 'ip:c', null, june)],
      null,
    ],
    ['not when several lead to one asset', link('ip:a', 'ip:c'), [link('ip:b', 'ip:c')], null],
  ])('%s', (_, added, others, refusal) => {
    expect(refuseLink(added, others)).toBe(refusal);
  });
});
