import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Fact, ScanFacts } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { readScan } from '../read-scan.ts';
import { UnreadableScan } from '../reader.ts';
import { gather, statesOf } from '../testing/gather.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url));
const FIXTURES = `${PROJECT}fixtures/scans/`;

const file = async (name: string): Promise<ScanFacts> => gather(await fixture(`generic/${name}`));
const after = async (name: string) => statesOf([await file('before.jsonl'), await file(name)]);

test('what the file claims counts as it stands there', async () => {
  expect(await after('after.jsonl')).toEqual({
    'house-audit:telnet 23': 'verified-fixed',
    'house-audit:password': 'verified-fixed',
    'house-audit:kernel': 'fixed-unverified CHECK_NOT_RUN',
    'house-audit:backup 443 /backup': 'open CHECK_NOT_RUN',
    'house-audit:disk': 'open TIMEOUT',
  });
});

test('without its end record a file is cut and closes nothing', async () => {
  const { scan, warnings } = await file('after-unfinished.jsonl');
  expect(scan).toMatchObject({ truncated: true, complete: false });
  expect(warnings.map((one) => one.code)).toEqual(['SLOW_DISK', 'TRUNCATED']);
  expect(Object.values(await after('after-unfinished.jsonl'))).not.toContain('verified-fixed');
  for (const part of tenths(await fixture('generic/after.jsonl'))) {
    const cut = await gather(part).catch((error: unknown) => {
      expect(error).toBeInstanceOf(UnreadableScan);
      return null;
    });
    if (cut !== null) expect(cut.scan).toMatchObject({ truncated: true, complete: false });
  }
});

test('times that a person declared must be declared again', async () => {
  const { scan, assets, warnings } = await file('after-declared.jsonl');
  expect(scan).toMatchObject({ timeSource: 'none', startedAt: null, finishedAt: null });
  expect(assets).toMatchObject([{ startedAt: null, finishedAt: null }]);
  expect(warnings.map((one) => one.code)).toContain('DECLARED_TIME_DROPPED');
  expect((await after('after-declared.jsonl'))['house-audit:password']).toBe('open NO_TIME');
});

/** As `backcheck read` prints a file that is whole. */
function printed({ scan, assets, coverage, observations, warnings }: ScanFacts): string {
  const end = {
    record: 'end',
    assets: assets.length,
    observations: observations.length,
    coverage: coverage.length,
    warnings: warnings.length,
  };
  const records = [scan, ...observations, ...assets, ...coverage, ...warnings, end];
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

const facts = ({ scan, ...rest }: ScanFacts) => {
  const { format: _format, sha256: _sha256, ...said } = scan;
  return { ...rest, scan: said };
};

test('what was read of any fixture comes back the same', async () => {
  const entries = await readdir(FIXTURES, { recursive: true, withFileTypes: true });
  let checked = 0;
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = `${entry.parentPath}/${entry.name}`;
    const first = await gather(await readFile(path)).catch(() => null);
    if (first === null) continue;
    expect({ path, ...facts(await gather(printed(first))) }).toEqual({ path, ...facts(first) });
    checked += 1;
  }
  expect(checked).toBeGreaterThan(50);
}, 30_000);

test('what the command prints is this format', async () => {
  const bin = `${PROJECT}packages/cli/bin/backcheck.mjs`;
  const path = `${FIXTURES}nessus/before.nessus`;
  const { stdout } = spawnSync(process.execPath, [bin, 'read', path], { encoding: 'utf8' });
  const again = await gather(stdout);
  expect(again.scan.format).toBe('backcheck-jsonl');
  expect(facts(again)).toEqual(facts(await gather(await readFile(path))));
}, 30_000);

async function changed(change: (record: Record<string, unknown>) => unknown): Promise<ScanFacts> {
  const lines = (await fixture('generic/after.jsonl')).trimEnd().split('\n');
  const records = lines.flatMap((line) => change(JSON.parse(line)) ?? []);
  return gather(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

describe('a record that is not as the schema has it damages the file', () => {
  test.each([
    ['asset', 'identifiers', [[], 'x', [{ kind: 'email', value: 'x' }], [{ kind: 'ip', value: '' }], [null]]],
    ['asset', 'startedAt', ['2026-11-22T02:00:00', 'soon', 7, undefined]],
    ['asset', 'reached', ['yes', null, undefined]],
    ['asset', 'reason', ['BORED', null, 7]],
    ['coverage', 'ports', ['', '70000', '9-1', 'all', 80, null]],
    [
      'coverage',
      'checks',
      [
        {},
        { all: 'yes' },
        { all: true, ids: ['a:b'] },
        { ids: ['x'] },
        { ids: 'a:b' },
        { ranges: 'x' },
        null,
      ],
    ],
    ['coverage', 'evidence', ['E4', 3, null]],
    ['coverage', 'assumptions', [['because'], 'A-rules', null]],
    ['coverage', 'within', ['/a', [7], null]],
    ['observation', 'port', [-1, 65_536, 1.5, '23', null]],
    ['observation', 'check', ['telnet', ':x', 7]],
    ['observation', 'verdict', ['gone', true]],
    ['observation', 'cve', [['CVE-1'], 'CVE-2021-44228', [7]]],
    ['observation', 'method', ['guess', null]],
    ['warning', 'code', ['slow disk', '', 7]],
    ['warning', 'message', ['', 7]],
    ['warning', 'line', ['4', -1]],
    ['scan', 'tool', [null, { name: 'a:b', version: null, feed: null }, { name: 'a' }]],
    ['scan', 'timeSource', ['clock', null]],
    ['end', 'assets', [0, '1', null]],
    ['end', 'coverage', [3, 5]],
  ])('%s with a wrong %s', async (name, key, values) => {
    for (const value of values) {
      const { scan, warnings } = await changed((record) =>
        record['record'] === name ? { ...record, [key]: value } : record,
      );
      expect({ value, ...scan }).toMatchObject({ truncated: true, complete: false });
      expect(warnings.map((one) => one.code)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^(BAD_RECORD|TRUNCATED)$/)]),
      );
    }
  });

  test('E1 that names no assumption, an asset that is missing or there twice, a second scan, something behind the end', async () => {
    const broken = [
      (one: Record<string, unknown>) => (one['evidence'] === 'E1' ? { ...one, assumptions: [] } : one),
      (one: Record<string, unknown>) => (one['record'] === 'asset' ? { ...one, id: 'a2' } : one),
      (one: Record<string, unknown>) => (one['record'] === 'asset' ? [one, one] : one),
      (one: Record<string, unknown>) => (one['record'] === 'scan' ? [one, one] : one),
      (one: Record<string, unknown>) =>
        one['record'] === 'end' ? [one, { record: 'warning', code: 'X', message: 'x' }] : one,
      (one: Record<string, unknown>) => (one['record'] === 'asset' ? { ...one, record: 'host' } : one),
    ];
    for (const change of broken) expect((await changed(change)).scan.truncated).toBe(true);
  });
});

test('100,000 records are read within bounds', async () => {
  const [scan, , asset] = (await fixture('generic/before.jsonl')).split('\n');
  const one = JSON.stringify(JSON.parse(asset ?? ''));
  async function* many(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${scan}\n`);
    for (let i = 0; i < 100_000; i += 1000) yield Buffer.from(`${one}\n`.repeat(1000));
  }
  const counts: Record<Fact['record'], number> = {
    asset: 0,
    coverage: 0,
    observation: 0,
    explanation: 0,
    warning: 0,
  };
  const before = process.memoryUsage().heapUsed;
  for await (const batch of readScan(many())) for (const fact of batch) counts[fact.record] += 1;
  expect(counts).toMatchObject({ observation: 100_000, warning: 1 });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 1024 * 1024);
}, 20_000);
