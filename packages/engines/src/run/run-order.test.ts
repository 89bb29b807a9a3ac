import { once } from 'node:events';
import { createServer as createWeb, type RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Authorization } from '@backcheck/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine, Order, RunResult } from '../engine.ts';
import { boundsOf } from '../guard/authorization.fixture.ts';
import { type OrderContext, runOrder, type UnresolvedOrder } from './run-order.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const address = '127.0.0.1';

async function opened(server: Server, port = 0): Promise<number> {
  servers.push(server);
  server.listen(port, address);
  await once(server, 'listening');
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('no port');
  return place.port;
}

const serve = (port = 0): Promise<number> =>
  opened(
    createServer((socket: Socket) => void socket.on('error', () => undefined).end('hello')),
    port,
  );

async function shut(): Promise<void> {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
}

const FILE: RunResult = {
  kind: 'file',
  bytes: new Uint8Array([1]),
  fileName: 'x.json',
  startedAt: '2026-06-01T12:00:00.000Z',
  finishedAt: '2026-06-01T12:00:01.000Z',
};

/** An engine that does what it is told and remembers its orders. */
function engine(work: (order: Order, signal: AbortSignal) => Promise<RunResult> | RunResult = () => FILE) {
  const orders: Order[] = [];
  const made: Engine = {
    name: 'backcheck',
    find: async () => ({ kind: 'found', version: '1' }),
    run: async (order, { signal }) => {
      orders.push(order);
      return await work(order, signal);
    },
  };
  return { ...made, orders };
}

const context = (change: Partial<Authorization> = {}, rest: Partial<OrderContext> = {}): OrderContext => ({
  ...boundsOf({ ranges: ['127.0.0.1/32'], ...change }),
  folder: '.',
  signal: AbortSignal.timeout(20_000),
  ...rest,
});

const order = (port: number, change: Partial<UnresolvedOrder> = {}): UnresolvedOrder => ({
  engine: 'backcheck',
  method: 'tls',
  host: address,
  rate: 100,
  questions: [{ findingId: '1', transport: 'tcp', port, check: 'backcheck-tls:tls1.0', locus: '' }],
  ...change,
});

describe('a run', () => {
  it('hands in the file of its engine, where it went, and how the target answered around it', async () => {
    const port = await serve();
    const tool = engine();
    expect(await runOrder(tool, order(port), context())).toEqual({
      result: FILE,
      address,
      canary: { before: [{ port, echo: 'open' }], after: [{ port, echo: 'open' }] },
    });
    expect(tool.orders).toMatchObject([{ host: address, address }]);
  });

  it('gives the engine the address of a name that was resolved once', async () => {
    const port = await serve();
    const tool = engine();
    let asked = 0;
    const lookup = async () => {
      asked += 1;
      return [{ address: asked === 1 ? address : '127.0.0.2' }];
    };
    const report = await runOrder(tool, order(port, { host: 'www.example.org' }), context({}, { lookup }));
    expect(report.result.kind).toBe('file');
    expect(tool.orders).toMatchObject([{ host: 'www.example.org', address }]);
    expect(asked).toBe(1);
  });

  it('looks at a closed port too: that it is closed may be the answer', async () => {
    const port = await serve();
    await shut();
    const report = await runOrder(engine(), order(port), context());
    expect(report.result.kind).toBe('file');
    expect(report.canary.before).toEqual([{ port, echo: 'closed' }]);
  });

  it('listens to the usual ports when it asks for none, and goes on whatever they say', async () => {
    const questions = [{ findingId: '1', transport: 'udp' as const, port: 53, check: 'x', locus: '' }];
    const report = await runOrder(engine(), order(0, { questions }), context());
    expect(report.result.kind).toBe('file');
    expect(report.canary.before.map(({ port }) => port)).toEqual([443, 80, 22]);
  });
});

describe('nothing is sent anywhere', () => {
  it.each<[string, Partial<Authorization>, Partial<UnresolvedOrder>, string]>([
    ['by a method that is not allowed', {}, { method: 'template' }, 'NOT_AUTHORIZED'],
    ['by a method that is forbidden', { forbidden: ['tls'] }, {}, 'NOT_AUTHORIZED'],
    ['after the emergency stop', { stoppedAt: '2026-05-01T00:00:00.000Z' }, {}, 'STOPPED'],
    ['before it is approved', { approvedAt: null }, {}, 'NOT_AUTHORIZED'],
    ['after it expired', { expiresAt: '2026-05-01T00:00:00.000Z' }, {}, 'WINDOW_CLOSED'],
    [
      'outside of its hours',
      { windows: [{ days: [2], from: '01:00', until: '02:00' }] },
      {},
      'WINDOW_CLOSED',
    ],
    ['to another address', {}, { host: '8.8.8.8' }, 'NOT_AUTHORIZED'],
    ['to an address in another form', {}, { host: '2130706433' }, 'ADDRESS_REFUSED'],
  ])('%s', async (_title, change, other, why) => {
    const port = await serve();
    const tool = engine();
    const report = await runOrder(tool, order(port, other), context(change));
    expect(report).toMatchObject({ result: { kind: 'no-answer', why }, address: null });
    expect(tool.orders).toEqual([]);
  });
});

describe('a file counts for nothing', () => {
  it('when the port is closed to us after the run', async () => {
    const port = await serve();
    const tool = engine(async () => {
      await shut();
      return FILE;
    });
    const report = await runOrder(tool, order(port), context());
    expect(report.result).toMatchObject({ kind: 'no-answer', why: 'BLOCKED' });
  });

  it('when the port opened only during the run', async () => {
    const port = await serve();
    await shut();
    const tool = engine(async () => {
      await serve(port);
      return FILE;
    });
    const report = await runOrder(tool, order(port), context());
    expect(report.result).toMatchObject({ kind: 'no-answer', why: 'INCOMPLETE' });
  });

  it.each([403, 406, 429, 503, 0])('when the site turns us away after the run (%s)', async (status) => {
    let seen = false;
    const listener: RequestListener = (request, response) => {
      if (seen && status === 0) request.socket.destroy();
      else response.writeHead(seen ? status : 200).end();
    };
    const port = await opened(createWeb(listener));
    const tool = engine(() => {
      seen = true;
      return FILE;
    });
    const report = await runOrder(tool, order(port, { method: 'http' }), context());
    expect(report.canary.before).toEqual([{ port, echo: 'open', status: 200 }]);
    expect(report.result).toMatchObject({ kind: 'no-answer', why: 'BLOCKED' });
  });

  it('and a site that refuses everybody from the beginning is no filter', async () => {
    const port = await opened(createWeb((_request, response) => void response.writeHead(403).end()));
    const report = await runOrder(engine(), order(port, { method: 'http' }), context());
    expect(report.result.kind).toBe('file');
  });
});

describe('a run ends', () => {
  it('when it is stopped, whether its engine listens or not', async () => {
    const port = await serve();
    const stop = new AbortController();
    const tool = engine(async () => {
      stop.abort();
      return await new Promise<RunResult>(() => undefined);
    });
    const report = await runOrder(tool, order(port), context({}, { signal: stop.signal }));
    expect(report.result).toMatchObject({ kind: 'no-answer', why: 'STOPPED' });
  });

  it('without a file when it was stopped and the engine still hands one in', async () => {
    const port = await serve();
    const stop = new AbortController();
    const tool = engine(() => {
      stop.abort();
      return FILE;
    });
    const report = await runOrder(tool, order(port), context({}, { signal: stop.signal }));
    expect(report.result).toMatchObject({ kind: 'no-answer', why: 'STOPPED' });
  });

  it('when its hours end', async () => {
    const port = await serve();
    const tool = engine(async (_order, signal) => {
      await once(signal, 'abort');
      return FILE;
    });
    const soon = { expiresAt: new Date(Date.parse('2026-06-01T12:00:00.000Z') + 500).toISOString() };
    const report = await runOrder(tool, order(port), context(soon));
    expect(report.result).toMatchObject({ kind: 'no-answer', why: 'WINDOW_CLOSED' });
  });

  it('with TOOL_FAILED when the engine breaks its word and throws', async () => {
    const port = await serve();
    const tool = engine(() => Promise.reject(new Error('broken')));
    const report = await runOrder(tool, order(port), context());
    expect(report.result).toEqual({ kind: 'no-answer', why: 'TOOL_FAILED', detail: 'broken' });
  });
});
