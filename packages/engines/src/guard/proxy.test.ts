import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { boundsOf } from './authorization.fixture.ts';
import { type GuardedProxy, guardedProxy } from './proxy.ts';
import { Rate } from './rate.ts';
import { mayFollow } from './redirect.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Site {
  readonly port: number;
  readonly requests: string[];
}

async function site(address: string, listener: RequestListener): Promise<Site> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.headers.host} ${request.url}`);
    listener(request, response);
  });
  server.listen(0, address);
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('no port');
  return { port: place.port, requests };
}

const bounds = boundsOf({ names: ['www.example.org'], ranges: ['127.0.0.1/32'] });
const pinned = { host: 'www.example.org', address: '127.0.0.1' };

async function proxyTo(address = '127.0.0.1'): Promise<GuardedProxy> {
  const order = {
    pinned: { ...pinned, address },
    bounds,
    rate: new Rate(1000),
    signal: AbortSignal.timeout(20_000),
  };
  const proxy = await guardedProxy(order);
  closing.push(() => proxy.close());
  return proxy;
}

/** What comes back over one connection; empty when it is reset. */
async function say(proxy: GuardedProxy, request: string): Promise<string> {
  const { hostname, port } = new URL(proxy.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(request);
  return await text(socket).catch(() => '');
}

const get = (url: string): string =>
  `GET ${url} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nProxy-Connection: keep-alive\r\n\r\n`;

describe('the guarded proxy', () => {
  it('passes a request on to the pinned address, under the name of the target', async () => {
    const { port, requests } = await site('127.0.0.1', (_request, response) => response.end('hello'));
    const proxy = await proxyTo();
    expect(await say(proxy, get(`http://www.example.org:${port}/a?b=c`))).toMatch(
      /^HTTP\/1.1 200 OK[\s\S]*hello/,
    );
    expect(requests).toEqual([`GET www.example.org:${port} /a?b=c`]);
    expect(proxy).toMatchObject({ connections: 1, failures: 0, refused: 0 });
  });

  it('passes on a body, and answers that no parser would take', async () => {
    const { port } = await site('127.0.0.1', async (request, response) => {
      const body = await text(request);
      response.socket?.end(`strange answer to ${body}`);
    });
    const request = `POST http://www.example.org:${port}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody`;
    expect(await say(await proxyTo(), request)).toBe('strange answer to body');
  });

  it('opens a tunnel to any port of the target', async () => {
    const { port } = await site('127.0.0.1', (_request, response) => response.end('inside'));
    const tunnel = `CONNECT www.example.org:${port} HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    expect(await say(await proxyTo(), tunnel)).toMatch(/^HTTP\/1.1 200 Connection established[\s\S]*inside/);
  });

  it('leads no redirect to a foreign host, whatever that is called', async () => {
    const foreign = await site('127.0.0.2', (_request, response) => response.end('foreign'));
    const { port } = await site('127.0.0.1', (request, response) => {
      response.writeHead(302, { location: `http://127.0.0.2:${foreign.port}${request.url}` }).end();
    });
    const proxy = await proxyTo();
    const answer = await say(proxy, get(`http://www.example.org:${port}/go`));
    const [, location = ''] = /location: (\S+)/i.exec(answer) ?? [];
    expect(location).toBe(`http://127.0.0.2:${foreign.port}/go`);
    expect(await say(proxy, get(location))).toBe('');
    expect(await say(proxy, `CONNECT 127.0.0.2:${foreign.port} HTTP/1.1\r\n\r\n`)).toBe('');
    expect(foreign.requests).toEqual([]);
    expect(proxy.refusals).toEqual([
      { target: location, why: 'ADDRESS_REFUSED' },
      { target: `127.0.0.2:${foreign.port}`, why: 'ADDRESS_REFUSED' },
    ]);
  });

  it('sends a second request over the same connection nowhere else', async () => {
    const foreign = await site('127.0.0.2', (_request, response) => response.end('foreign'));
    const { port, requests } = await site('127.0.0.1', (_request, response) => response.end('hello'));
    const two = get(`http://www.example.org:${port}/`) + get(`http://127.0.0.2:${foreign.port}/`);
    await say(await proxyTo(), two);
    expect(foreign.requests).toEqual([]);
    expect(requests[0]).toBe(`GET www.example.org:${port} /`);
  });

  it('is silent and counts it when the target takes no connection', async () => {
    const { port } = await site('127.0.0.2', (_request, response) => response.end('foreign'));
    const proxy = await proxyTo();
    expect(await say(proxy, get(`http://www.example.org:${port}/`))).toBe('');
    expect(proxy).toMatchObject({ connections: 0, failures: 1, refused: 0, lost: { why: 'BLOCKED' } });
  });

  it('says that an answer was lost where the target hangs up on a request, or the tool gives up on it', async () => {
    let hangUp = true;
    const { port } = await site('127.0.0.1', (request) => void (hangUp && request.socket.end()));
    const hungUp = await proxyTo();
    expect(await say(hungUp, get(`http://www.example.org:${port}/`))).toBe('');
    expect(hungUp.lost).toMatchObject({ why: 'BLOCKED' });
    hangUp = false;
    const proxy = await guardedProxy({
      pinned,
      bounds,
      rate: new Rate(1000),
      signal: new AbortController().signal,
    });
    const waiting = say(proxy, get(`http://www.example.org:${port}/`));
    while (proxy.connections === 0) await new Promise((resolve) => setImmediate(resolve));
    await proxy.close();
    await waiting;
    expect(proxy.lost).toMatchObject({ why: 'TIMEOUT' });
  });

  it('loses nothing by a way elsewhere, a tunnel that is not used, or a tool that has heard enough', async () => {
    const { port } = await site('127.0.0.1', (_request, response) => void response.write('hello'));
    const proxy = await guardedProxy({
      pinned,
      bounds,
      rate: new Rate(1000),
      signal: new AbortController().signal,
    });
    await say(proxy, get('http://other.example.org/'));
    const { port: at } = new URL(proxy.url);
    for (const request of [
      `CONNECT www.example.org:${port} HTTP/1.1\r\n\r\n`,
      get(`http://www.example.org:${port}/`),
    ]) {
      const socket = connect({ host: '127.0.0.1', port: Number(at) });
      socket.write(request);
      await once(socket, 'data');
      socket.resetAndDestroy();
    }
    await proxy.close();
    expect(proxy).toMatchObject({ connections: 2, failures: 0, refused: 1, lost: null });
  });

  it.each([
    'GET / HTTP/1.1',
    'GET https://www.example.org/ HTTP/1.1',
    'nonsense',
    'CONNECT www.example.org HTTP/1.1',
  ])('refuses what is no request for a proxy: %s', async (line) => {
    const proxy = await proxyTo();
    expect(await say(proxy, `${line}\r\nHost: www.example.org\r\n\r\n`)).toBe('');
    expect(proxy).toMatchObject({ connections: 0, refused: 1 });
  });

  it('counts all refusals and keeps the first hundred', async () => {
    const proxy = await proxyTo();
    for (let count = 0; count < 110; count += 1) await say(proxy, get(`http://other${count}.example.org/`));
    expect(proxy.refused).toBe(110);
    expect(proxy.refusals).toHaveLength(100);
  });

  it('ends everything when the run is stopped', async () => {
    const { port } = await site('127.0.0.1', () => undefined);
    const stop = new AbortController();
    const proxy = await guardedProxy({ pinned, bounds, rate: new Rate(1000), signal: stop.signal });
    closing.push(() => proxy.close());
    const hanging = say(proxy, get(`http://www.example.org:${port}/`));
    while (proxy.connections === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await hanging).toBe('');
  });
});

describe('a redirect may be followed', () => {
  const base = new URL('http://www.example.org/');
  const follow = (location: string) => mayFollow(location, base, { pinned, bounds });

  it.each([
    '/login',
    'https://www.example.org/',
    '//www.example.org:8443/',
    'http://WWW.EXAMPLE.ORG/',
    'http://127.0.0.1/',
  ])('to %s', (location) => {
    expect(follow(location).kind).toBe('follow');
  });

  it.each([
    'http://127.0.0.2/',
    'http://2130706434/',
    'http://0x7f.0.0.2/',
    'http://[::ffff:7f00:2]/',
    'http://[::1]/',
    'http://localhost/',
    'http://169.254.169.254/latest/meta-data/',
    'http://www.example.org@127.0.0.2/',
    'http://user@www.example.org/',
    'http://www.example.org./',
    'http://evil.example/',
    'file:///etc/passwd',
    'gopher://www.example.org/',
    'javascript:alert(1)',
    'http://[',
  ])('and not to %s', (location) => {
    expect(follow(location).kind).toBe('refused');
  });
});
