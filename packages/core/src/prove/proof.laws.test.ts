import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claimsOf } from '../cover/claim.ts';
import type { ImportedScan } from '../observe/scan-facts.ts';
import { foldWorld, type WorldFinding } from '../reconcile/fold-world.ts';
import { issueCertificate } from './certificate.ts';
import {
  CLEAN_BY_NESSUS,
  type Look,
  ORGANIZATION,
  placeOf,
  SEEN_BY_NESSUS,
  scanOf,
  silentClosure,
  TEST_KEY,
} from './closure.fixture.ts';
import { closureOf, type WitnessParts, witnessScan } from './closure.ts';
import { sha256Hex } from './hash.ts';
import { proofOf } from './proof.ts';
import { verifyCertificate } from './verify-certificate.ts';

const finding = { check: 'nessus:51192', port: 443 } as const;

/** Presences, explicit absences and silences of one plugin, with what may be wrong with each. */
const looks: fc.Arbitrary<Look> = fc
  .record({
    day: fc.constantFrom('03-01', '03-02', '03-03', '03-04', '03-05'),
    kind: fc.constantFrom('present', 'absent', 'coverage', 'coverage'),
    ports: fc.constantFrom('1-1024', '443', '80', '1-442,444'),
    checks: fc.constantFrom({ ranges: '51000-52000' }, { ids: ['nessus:51192'] }, { ranges: '1-9' }, {
      all: true,
    } as const),
    evidence: fc.constantFrom('E2', 'E2', 'E3', 'E1', 'E0'),
    method: fc.constantFrom('remote', 'remote', 'banner', 'active'),
    feed: fc.constantFrom('202601010000', '202611200001', null),
    complete: fc.boolean(),
    timeSource: fc.constantFrom('file', 'declared'),
    submittedBy: fc.constantFrom('coordinator', 'coordinator', 'runner', 'organization'),
    identifiers: fc.constantFrom(
      [{ kind: 'ip', value: '192.0.2.7' } as const],
      [{ kind: 'ip', value: '192.0.2.7' } as const, { kind: 'mac', value: '00:00:5E:00:53:01' } as const],
      [{ kind: 'ip', value: '192.0.2.7' } as const, { kind: 'mac', value: '00:00:5e:00:53:02' } as const],
    ),
  })
  .map(
    ({
      day,
      kind,
      ports,
      checks,
      evidence,
      method,
      feed,
      complete,
      timeSource,
      submittedBy,
      identifiers,
    }) => ({
      ...(kind === 'present' ? SEEN_BY_NESSUS : CLEAN_BY_NESSUS),
      day,
      tool: { ...CLEAN_BY_NESSUS.tool, feed },
      coverage: { ports, checks, evidence, method, assumptions: evidence === 'E1' ? ['A-launched'] : [] },
      ...(kind === 'absent' ? { absent: finding } : {}),
      identifiers,
      scan: { complete, timeSource },
      from: { submittedBy, declaredBy: timeSource === 'declared' ? 'coordinator' : null },
    }),
  );

const worlds = fc
  .array(looks, { minLength: 2, maxLength: 7 })
  .map((list) =>
    list.map((look, index) =>
      scanOf({ ...look, scan: { ...look.scan, sha256: sha256Hex(`scan ${index}`) } }),
    ),
  );

function proofBy({ key, identifiers, observation, need }: WorldFinding, witness: WitnessParts) {
  const { title, severity, cve } = observation;
  const closure = closureOf({
    organization: ORGANIZATION,
    finding: { id: 'finding-1', asset: identifiers, key, title, severity, cve },
    need,
    lastSeenIn: sha256Hex('some scan'),
    witnesses: [witness],
  });
  return proofOf(closure);
}

/** Every claim of every scan that neither sees the finding nor takes an answer back. */
function candidates(world: readonly ImportedScan[]): WitnessParts[] {
  return world.flatMap((scan) => {
    const { claims, presences } = claimsOf(scan);
    const quiet = presences.length === 0 && claims.every((one) => one.evidence !== 'E0');
    return quiet ? claims.map((claim) => ({ scan: witnessScan(scan), claim })) : [];
  });
}

describe('closure by proof', () => {
  test('gives a certificate for whatever the fold closes, and a stranger accepts it (I15)', () => {
    let closed = 0;
    fc.assert(
      fc.property(worlds, (world) => {
        for (const one of foldWorld(world)) {
          const scan = world.find(({ scan: { sha256 } }) => sha256 === one.closing?.scan);
          if (one.closing === null || scan === undefined) continue;
          closed += 1;
          const proof = proofBy(one, { scan: witnessScan(scan), claim: one.closing.claim });
          if (proof.kind === 'refusal') throw new Error(proof.message);
          const certificate = issueCertificate({ proof, ledger: placeOf(proof.closure) }, TEST_KEY);
          expect(verifyCertificate(certificate).verdict).toBe('valid');
        }
      }),
      { numRuns: 2000 },
    );
    expect(closed).toBeGreaterThan(50);
  });

  test('gives none for what the fold leaves open, whichever claim is put forward', () => {
    let refused = 0;
    fc.assert(
      fc.property(worlds, (world) => {
        for (const one of foldWorld(world).filter(({ state }) => state !== 'verified-fixed')) {
          for (const witness of candidates(world)) {
            refused += 1;
            expect(proofBy(one, witness).kind).toBe('refusal');
          }
        }
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  test('answers a closure with anything in any place by a proof or a refusal, never by a fault', () => {
    const stored = JSON.stringify(silentClosure());
    const values = [...stored.matchAll(/(?<=[:[,])("[^"]*"|\d+|true|false|null)(?=[,\]}])/g)];
    fc.assert(
      fc.property(fc.nat({ max: values.length - 1 }), fc.jsonValue(), (which, value) => {
        const at = values[which]?.index ?? 0;
        const length = values[which]?.[0].length ?? 0;
        const text = stored.slice(0, at) + JSON.stringify(value) + stored.slice(at + length);
        expect(['proof', 'refusal']).toContain(proofOf(JSON.parse(text)).kind);
      }),
      { numRuns: 3000 },
    );
  });
});
