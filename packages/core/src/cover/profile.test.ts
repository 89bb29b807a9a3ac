import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { severalToolsArb } from '../../../../tests/support/histories.ts';
import { keyText } from '../observe/finding-key.ts';
import type { CoverageRecord } from '../observe/record.ts';
import { foldWorld } from '../reconcile/fold-world.ts';
import { checkSet, hasCheck } from './check-set.ts';
import { hasPort, NO_PORTS, parsePorts } from './ports.ts';
import { ProfileLift, profileObstacle, type RegisteredProfile, withProfile } from './profile.ts';

const SUPPLY = { transport: 'tcp', ports: '1-1024', checks: { all: true } } as const;

function registered(supplies: RegisteredProfile['content']['supplies']): RegisteredProfile {
  const title = { en: 'Full and fast', zh: '完整快速' };
  return {
    ref: { name: 'full', version: 1, sha256: 'a'.repeat(64) },
    content: { profile: 'full', version: 1, tool: 'greenbone', title, supplies },
    registeredAt: '2026-01-01T00:00:00.000Z',
  };
}

const SILENT: CoverageRecord = {
  record: 'coverage',
  asset: 'a1',
  transport: 'tcp',
  ports: '443,8443',
  checks: { ids: ['greenbone:1.3.6.1', 'greenbone:1.3.6.2'] },
  method: 'remote',
  evidence: 'E1',
  assumptions: ['A-config', 'A-qod'],
};

const lifted = (supplies: RegisteredProfile['content']['supplies'], record = SILENT): CoverageRecord[] =>
  new ProfileLift(registered(supplies)).lift(record);

describe('a scan profile', () => {
  test('lifts what it vouches for, port by port and check by check, and names itself', () => {
    const supplies = [
      { ...SUPPLY, assumption: 'A-config' },
      { ...SUPPLY, assumption: 'A-qod', checks: { ids: ['greenbone:1.3.6.2', 'greenbone:1.3.6.9'] } },
    ];
    expect(lifted(supplies)).toEqual([
      {
        ...SILENT,
        ports: '443',
        checks: { ids: ['greenbone:1.3.6.2'] },
        evidence: 'E2',
        profile: { name: 'full', version: 1, sha256: 'a'.repeat(64) },
      },
    ]);
  });

  test('lifts nothing when one assumption stays', () => {
    expect(lifted([{ ...SUPPLY, assumption: 'A-config' }])).toEqual([]);
  });

  test('lifts nothing on another transport, on no common port and for no common check', () => {
    const both = (part: object) =>
      ['A-config', 'A-qod'].map((assumption) => ({ ...SUPPLY, ...part, assumption }));
    expect(lifted(both({}))).toHaveLength(1);
    for (const part of [{ transport: 'udp' }, { ports: '1-100' }, { checks: { ids: ['greenbone:9'] } }]) {
      expect(lifted(both(part))).toEqual([]);
    }
  });

  test('never lifts a failure to look, nor what needs no lift', () => {
    const supplies = [
      { ...SUPPLY, assumption: 'A-config' },
      { ...SUPPLY, assumption: 'A-qod' },
    ];
    for (const evidence of ['E0', 'E2', 'E3'] as const)
      expect(lifted(supplies, { ...SILENT, evidence })).toEqual([]);
  });

  test('counts for its own tool, and only when it was registered before the scan began', () => {
    const profile = registered([]);
    const scan = (name: string, startedAt: string | null) => ({
      tool: { name, version: null, feed: null },
      startedAt,
    });
    expect(profileObstacle(profile, scan('greenbone', '2026-01-01T00:00:00.000Z'))).toBeNull();
    expect(profileObstacle(profile, scan('greenbone', '2025-12-31T23:59:59.999Z'))).toBe('PROFILE_LATER');
    expect(profileObstacle(profile, scan('greenbone', null))).toBe('PROFILE_LATER');
    expect(profileObstacle(profile, scan('nessus', '2026-02-01T00:00:00.000Z'))).toBe('PROFILE_OTHER_TOOL');
  });
});

describe('laws of scan profiles', () => {
  test('what closes by a profile lies within what the profile vouches for', () => {
    let closed = 0;
    fc.assert(
      fc.property(severalToolsArb, (sent) => {
        const scans = sent.map(({ scan, profile }) => (profile === null ? scan : withProfile(scan, profile)));
        for (const { key, closing } of foldWorld(scans)) {
          const ref = closing?.claim.profile;
          if (closing === null || ref === undefined) continue;
          closed += 1;
          const by = sent.find((one) => one.scan.scan.sha256 === closing.scan)?.profile;
          if (by === null || by === undefined) throw new Error('lifted without a profile');
          expect(by.ref).toEqual(ref);
          expect(by.registeredAt <= closing.at).toBe(true);
          for (const assumption of closing.claim.assumptions) {
            const vouches = by.content.supplies.some(
              (one) =>
                one.assumption === assumption &&
                one.transport === key.transport &&
                hasPort(parsePorts(one.ports) ?? NO_PORTS, key.port) &&
                hasCheck(checkSet(one.checks, by.content.tool), key.check),
            );
            expect(vouches).toBe(true);
          }
        }
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(closed).toBeGreaterThan(0);
  });

  test('a profile takes nothing away: what was closed stays closed', () => {
    fc.assert(
      fc.property(severalToolsArb, (sent) => {
        const plain = foldWorld(sent.map(({ scan }) => scan));
        const after = new Map(
          foldWorld(
            sent.map(({ scan, profile }) => (profile === null ? scan : withProfile(scan, profile))),
          ).map((one) => [keyText(one.key), one.state]),
        );
        for (const { key, state } of plain)
          if (state === 'verified-fixed') expect(after.get(keyText(key))).toBe(state);
      }),
      { numRuns: 1000 },
    );
  });
});

test('what nobody can promise before a scan is lifted by no profile', () => {
  const record = {
    record: 'coverage',
    asset: 'a1',
    transport: 'none',
    ports: '0',
    checks: { all: true },
    method: 'local',
    evidence: 'E1',
    assumptions: ['A-party'],
  } as const;
  const supplies = (assumption: string) => [
    { assumption, transport: 'none', ports: '0', checks: { all: true } } as const,
  ];
  const liftOf = (assumption: string) =>
    new ProfileLift({
      ref: { name: 'p', version: 1, sha256: 'a'.repeat(64) },
      content: {
        profile: 'p',
        version: 1,
        tool: 'x',
        title: { en: 'P', zh: '方案' },
        supplies: supplies(assumption),
      },
      registeredAt: '2026-01-01T00:00:00.000Z',
    }).lift({ ...record, assumptions: [assumption] });
  expect(liftOf('A-config')).toHaveLength(1);
  for (const name of ['A-party', 'A-vendor', 'A-response', 'A-node', 'A-time'])
    expect(liftOf(name)).toEqual([]);
});
