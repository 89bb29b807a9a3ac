import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { boundsOf } from '../guard/authorization.fixture.ts';
import { guardedConnect } from '../guard/connect.ts';
import { Rate } from '../guard/rate.ts';
import { type Heard, listen, whatChanged, whoRejects } from './canary.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const host = '127.0.0.1';

async function openPort(): Promise<number> {
  const server = createServer((socket) => void socket.on('error', () => undefined).end());
  servers.push(server.listen(0, host));
  await once(server, 'listening');
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('no port');
  return place.port;
}

async function closedPort(): Promise<number> {
  const port = await openPort();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

/** Gives one number of the list after the other, and then the last for ever. */
function counts(...numbers: (number | null)[]): () => Promise<number | null> {
  return () => Promise.resolve((numbers.length > 1 ? numbers.shift() : numbers[0]) ?? null);
}

async function hear(ports: readonly number[], count: () => Promise<number | null>): Promise<Heard[]> {
  const guarded = guardedConnect(
    { host, address: host },
    boundsOf({ ranges: ['127.0.0.1/32'] }),
    new Rate(1000),
  );
  return await listen(
    { host, address: host, ports, web: false },
    guarded,
    AbortSignal.timeout(20_000),
    count,
  );
}

describe('a port that refuses', () => {
  it('is closed where no filter spoke up meanwhile', async () => {
    const port = await closedPort();
    expect(await hear([port], counts(7))).toEqual([{ port, echo: 'closed' }]);
  });

  it('is closed where the message was about another port', async () => {
    const [open, closed] = [await openPort(), await closedPort()];
    expect(await hear([open, closed], counts(7, 8))).toEqual([
      { port: open, echo: 'open' },
      { port: closed, echo: 'closed' },
    ]);
  });

  it('is rejected where each refusal comes with a message of a filter, and where nobody counts them', async () => {
    const port = await closedPort();
    for (const count of [counts(1, 2, 2, 3, 3, 4, 4, 5), counts(null)]) {
      const heard = await hear([port], count);
      expect(heard).toEqual([{ port, echo: 'rejected' }]);
      expect(whoRejects(heard)).toMatchObject({ why: 'BLOCKED' });
    }
  });

  it('only after the run, by whomever, was kept from us in between', () => {
    const before: Heard[] = [{ port: 443, echo: 'open' }];
    expect(whatChanged({ before, after: [{ port: 443, echo: 'rejected' }] })).toMatchObject({
      why: 'BLOCKED',
    });
    expect(whoRejects(before)).toBeNull();
  });
});
