import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Reason, RetestObstacle } from '@backcheck/core';
import { guardedConnect } from './connect.ts';
import { codeOf } from './error-code.ts';
import type { Rate } from './rate.ts';
import { hostRefusal } from './redirect.ts';
import { type Bounds, type Pinned, Refused } from './refusal.ts';

export interface ProxyRefusal {
  /** As the tool asked for it, cut to 200 characters. */
  readonly target: string;
  readonly why: RetestObstacle;
}

/** Why an answer of the target did not reach the tool. */
export interface Lost {
  /** TIMEOUT: nothing came in time; BLOCKED: cut off, or closed without a word; else the authorization ended. */
  readonly why: Extract<Reason, 'TIMEOUT' | 'BLOCKED'> | RetestObstacle;
  readonly detail: string;
}

export interface GuardedProxy {
  /** "http://127.0.0.1:41234", for the tool's proxy option. */
  readonly url: string;
  /** Connections made to the target. */
  readonly connections: number;
  /** Connections to the target of which the tool did not get the answer. Their silence proves nothing. */
  readonly failures: number;
  /** The first of the failures; null: every answer reached the tool. Final once the proxy is closed. */
  readonly lost: Lost | null;
  /** The first hundred; `refused` counts all. */
  readonly refusals: readonly ProxyRefusal[];
  readonly refused: number;
  close(): Promise<void>;
}

interface ProxyOrder {
  readonly pinned: Pinned;
  readonly bounds: Bounds;
  readonly rate: Rate;
  readonly signal: AbortSignal;
}

const CONNECT_TIMEOUT = 10_000;
const IDLE = 60_000;
const HEAD_LIMIT = 64 * 1024;
const HEAD_END = '\r\n\r\n';
const KEPT = 100;
const AT_ONCE = 64;

/**
 * An HTTP proxy on loopback for tools that follow links and redirects by themselves: it reaches the pinned address
 * of one target and nothing else, under the authorization and the rate. It never speaks for the target: what is
 * refused or fails ends in a reset, so that no tool takes our words for an answer. Bytes are passed on as they are.
 */
export async function guardedProxy(order: ProxyOrder): Promise<GuardedProxy> {
  const journal = new Journal();
  const over = new AbortController();
  const signal = AbortSignal.any([order.signal, over.signal]);
  const serve = serveWith({ ...order, signal }, journal);
  const clients = new Set<Socket>();
  const serving = new Set<Promise<void>>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    const served = serve(client).finally(() => serving.delete(served));
    serving.add(served);
  });
  server.maxConnections = AT_ONCE;
  signal.addEventListener('abort', () => clients.forEach((client) => void client.resetAndDestroy()), {
    once: true,
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    refusals: journal.refusals,
    get connections() {
      return journal.connections;
    },
    get failures() {
      return journal.failures;
    },
    get lost() {
      return journal.lost;
    },
    get refused() {
      return journal.refused;
    },
    async close() {
      server.close();
      over.abort();
      await Promise.all([once(server, 'close'), ...serving]);
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return address.port;
}

class Journal {
  readonly refusals: ProxyRefusal[] = [];
  connections = 0;
  failures = 0;
  refused = 0;
  lost: Lost | null = null;

  lose(why: Lost['why'], detail: string): void {
    this.failures += 1;
    this.lost ??= { why, detail };
  }

  /** A way elsewhere is no loss; the end of the authorization is. */
  refuse({ target, why }: ProxyRefusal): void {
    this.refused += 1;
    if (this.refusals.length < KEPT) this.refusals.push({ target, why });
    if (why === 'STOPPED' || why === 'WINDOW_CLOSED') this.lose(why, target);
  }
}

/** One connection of the tool, one of ours. A second request over it would meet the same address. */
function serveWith(order: ProxyOrder, journal: Journal): (client: Socket) => Promise<void> {
  const guarded = guardedConnect(order.pinned, order.bounds, order.rate);
  const limits = { signal: order.signal, timeoutMs: CONNECT_TIMEOUT };
  return async (client) => {
    client.on('error', () => client.destroy());
    client.setTimeout(IDLE, () => client.destroy());
    const asked = readHead(await takeHead(client));
    try {
      const why = asked.port === null ? 'ADDRESS_REFUSED' : hostRefusal(asked.host, order);
      if (why !== null) throw new Refused(why, asked.target);
      const upstream = await guarded.connect(asked.port ?? 0, limits);
      journal.connections += 1;
      const lost = await join(client, upstream, asked);
      if (lost !== null) journal.lose(lost.why, `${asked.target}: ${lost.detail}`);
    } catch (error) {
      if (error instanceof Refused) journal.refuse({ target: asked.target, why: error.code });
      else journal.lose(isLate(error) ? 'TIMEOUT' : 'BLOCKED', `${asked.target}: ${messageOf(error)}`);
      client.resetAndDestroy();
    }
  };
}

/**
 * Passes bytes on until both are done. A loss: something was asked, and nothing came or it was cut off. A tunnel
 * through which nothing was asked is none.
 */
async function join(client: Socket, upstream: Socket, { first, tunnel }: Asked): Promise<Lost | null> {
  let error: Error | undefined;
  let hungUp = false;
  upstream.once('error', (fault) => {
    // a pipeline hands on what the tool's side had; after the target's orderly end a reset takes nothing away
    if (fault !== client.errored && !isPremature(fault) && !upstream.readableEnded) error = fault;
  });
  upstream.once('end', () => {
    hungUp = !client.readableEnded;
  });
  upstream.setTimeout(IDLE, () => upstream.destroy());
  client.once('close', () => upstream.destroy());
  if (tunnel) client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (first.length > 0) upstream.write(first);
  await Promise.all([pipeline(client, upstream), pipeline(upstream, client)]).catch(() => {
    client.resetAndDestroy();
  });
  if (error !== undefined) return { why: isLate(error) ? 'TIMEOUT' : 'BLOCKED', detail: error.message };
  if (upstream.bytesRead > 0 || upstream.bytesWritten === 0) return null;
  return hungUp
    ? { why: 'BLOCKED', detail: 'closed without an answer' }
    : { why: 'TIMEOUT', detail: 'no answer before the tool gave up' };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isPremature = (error: unknown): boolean => codeOf(error) === 'ERR_STREAM_PREMATURE_CLOSE';
/** The tool may give up before we do, which stops us. */
const isLate = (error: unknown): boolean =>
  codeOf(error) === 'ETIMEDOUT' || (error instanceof Error && error.name === 'AbortError');

interface Asked {
  /** As it was written, for the journal. */
  readonly target: string;
  readonly host: string;
  /** Null where the request is none for a proxy. */
  readonly port: number | null;
  readonly tunnel: boolean;
  /** What goes to the target first. */
  readonly first: Buffer;
}

/** Everything up to the empty line and what came with it, or as much as came before the limit or the end. */
async function takeHead(client: Socket): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  const { promise, resolve } = Promise.withResolvers<void>();
  const take = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length > HEAD_LIMIT || bytes.includes(HEAD_END)) resolve();
  };
  client.on('data', take).once('end', resolve).once('close', resolve);
  await promise;
  client.pause();
  client.off('data', take).off('end', resolve).off('close', resolve);
  return bytes;
}

/** RFC 9112 sections 3.2.2 and 3.2.3: a proxy is asked in absolute form, or by CONNECT for a tunnel. */
function readHead(bytes: Buffer): Asked {
  const end = bytes.indexOf(HEAD_END);
  const [line = '', ...fields] = bytes.toString('latin1', 0, Math.max(end, 0)).split('\r\n');
  const [, method = '', target = '', version = ''] = /^(\S+) (\S+) (HTTP\/1\.[01])$/.exec(line) ?? [];
  const tunnel = method === 'CONNECT';
  const [, authority = '', path = ''] = (tunnel ? /^(.*)$/ : /^http:\/\/([^/?#]*)(.*)$/i).exec(target) ?? [];
  const asked = {
    ...readAuthority(authority, tunnel ? null : 80),
    target: (target || line).slice(0, 200),
    tunnel,
  };
  const rest = bytes.subarray(end + HEAD_END.length);
  if (tunnel) return { ...asked, first: rest };
  // one request for each connection: the answer ends with it, and is not looked into
  const passed = fields.filter((field) => !/^(proxy-[^:]*|connection|keep-alive)\s*:/i.test(field));
  const request = `${method} ${path.startsWith('/') ? path : `/${path}`} ${version}`;
  const head = [request, ...passed, 'Connection: close', '', ''].join('\r\n');
  return { ...asked, first: Buffer.concat([Buffer.from(head, 'latin1'), rest]) };
}

/** "www.example.org:443" or "[2001:db8::1]:443"; whatever the host is, it is judged as it is written. */
function readAuthority(text: string, usual: number | null): Pick<Asked, 'host' | 'port'> {
  const [, six, other = '', digits] = /^(?:\[([^\]]*)\]|(.*?))(?::(\d{1,5}))?$/.exec(text) ?? [];
  return { host: (six ?? other).toLowerCase(), port: digits === undefined ? usual : Number(digits) };
}
