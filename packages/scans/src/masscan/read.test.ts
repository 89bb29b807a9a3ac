import type { ScanFacts } from '@backcheck/core';
import { expect, test } from 'vitest';
import { readScan } from '../read-scan.ts';
import { UnreadableScan } from '../reader.ts';
import { gather, statesOf } from '../testing/gather.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const file = async (name: string): Promise<ScanFacts> => gather(await fixture(`masscan/${name}`));
const after = async (before: string, name: string) => statesOf([await file(before), await file(name)]);

test.each([
  ['before.json', 'masscan', 7],
  ['after.json', 'masscan', 1],
  ['after-open-only.json', 'masscan', 1],
  ['after-lines.ndjson', 'masscan', 1],
  ['before.xml', 'masscan-xml', 4],
  ['after.xml', 'masscan-xml', 0],
])('%s is read as %s', async (name, format, presences) => {
  const { scan, observations, coverage, warnings } = await file(name);
  expect(scan).toMatchObject({ format, tool: { name: 'masscan' }, timeSource: 'file' });
  expect(scan.complete).toBe(!name.endsWith('.ndjson'));
  expect(observations.filter((one) => one.verdict === 'present')).toHaveLength(presences);
  expect([coverage, warnings]).toEqual([[], []]);
});

test('a port that refused (--show closed) is closed; a port that is not in the file is not', async () => {
  expect(await after('before.json', 'after.json')).toEqual({
    'masscan:open-port 22': 'open',
    'masscan:open-port 23': 'verified-fixed',
    'masscan:open-port 53': 'open PORT_OUTSIDE',
    'masscan:open-port 443': 'open PORT_OUTSIDE',
    'masscan:open-port 3389': 'verified-fixed',
    'masscan:heartbleed 443': 'open PORT_OUTSIDE',
  });
  expect(await after('before.json', 'after-lines.ndjson')).toMatchObject({
    'masscan:open-port 23': 'verified-fixed',
    'masscan:open-port 3389': 'open',
  });
  expect(await after('before.xml', 'after.xml')).toMatchObject({
    'masscan:open-port 23': 'verified-fixed',
    'masscan:open-port 3389': 'open PORT_OUTSIDE',
  });
});

test('a run that shows open ports only closes nothing', async () => {
  const states = Object.values(await after('before.json', 'after-open-only.json'));
  expect(states.filter((state) => !state.startsWith('open'))).toEqual([]);
});

test('a weakness that the banner names has its CVE', async () => {
  const { observations } = await file('before.xml');
  expect(observations.at(-1)).toMatchObject({
    check: 'masscan:heartbleed',
    port: 443,
    severity: 'high',
    cve: ['CVE-2014-0160'],
    at: '2026-11-21T02:00:06.000Z',
  });
});

const record = (more: object = {}, port: object = {}): string =>
  JSON.stringify({
    ip: '192.0.2.41',
    timestamp: '1795226400',
    ports: [{ port: 80, proto: 'tcp', status: 'open', reason: 'syn-ack', ttl: 60, ...port }],
    ...more,
  });

test.each([
  ['one line', `[${record()},${record()}]`, true],
  ['spread over lines', JSON.stringify(JSON.parse(`[${record()},${record()}]`), null, 2), true],
  ['a comma behind the last record', `[\n${record()},\n${record()},\n]\n`, true],
  ['the old mark of the end', `[\n${record()},\n${record()},\n{finished: 1}\n]\n`, true],
  ['the old mark and no brackets', `${record()},\n${record()},\n{finished: 1}\n`, true],
  ['no mark and no brackets', `${record()},\n${record()},\n`, false],
  [
    'keys in another order',
    `[${JSON.stringify(JSON.parse(record()), ['ports', 'timestamp', 'ip', 'proto', 'status', 'port'])},${record()}]`,
    true,
  ],
])('JSON of Masscan in %s is read', async (_what, text, complete) => {
  for (const size of [7, 10_000]) {
    const { scan, observations, warnings } = await gather(text, {}, size);
    expect(warnings).toEqual([]);
    expect(observations).toHaveLength(2);
    expect(scan.complete).toBe(complete);
  }
});

test('answers to a ping and unknown states are neither presence nor absence', async () => {
  const rows = [
    record({}, { proto: 'icmp', port: 0 }),
    record({}, { status: 'arp' }),
    record({}, { status: 'unknown' }),
  ];
  const { assets, observations, warnings } = await gather(`[${rows.join(',')}]`);
  expect(assets).toMatchObject([{ reached: true }]);
  expect([observations, warnings]).toEqual([[], []]);
});

test('a refusal without its time is not dated by other ports of the asset', async () => {
  const undated = record({ timestamp: '0' }, { port: 81, status: 'closed' });
  const { observations } = await gather(`[${record()},${undated}]`);
  expect(observations).toMatchObject([{ port: 80, verdict: 'present' }]);
});

test('a file that was cut closes nothing', async () => {
  for (const [before, name] of [
    ['before.json', 'after.json'],
    ['before.xml', 'after.xml'],
  ] as const) {
    for (const part of tenths(await fixture(`masscan/${name}`))) {
      const cut = await gather(part).catch((error: unknown) => {
        expect(error).toBeInstanceOf(UnreadableScan);
        return null;
      });
      if (cut === null) continue;
      expect(cut.scan).toMatchObject({ truncated: true, complete: false });
      expect(Object.values(statesOf([await file(before), cut]))).not.toContain('verified-fixed');
    }
  }
});

test('wrong types anywhere are a warning and no verdict', async () => {
  for (const odd of [null, 0, -1, 70_000, 'x', [], {}, '<b>', '1e3', { toString: 1, valueOf: 1 }]) {
    for (const bad of [record({ ip: odd }), record({ ports: odd }), record({}, { port: odd })]) {
      const { warnings, observations } = await gather(`[${record()},${bad}]`);
      expect(warnings).toMatchObject([{ code: 'BAD_RECORD' }]);
      expect(observations).toHaveLength(1);
    }
    await expect(
      gather(`[${record()},${record({ timestamp: odd }, { proto: odd, status: odd })}]`),
    ).resolves.toBeDefined();
  }
  const stray =
    '<nmaprun scanner="masscan"><port portid="80" protocol="tcp"/><host><address addr="x"/></host></nmaprun>';
  expect((await gather(stray)).warnings).toMatchObject([{ code: 'BAD_RECORD' }]);
  const bomb = '<!DOCTYPE a [<!ENTITY b "c">]><nmaprun scanner="masscan"><host endtime="&b;"/></nmaprun>';
  expect((await gather(bomb)).scan.truncated).toBe(true);
});

test.each(['json', 'xml'])(
  '100,000 ports as %s are read within bounds',
  async (kind) => {
    const port = (i: number): string => {
      const ip = `198.51.${(i >> 8) & 255}.${i & 255}`;
      if (kind === 'json') return `${i === 0 ? '[' : ','}${record({ ip })}\n`;
      const state = '<state state="open"/>';
      return `${i === 0 ? '<nmaprun scanner="masscan" start="1795226400">' : ''}<host endtime="1795226400"><address addr="${ip}" addrtype="ipv4"/><ports><port protocol="tcp" portid="80">${state}</port></ports></host>`;
    };
    async function* many(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 100_000; i += 500) {
        yield Buffer.from(Array.from({ length: 500 }, (_, j) => port(i + j)).join(''));
      }
      yield Buffer.from(
        kind === 'json' ? ']' : '<runstats><finished time="1795226500"/></runstats></nmaprun>',
      );
    }
    const counts = { asset: 0, coverage: 0, observation: 0, explanation: 0, warning: 0 };
    const before = process.memoryUsage().heapUsed;
    for await (const facts of readScan(many())) for (const fact of facts) counts[fact.record] += 1;
    expect(counts).toMatchObject({ asset: 65_536, coverage: 0, observation: 100_000, warning: 0 });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 1024 * 1024);
  },
  20_000,
);
