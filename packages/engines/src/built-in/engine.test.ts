import { expect, it } from 'vitest';
import { boundsOf } from '../guard/authorization.fixture.ts';
import { withServer } from './ask.fixture.ts';
import { builtInEngine } from './engine.ts';

const order = (port: number) =>
  ({
    engine: 'backcheck',
    method: 'tls',
    vantage: 'lab',
    host: '127.0.0.1',
    address: '127.0.0.1',
    rate: 1000,
    questions: [{ findingId: '1', transport: 'tcp', port, check: 'backcheck-tcp:open-port', locus: '' }],
  }) as const;

const run = (port: number, change: Parameters<typeof boundsOf>[0]) =>
  builtInEngine.run(order(port), { folder: '.', signal: new AbortController().signal, ...boundsOf(change) });

it('our own probes are always there', async () => {
  expect(await builtInEngine.find()).toMatchObject({ kind: 'found' });
});

it('nothing is connected to that the authorization does not cover, and no file comes of it', async () => {
  let connections = 0;
  const count = (): void => {
    connections += 1;
  };
  await withServer(count, async (port) => {
    expect(await run(port, { ranges: [] })).toMatchObject({ kind: 'no-answer', why: 'ADDRESS_REFUSED' });
    expect(await run(port, { stoppedAt: '2026-05-01T00:00:00.000Z' })).toMatchObject({
      kind: 'no-answer',
      why: 'STOPPED',
    });
    expect(connections).toBe(0);
    expect(await run(port, { ranges: ['127.0.0.1/32'] })).toMatchObject({
      kind: 'file',
      fileName: 'backcheck.jsonl',
    });
  });
  expect(connections).toBe(1);
});
