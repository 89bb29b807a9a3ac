import { expect, test } from 'vitest';
import { readScan } from '../read-scan.ts';
import { UnreadableScan } from '../reader.ts';
import { gather, statesOf } from '../testing/gather.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const file = async (name: string) => gather(await fixture(`naabu/${name}`));

test('every line is an open port of the name that was asked for', async () => {
  const { scan, assets, observations, coverage } = await file('open-ports.json');
  expect(scan).toMatchObject({
    format: 'naabu',
    tool: { name: 'naabu' },
    timeSource: 'file',
    complete: true,
  });
  expect(assets.map(({ identifiers }) => identifiers.map(({ value }) => value))).toEqual([
    ['www.example.org', '192.0.2.51'],
    ['192.0.2.52', '00:00:5e:00:53:52'],
  ]);
  expect(observations.map((one) => [one.check, one.transport, one.port, one.title])).toEqual([
    ['naabu:open-port', 'tcp', 443, 'Port 443/tcp is open'],
    ['naabu:open-port', 'tcp', 80, 'Port 80/tcp is open'],
    ['naabu:open-port', 'udp', 53, 'Port 53/udp is open'],
  ]);
  expect(coverage).toEqual([]);
});

test('a port that is no longer listed stays open: nobody knows whether it was asked for', async () => {
  const states = statesOf([await file('open-ports.json'), await file('later-open-ports.json')]);
  expect(states).toMatchObject({ 'naabu:open-port 80': 'open PORT_OUTSIDE', 'naabu:open-port 443': 'open' });
});

test('lines of version 2.0 have no time, or their port in an object', async () => {
  const { observations, assets } = await file('version-2.json');
  expect(observations.map((one) => one.port)).toEqual([443, 8443]);
  expect(assets.map((one) => one.startedAt)).toEqual([null, '2026-11-21T02:00:05.000Z']);
});

test('an asset that was found without a port was reached', async () => {
  const text = '{"ip":"192.0.2.53","timestamp":"2026-11-21T02:00:05Z","port":0,"protocol":"","tls":false}\n';
  const { assets, observations } = await gather(text);
  expect(assets).toMatchObject([{ reached: true }]);
  expect(observations).toEqual([]);
});

test('a file of another tool with an address and a port is not taken', async () => {
  for (const text of [
    '{"ip":"192.0.2.1","port":80,"url":"http://192.0.2.1"}',
    '{"port":80}',
    '{"ip":7,"port":80}',
    '{"ip":',
  ])
    await expect(gather(text)).rejects.toBeInstanceOf(UnreadableScan);
});

test('a file that was cut keeps the lines before the cut', async () => {
  const cuts = await Promise.all(
    tenths(await fixture('naabu/open-ports.json')).map((part) => gather(part).catch(() => null)),
  );
  const read = cuts.filter((cut) => cut !== null);
  expect(read.length).toBeGreaterThan(3);
  for (const { scan } of read) expect(scan).toMatchObject({ truncated: true, complete: false });
});

test('wrong types anywhere are a warning and no open port', async () => {
  const good = '{"ip":"192.0.2.1","port":80}\n';
  for (const odd of [null, -1, 70_000, 1.5, [], {}, 'x', true]) {
    const { warnings, observations } = await gather(
      `${good}${JSON.stringify({ ip: '192.0.2.1', port: odd })}\n`,
    );
    expect(observations).toHaveLength(1);
    if (odd !== null) expect(warnings).toMatchObject([{ code: 'BAD_RECORD', line: 2 }]);
    const rest = { timestamp: odd, protocol: odd, mac_address: odd, host: odd };
    await expect(
      gather(`${good}${JSON.stringify({ ip: '192.0.2.1', port: 80, ...rest })}\n7\n`),
    ).resolves.toBeDefined();
  }
  expect((await gather(`${good}{"ip":"x y","port":80}\n`)).warnings).toHaveLength(1);
});

test('200,000 lines are read within bounds', async () => {
  async function* many(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 200_000; i += 1000) {
      const block = Array.from(
        { length: 1000 },
        (_, j) => `{"ip":"198.51.100.${j % 250}","port":${1 + ((i + j) % 65_000)}}\n`,
      );
      yield Buffer.from(block.join(''));
    }
  }
  const counts = { asset: 0, coverage: 0, observation: 0, explanation: 0, warning: 0 };
  const before = process.memoryUsage().heapUsed;
  for await (const facts of readScan(many())) for (const fact of facts) counts[fact.record] += 1;
  expect(counts).toMatchObject({ asset: 250, coverage: 0, observation: 200_000, warning: 0 });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 * 1024);
}, 20_000);
