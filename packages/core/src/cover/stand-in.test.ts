import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { severalToolsArb } from '../../../../tests/support/histories.ts';
import { keyText } from '../observe/finding-key.ts';
import type { ImportedScan } from '../observe/scan-facts.ts';
import { equivalenceOf } from '../problem/equivalence.ts';
import { scanOf } from '../prove/closure.fixture.ts';
import { closureOf, witnessScan } from '../prove/closure.ts';
import { proofOf } from '../prove/proof.ts';
import { foldWorld } from '../reconcile/fold-world.ts';

const NMAP = { name: 'nmap', version: '7.93', feed: null };
const SSLSCAN = { name: 'sslscan', version: '2.0.7', feed: null };
const POODLE = { check: 'nmap-script:ssl-poodle', port: 443 };
const SSL3 = { check: 'sslscan:ssl3', port: 443 };
const seen = scanOf({ day: '03-02', tool: NMAP, present: POODLE });
const clean = scanOf({ day: '04-11', tool: SSLSCAN, absent: SSL3 });
const stateOf = (scans: readonly ImportedScan[], check: string, crossTool = true) =>
  foldWorld(scans, { crossTool }).find((one) => one.key.check === check);

describe('another tool that proves the weakness gone', () => {
  test('closes only where the organization allows it', () => {
    expect(stateOf([seen, clean], POODLE.check, false)?.state).toBe('open');
    expect(stateOf([seen, clean], POODLE.check)).toMatchObject({
      state: 'verified-fixed',
      closing: {
        scan: clean.scan.sha256,
        standIn: { check: 'sslscan:ssl3', locus: '', equivalence: 'ssl-3.0-offered' },
      },
    });
  });

  test('closes in the declared direction only', () => {
    const sslscan = scanOf({ day: '03-02', tool: SSLSCAN, present: SSL3 });
    const nmap = scanOf({ day: '04-11', tool: NMAP, absent: POODLE });
    expect(stateOf([sslscan, nmap], SSL3.check)?.state).toBe('open');
  });

  test('explains nothing when it fails: the reason is that of the own tool', () => {
    const silentSslscan = scanOf({ day: '04-11', tool: SSLSCAN });
    expect(stateOf([seen, silentSslscan], POODLE.check)).toMatchObject({ state: 'open', reason: null });
  });

  test('closes nothing when the same scan saw the weakness by another of its checks, or got no answer', () => {
    const { observations } = scanOf({ day: '03-02', tool: NMAP, present: { ...SSL3, locus: '' } });
    const error = observations.map((one) => ({ ...one, verdict: 'error' as const }));
    for (const also of [observations, error]) {
      const both = { ...clean, observations: [...clean.observations, ...also] };
      expect(stateOf([seen, both], POODLE.check)?.state).toBe('open');
    }
  });

  test('is named in the closure, which is judged again from itself', () => {
    const finding = stateOf([seen, clean], POODLE.check);
    if (finding?.closing == null) throw new Error('not closed');
    const { key, need, identifiers, closing, observation } = finding;
    const { title, severity, cve } = observation;
    const closure = closureOf({
      organization: { id: '1', name: 'Example' },
      finding: { id: '1', asset: identifiers, key, title, severity, cve },
      need,
      lastSeenIn: seen.scan.sha256,
      witnesses: [{ scan: witnessScan(clean), claim: closing.claim, standIn: closing.standIn }],
    });
    expect(closure.rule).toBe('backcheck/closure-by-proof/v2');
    expect(proofOf(closure)).toMatchObject({ kind: 'proof', closure });
    const forged = (part: object) => {
      const [witness] = closure.witnesses;
      return proofOf({ ...closure, witnesses: [{ ...witness, ...part }] });
    };
    const equivalence = 'tls-1.0-offered';
    expect(forged({ standIn: { ...closing.standIn, equivalence } })).toMatchObject({
      failed: [{ step: 'stand-in' }],
    });
    expect(forged({ profile: { name: 'x', version: 1, sha256: 'a'.repeat(64) } })).toMatchObject({
      failed: [{ step: 'profile' }],
    });
    expect(proofOf({ ...closure, rule: 'backcheck/closure-by-proof/v1' })).toMatchObject({ kind: 'refusal' });
  });
});

describe('laws of closing across tools', () => {
  const worlds = severalToolsArb.map((sent) => sent.map(({ scan }) => scan));
  const seenBy = (scans: readonly ImportedScan[], crossTool: boolean) =>
    foldWorld(scans, { crossTool }).map(({ key, state, reason, closing }) => ({
      key,
      state,
      reason,
      proof: closing === null ? null : { scan: closing.scan, at: closing.at, standIn: closing.standIn },
    }));

  test('I1 the order in which scans arrive does not matter', () => {
    fc.assert(
      fc.property(worlds, (scans) => {
        expect(seenBy(scans.toReversed(), true)).toEqual(seenBy(scans, true));
      }),
      { numRuns: 1000 },
    );
  });

  test('it closes more and never less, and each closing that is new names a declared stand-in of another tool', () => {
    let closed = 0;
    fc.assert(
      fc.property(worlds, (scans) => {
        const off = new Map(foldWorld(scans).map((one) => [keyText(one.key), one]));
        for (const { key, state, closing } of foldWorld(scans, { crossTool: true })) {
          const before = off.get(keyText(key));
          if (before?.state === 'verified-fixed') expect(state).toBe('verified-fixed');
          if (closing?.standIn == null) continue;
          closed += 1;
          const { check, locus, equivalence } = closing.standIn;
          expect(equivalenceOf(key)?.name).toBe(equivalence);
          expect(equivalenceOf({ check, locus })?.name).toBe(equivalence);
          // Nessus ranks lowest for a self-signed certificate.
          expect(check).not.toBe('nessus:57582');
          const scan = scans.find((one) => one.scan.sha256 === closing.scan);
          expect(key.check.startsWith(scan?.scan.tool.name ?? '?')).toBe(false);
        }
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(closed).toBeGreaterThan(0);
  });
});
