import { describe, expect, test } from 'vitest';
import type { ImportedScan } from '../observe/scan-facts.ts';
import { foldWorld } from './fold-world.ts';

const day = (n: number, hour = 0): string => new Date(Date.UTC(2026, 8, n, hour)).toISOString();

interface Plan {
  readonly seen: boolean;
  readonly feed?: string | null;
  readonly vantage?: string;
  readonly assets?: readonly string[];
  readonly reached?: boolean;
}

let scans = 0;

/** A Nessus run on one day over these assets: complete, with the check in its launched list. */
function scan(
  on: number,
  { seen, feed = '202609010000', vantage = 'main', assets = ['192.0.2.7'], reached = true }: Plan,
): ImportedScan {
  scans += 1;
  return {
    scan: {
      record: 'scan',
      format: 'nessus',
      tool: { name: 'nessus', version: '10.8', feed },
      startedAt: day(on),
      finishedAt: day(on, 2),
      timeSource: 'file',
      complete: true,
      sha256: `${scans}`.padStart(64, '0'),
    },
    assets: assets.map((value) => ({
      record: 'asset',
      id: value,
      identifiers: [{ kind: 'ip', value }],
      reached,
      startedAt: day(on),
      finishedAt: day(on, 1),
      credential: 'none',
    })),
    coverage: assets.map((asset) => ({
      record: 'coverage',
      asset,
      transport: 'tcp',
      ports: '1-65535',
      checks: { ranges: '104743' },
      method: 'remote',
      evidence: 'E2',
      assumptions: [],
    })),
    observations: (seen ? assets : []).map((asset) => ({
      record: 'observation',
      asset,
      transport: 'tcp',
      port: 443,
      check: 'nessus:104743',
      locus: '',
      verdict: 'present',
      title: 'TLS 1.0 is offered',
      severity: 'medium',
      cve: [],
      cwe: [],
      cvss: [],
      at: null,
    })),
    warnings: [],
    importedAt: day(30),
    vantage,
    submittedBy: 'coordinator',
    declaredBy: null,
    quarantined: false,
  };
}

const fold = (...list: ImportedScan[]) => {
  const [finding] = foldWorld(list);
  return { state: finding?.state, reason: finding?.reason };
};

describe('what the scans of a finding say together', () => {
  test('a finding that was proven gone and returns is regressed, also when the scanner had a newer feed by then', () => {
    const before = scan(1, { seen: true, feed: '202609010000' });
    const clean = scan(3, { seen: false, feed: '202609030000' });
    const again = scan(5, { seen: true, feed: '202609050000' });
    expect(fold(before, clean).state).toBe('verified-fixed');
    expect(fold(before, clean, again)).toEqual({ state: 'regressed', reason: null });
  });

  test('a clean scan that states no feed makes a finding likely fixed, not proven', () => {
    expect(fold(scan(1, { seen: true }), scan(3, { seen: false, feed: null }))).toEqual({
      state: 'fixed-unverified',
      reason: 'OLDER_FEED',
    });
  });

  test('a finding seen from two places is closed when it is gone from both', () => {
    const seen = [scan(1, { seen: true }), scan(2, { seen: true, vantage: 'outside' })];
    const inside = scan(3, { seen: false });
    expect(fold(...seen, inside)).toEqual({ state: 'open', reason: 'OTHER_VANTAGE' });
    expect(fold(...seen, inside, scan(4, { seen: false, vantage: 'outside' })).state).toBe('verified-fixed');
  });

  test('a scan from before a finding was first seen is no reason for its being open, unless it was clean', () => {
    const down = scan(1, { seen: false, reached: false });
    expect(fold(down, scan(2, { seen: true }))).toEqual({ state: 'open', reason: null });
    expect(fold(scan(1, { seen: false }), scan(2, { seen: true }))).toEqual({
      state: 'open',
      reason: 'STALE',
    });
  });

  test('a scan of one other asset says nothing; a scan of many that has no word of this one did not reach it', () => {
    const seen = scan(1, { seen: true });
    expect(fold(seen, scan(2, { seen: false, assets: ['192.0.2.8'] })).reason).toBeNull();
    expect(fold(seen, scan(2, { seen: false, assets: ['192.0.2.8', '192.0.2.9'] })).reason).toBe('NO_HOST');
  });
});
