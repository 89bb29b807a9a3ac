import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { type AddressClass, addressClass } from '@backcheck/core';
import { Problem } from '../platform/problem.ts';
import { type Spooled, spool } from './spool.ts';

export interface Download {
  readonly address: string;
  /** Most bytes. */
  readonly most: number;
  readonly signal: AbortSignal;
}

const MOST_REDIRECTS = 5;
/** Milliseconds without a byte. */
const SILENCE = 60_000;

/** Whether an address may be a feed's at all; `Problem` FEED_ADDRESS_REFUSED where not. Nothing is resolved here. */
export function refuseFeedAddress(address: string): URL {
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refused(url, '只允许 http 和 https', 'only http and https are allowed');
  if (url.username !== '' || url.password !== '')
    throw refused(url, '地址中不得带有用户名或口令', 'a user name or password must not stand in it');
  refuseAddressClass(url, addressClass(bareHost(url)));
  return url;
}

/** Without TLS whoever is on the way writes the list: only inside is that the installation's own business. */
function refuseAddressClass(url: URL, found: AddressClass | null): void {
  if (found === 'metadata')
    throw refused(url, '这是云平台元数据的地址', 'this is where clouds answer with credentials');
  if (found === 'global' && url.protocol === 'http:')
    throw refused(url, '公网地址须用 https', 'a public address has to be https');
}

/**
 * Fetches a file to the disk. An address that somebody configured may lie inside the network; where the network
 * sends us on, a redirect, may lie inside only if the configured one does, and never where clouds keep credentials. The
 * name is resolved once for each request, and what it resolved to is connected to.
 */
export async function download({ address, most, signal }: Download): Promise<Spooled> {
  const first = refuseFeedAddress(address);
  let url = first;
  let inside = true;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const place = await resolve(url);
    if (redirects === 0) inside = place.class !== 'global';
    else if (place.class !== 'global' && !inside)
      throw refused(url, '从公网地址被转到内网', 'a public address sent us on into the network');
    const answer = await ask(url, { place: place.address, signal });
    const { statusCode = 0, headers } = answer;
    if (statusCode === 200) return receive(answer, url, most);
    answer.destroy();
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined)
      throw unreachable(url, `状态码 ${statusCode}`, `it answered with status ${statusCode}`);
    const next = refuseFeedAddress(new URL(headers.location, url).href);
    if (url.protocol === 'https:' && next.protocol === 'http:')
      throw refused(next, '从 https 被转到 http', 'https sent us on to http');
    url = next;
  }
  throw unreachable(first, '转址次数过多', 'it sends us on and on');
}

const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

async function resolve(url: URL): Promise<{ readonly address: LookupAddress; readonly class: AddressClass }> {
  const host = bareHost(url);
  const family = isIP(host);
  try {
    const address = family === 0 ? await lookup(host) : { address: host, family };
    const found = addressClass(address.address);
    if (found === null) throw unreachable(url, '域名无法解析', 'its name is not known');
    refuseAddressClass(url, found);
    return { address, class: found };
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw unreachable(url, '域名无法解析', 'its name is not known', cause);
  }
}

interface Asking {
  readonly place: LookupAddress;
  readonly signal: AbortSignal;
}

function ask(url: URL, { place, signal }: Asking): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const { promise, resolve: answered, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(url, {
    signal,
    timeout: SILENCE,
    headers: { 'user-agent': 'Backcheck', accept: '*/*', 'accept-encoding': 'identity' },
    // What was judged is what is connected to, whatever the name says by now.
    lookup: (_host, { all }, done) =>
      all === true ? done(null, [place]) : done(null, place.address, place.family),
  });
  sent.on('response', answered);
  sent.on('timeout', () => sent.destroy(new Error('timeout')));
  sent.on('error', (cause) => reject(unreachable(url, ...whyOf(cause), cause)));
  sent.end();
  return promise;
}

async function receive(answer: IncomingMessage, url: URL, most: number): Promise<Spooled> {
  let length = 0;
  async function* bounded(): AsyncGenerator<Buffer> {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > most) throw new Problem('FILE_TOO_LARGE', { most });
      yield chunk;
    }
  }
  try {
    return await spool(bounded());
  } catch (cause) {
    if (cause instanceof Problem || isDiskError(cause)) throw cause;
    throw unreachable(url, '传输中断', 'the connection broke off', cause);
  } finally {
    answer.destroy();
  }
}

/** Errors of the file system name the call that failed; a reset connection says `read`. */
function isDiskError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall !== 'read' && 'path' in error;
}

const NETWORK: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['连接被拒绝', 'it refuses the connection'],
  ECONNRESET: ['连接被中断', 'it broke the connection off'],
  EHOSTUNREACH: ['网络不可达', 'there is no way to it'],
  ENETUNREACH: ['网络不可达', 'there is no way to it'],
  ETIMEDOUT: ['连接超时', 'it does not answer'],
  ABORT_ERR: ['超时', 'it takes too long'],
  CERT_HAS_EXPIRED: ['证书已过期', 'its certificate has expired'],
};

function whyOf(error: Error): readonly [string, string] {
  const code = 'code' in error ? String(error.code) : '';
  return (
    NETWORK[code] ?? [
      `连接失败（${code || error.message}）`,
      `the connection failed (${code || error.message})`,
    ]
  );
}

const refused = (url: URL, reasonZh: string, reasonEn: string): Problem =>
  new Problem('FEED_ADDRESS_REFUSED', { host: url.host, reasonZh, reasonEn });

function unreachable(url: URL, reasonZh: string, reasonEn: string, cause?: unknown): Problem {
  const problem = new Problem('FEED_UNREACHABLE', { host: url.host, reasonZh, reasonEn });
  return cause === undefined ? problem : Object.assign(problem, { cause });
}
