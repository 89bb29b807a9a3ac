import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanFacts } from '@backcheck/core';
import { expect, test } from 'vitest';
import { readScan } from '../read-scan.ts';
import { UnreadableScan } from '../reader.ts';
import { gather, statesOf } from '../testing/gather.ts';
import { fixture, sharedFolder, tenths } from '../testing/scan-of.ts';

const FIRST = '2026-11-21T02:00:00.000Z';
const LATER = '2026-11-22T02:00:00.000Z';

const file = async (name: string, declaredAt?: string): Promise<ScanFacts> =>
  gather(await fixture(`testssl/${name}`), declaredAt === undefined ? {} : { declaredAt });
const open = (states: Record<string, string>) =>
  Object.entries(states).filter(([, state]) => state !== 'verified-fixed');

test('the CSV says what the flat JSON of the same run says', async () => {
  for (const name of ['before', 'after', 'down', 'non-tls']) {
    const { scan, ...csv } = await file(`${name}.csv`, FIRST);
    const { scan: _, ...json } = await file(`${name}-flat.json`, FIRST);
    expect(csv).toEqual(json);
    expect(scan).toMatchObject({ format: 'testssl-csv', timeSource: 'declared', complete: false });
  }
});

test('of a fixed server it closes what was fixed, once somebody says when it was made', async () => {
  const states = statesOf([await file('before.csv', FIRST), await file('after.csv', LATER)]);
  expect(open(states)).toEqual([
    ['testssl:cert_chain_of_trust 443', 'open'],
    ['testssl:cert_revocation 443', 'open'],
  ]);
  const undated = statesOf([await file('before.csv', FIRST), await file('after.csv')]);
  expect(undated['testssl:TLS1 443']).toBe('open NO_TIME');
  expect(Object.values(undated)).not.toContain('verified-fixed');
});

test('a row that is missing closes nothing, nor does a server that is down', async () => {
  const [header, ...rows] = (await fixture('testssl/after.csv')).split('\n');
  const narrow = [header, ...rows.filter((row) => row.startsWith('"SSLv')), ''].join('\n');
  for (const later of [
    gather(narrow, { declaredAt: LATER }),
    file('down.csv', LATER),
    file('non-tls.csv', LATER),
  ]) {
    const states = statesOf([await file('before.csv', FIRST), await later]);
    expect(states['testssl:TLS1 443']).toMatch(/^open/);
  }
});

test('a server that speaks no protocol at all was blocking the scan', async () => {
  const silent = (await fixture('testssl/after.csv')).replace(
    /^("TLS1_[23]".*)"offered[^"]*"/gm,
    '$1"not offered"',
  );
  const states = statesOf([await file('before.csv', FIRST), await gather(silent, { declaredAt: LATER })]);
  expect(Object.values(states)).not.toContain('verified-fixed');
});

test('a file that was cut closes nothing', async () => {
  const before = await file('before.csv', FIRST);
  for (const part of tenths(await fixture('testssl/after.csv'))) {
    const cut = await gather(part, { declaredAt: LATER }).catch((error: unknown) => {
      expect(error).toBeInstanceOf(UnreadableScan);
      return null;
    });
    if (cut === null) continue;
    expect(cut.scan.truncated).toBe(true);
    expect(Object.values(statesOf([before, cut]))).not.toContain('verified-fixed');
  }
});

const HEADER = '"id","fqdn/ip","port","severity","finding","cve","cwe"\n';

test('columns in another order, a name without its address and odd rows are survived', async () => {
  const moved = 'port;severity;id;finding;fqdn/ip\r\n443;LOW;TLS1;offered;www.example.org\r\n';
  const { assets, observations } = await gather(moved);
  expect(assets).toMatchObject([{ identifiers: [{ kind: 'fqdn', value: 'www.example.org' }] }]);
  expect(observations).toMatchObject([{ check: 'testssl:TLS1', port: 443, verdict: 'present' }]);
  const odd = `${HEADER}"TLS1"\n"","","","","",""\n"TLS1","a b","x","LOW","offered","",""\n"__proto__","192.0.2.1/192.0.2.1","443","OK","x\0y","",""\n`;
  const { warnings } = await gather(odd);
  expect(warnings.every((one) => one.code === 'BAD_RECORD')).toBe(true);
});

test('100,000 rows of many servers are read within bounds', async () => {
  async function* many(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(HEADER);
    for (let i = 0; i < 1000; i++) {
      const row = (j: number) => `"check_${j}","h${i}.example.org/192.0.2.1","443","LOW","offered","",""\n`;
      yield Buffer.from(Array.from({ length: 100 }, (_, j) => row(j)).join(''));
    }
  }
  let seen = 0;
  const before = process.memoryUsage().heapUsed;
  for await (const facts of readScan(many()))
    seen += facts.filter((fact) => fact.record === 'observation').length;
  expect(seen).toBe(100_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 1024 * 1024);
}, 20_000);

const folder = sharedFolder('scans/testssl');

test.skipIf(folder === undefined)(
  'every CSV of the corpus is read (skipped where ../shared is absent)',
  async () => {
    for (const name of readdirSync(folder ?? '')) {
      const { scan, assets } = await gather(readFileSync(join(folder ?? '', name)));
      expect(scan.format, name).toBe('testssl-csv');
      expect(assets, name).toHaveLength(1);
    }
  },
);
