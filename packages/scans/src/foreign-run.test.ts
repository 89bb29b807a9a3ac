import type { Fact, ScanRecord } from '@backcheck/core';
import { expect, test } from 'vitest';
import { ForeignRun, type RunBounds, refuseForeignRun } from './foreign-run.ts';

const RUN: RunBounds = {
  tool: 'nmap',
  targets: ['www.example.org', '192.0.2.7'],
  notBefore: '2026-05-01T10:00:00.000Z',
};
const SCAN: ScanRecord = {
  record: 'scan',
  format: 'nmap-xml',
  tool: { name: 'nmap', version: '7.93', feed: null },
  startedAt: '2026-05-01T10:00:05.000Z',
  finishedAt: null,
  timeSource: 'file',
  complete: true,
  sha256: '0'.repeat(64),
};
const assetAt = (
  value: string,
  kind: 'ip' | 'fqdn' | 'url' = 'ip',
  startedAt: string | null = null,
): Fact => ({
  record: 'asset',
  id: 'a1',
  identifiers: [
    { kind, value },
    { kind: 'ip', value: '192.0.2.7' },
  ],
  reached: true,
  startedAt,
  finishedAt: null,
  credential: 'none',
});

async function passed(facts: readonly Fact[], scan: Partial<ScanRecord> = {}): Promise<Fact[]> {
  async function* file(): AsyncGenerator<Fact[], ScanRecord> {
    yield [...facts];
    return { ...SCAN, ...scan };
  }
  const all: Fact[] = [];
  for await (const some of refuseForeignRun(file(), RUN)) all.push(...some);
  return all;
}

test('a file of the run passes, whether it calls the target by name or by address', async () => {
  const facts = [assetAt('192.0.2.7'), assetAt('www.example.org', 'fqdn')];
  expect(await passed(facts)).toEqual(facts);
  expect(await passed(facts, { startedAt: null })).toEqual(facts);
});

test.each<[string, readonly Fact[], Partial<ScanRecord>]>([
  ['of a time before the run', [], { startedAt: '2026-04-30T10:00:05.000Z' }],
  ['with a visit before the run', [assetAt('192.0.2.7', 'ip', '2026-04-30T10:00:05.000Z')], {}],
  ['of another tool', [], { tool: { name: 'nessus', version: null, feed: null } }],
  ['that speaks of another machine too', [assetAt('192.0.2.7'), assetAt('192.0.2.8')], {}],
  ['that calls another machine by a name of its own', [assetAt('intranet.example.org', 'fqdn')], {}],
  ['of a repository', [assetAt('https://git.example.org/portal', 'url')], {}],
])('a file %s is refused', async (_, facts, scan) => {
  await expect(passed(facts, scan)).rejects.toThrow(ForeignRun);
});
