import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { boundsOf } from './authorization.fixture.ts';
import { guardedConnect } from './connect.ts';
import { pinnedEnvironment } from './pinned-environment.ts';
import { Rate } from './rate.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(address: string): Promise<{ port: number; met: () => number }> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.on('error', () => undefined).destroy();
  });
  servers.push(server);
  server.listen(0, address);
  await once(server, 'listening');
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('no port');
  return { port: place.port, met: () => count };
}

const here = { ranges: ['127.0.0.1/32'] };
const pinned = { host: '127.0.0.1', address: '127.0.0.1' };
const limits = { signal: AbortSignal.timeout(20_000), timeoutMs: 5000 };

describe('a guarded connection', () => {
  it('reaches the pinned address', async () => {
    const { port } = await listening('127.0.0.1');
    const socket = await guardedConnect(pinned, boundsOf(here), new Rate(1000)).connect(port, limits);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it.each([
    ['the emergency stop', { stoppedAt: '2026-05-01T00:00:00.000Z' }, 'STOPPED'],
    ['its expiry', { expiresAt: '2026-05-01T00:00:00.000Z' }, 'WINDOW_CLOSED'],
    ['its hours', { windows: [{ days: [1], from: '01:00', until: '02:00' }] }, 'WINDOW_CLOSED'],
    ['its revocation', { revokedAt: '2026-05-01T00:00:00.000Z' }, 'NOT_AUTHORIZED'],
    ['nobody having approved it', { approvedAt: null }, 'NOT_AUTHORIZED'],
    ['other ranges', { ranges: ['127.0.0.2/32'] }, 'ADDRESS_REFUSED'],
  ])('is not made after %s', async (_title, change, code) => {
    const { port, met } = await listening('127.0.0.1');
    const guarded = guardedConnect(pinned, boundsOf({ ...here, ...change }), new Rate(1000));
    await expect(guarded.connect(port, limits)).rejects.toMatchObject({ name: 'Refused', code });
    await expect(guarded.connectTls(port, limits)).rejects.toMatchObject({ code });
    await expect(guarded.exchange(port, Buffer.from('x'), limits)).rejects.toMatchObject({ code });
    expect(met()).toBe(0);
  });

  it('asks the authorization each time, so that hours that end in between end it', async () => {
    const { port } = await listening('127.0.0.1');
    let now = new Date('2026-06-01T12:00:00.000Z');
    const bounds = { ...boundsOf(here), clock: () => now };
    const guarded = guardedConnect(pinned, bounds, new Rate(1000));
    (await guarded.connect(port, limits)).destroy();
    now = new Date('2027-01-01T00:00:00.000Z');
    await expect(guarded.connect(port, limits)).rejects.toMatchObject({ code: 'WINDOW_CLOSED' });
  });

  it('says with the code of the system why there is none', async () => {
    const { port } = await listening('127.0.0.1');
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const guarded = guardedConnect(pinned, boundsOf(here), new Rate(1000));
    await expect(guarded.connect(port, limits)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(guarded.connect(0, limits)).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('ends when the run is stopped while it waits for its turn', async () => {
    const { port, met } = await listening('127.0.0.1');
    const rate = new Rate(0.01);
    await rate.take(limits.signal);
    const stop = new AbortController();
    const waiting = guardedConnect(pinned, boundsOf(here), rate).connect(port, {
      ...limits,
      signal: stop.signal,
    });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(met()).toBe(0);
  });

  it('carries a datagram there and back, and is not answered by anybody else', async () => {
    const server = createSocket('udp4');
    server.on('message', (bytes, from) => server.send(Buffer.from(`${bytes}!`), from.port, from.address));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const guarded = guardedConnect(pinned, boundsOf(here), new Rate(1000));
    const answer = await guarded
      .exchange(server.address().port, Buffer.from('who'), limits)
      .finally(() => server.close());
    expect(answer.toString()).toBe('who!');
  });
});

describe('the rate', () => {
  it('lets no more through than it says, and in the order of asking', async () => {
    const rate = new Rate(200);
    const order: number[] = [];
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: 41 }, (_, index) => rate.take(limits.signal).then(() => order.push(index))),
    );
    expect(performance.now() - begun).toBeGreaterThanOrEqual(200);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('takes nothing once the run is stopped', async () => {
    await expect(new Rate(1).take(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the environment that pins a name for a tool', () => {
  it('is empty for an address, and none for what is no target', async () => {
    expect(await pinnedEnvironment('192.0.2.10', '192.0.2.10', '.')).toEqual({});
    expect(await pinnedEnvironment('www.example.org\n127.0.0.1 x.org', '192.0.2.10', '.')).toBeNull();
    expect(await pinnedEnvironment('www.example.org', '0x7f.1', '.')).toBeNull();
  });
});
