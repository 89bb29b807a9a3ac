import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Guarded, Limits } from '../guard/connect.ts';
import { Refused } from '../guard/refusal.ts';

/** An ordinary browser, so that the answer is the one that everybody gets. */
const HEADERS = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8',
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
};

/** The weakest server is to answer too: it is what is looked at. Level 0 is OpenSSL's for everything. */
const ANY_TLS: ConnectionOptions = {
  minVersion: 'TLSv1',
  ciphers: 'ALL:@SECLEVEL=0',
  ALPNProtocols: ['http/1.1'],
};

/** Ports on which HTTP without TLS is the usual thing. */
const PLAIN = new Set([80, 8000, 8008, 8080]);

interface Place {
  readonly host: string;
  readonly port: number;
}

/** How "GET /" is answered. */
export interface Page {
  readonly tls: boolean;
  readonly status: number;
}

/**
 * "GET /", with TLS or without, whichever is understood; null: neither. A server of HTTPS that is asked in the clear
 * says 400 as well as it can, so that in the clear 400 is only taken where TLS is not understood.
 */
export async function pageOf(guarded: Guarded, place: Place, limits: Limits): Promise<Page | null> {
  const ways = [
    { tls: true, connect: () => guarded.connectTls(place.port, { ...limits, tls: ANY_TLS }) },
    { tls: false, connect: () => guarded.connect(place.port, limits) },
  ];
  let misunderstood: Page | null = null;
  for (const { tls, connect } of PLAIN.has(place.port) ? ways.toReversed() : ways) {
    const status = await statusOver(connect, place, limits);
    if (status === null) continue;
    if (tls || status !== 400) return { tls, status };
    misunderstood = { tls, status };
  }
  return misunderstood;
}

async function statusOver(way: () => Promise<Socket>, place: Place, limits: Limits): Promise<number | null> {
  try {
    return await statusOf(await way(), place, limits);
  } catch (error) {
    if (error instanceof Refused || limits.signal.aborted) throw error;
    return null;
  }
}

function statusOf(socket: Socket, { host, port }: Place, limits: Limits): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const signal = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)]);
  const asked = request({ createConnection: () => socket, host, port, path: '/', headers: HEADERS, signal });
  asked.once('error', reject);
  asked.once('response', (response) => {
    resolve(response.statusCode ?? null);
    socket.destroy();
  });
  asked.end();
  return promise;
}
