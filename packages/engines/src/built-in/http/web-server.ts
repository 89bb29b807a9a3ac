import { type IncomingMessage, request } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { codeOf } from '../../guard/error-code.ts';
import type { Target } from '../answer.ts';
import { NoAnswer } from '../connect.ts';
import { secure } from '../tls/certificate.ts';

export interface WebRequest {
  readonly method: string;
  /** Path and query as they go on the wire. */
  readonly target: string;
  /** Of a request that was marked safe to repeat. */
  readonly body?: string;
}

export interface WebResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  /** `part`: there is more than was kept, or it is packed. `ascii`: its character set is not known. */
  readonly legible: 'whole' | 'ascii' | 'part';
}

/** `last` is null when the redirects lead to another origin, or do not end. */
export interface Page {
  readonly first: WebResponse;
  readonly last: WebResponse | null;
}

export const MAX_BODY = 256 * 1024;
const MOST_REDIRECTS = 5;
const USER_AGENT = 'Mozilla/5.0 (compatible; Backcheck)';
/** Level 0: a weak server is looked at all the same. */
const TLS_OPTIONS = { ciphers: 'ALL:!aNULL:!eNULL:@SECLEVEL=0' };

/** One port that speaks HTTP, over TLS or not, whichever it is. */
export class WebServer {
  readonly #target: Target;
  readonly #port: number;
  #scheme: 'https' | 'http' | undefined;

  constructor(target: Target, port: number) {
    this.#target = target;
    this.#port = port;
  }

  /** Port 80 is never asked for TLS; any other that fails to shake hands and answers in plain HTTP is HTTP. */
  async scheme(): Promise<'https' | 'http'> {
    if (this.#port === 80) this.#scheme = 'http';
    if (this.#scheme !== undefined) return this.#scheme;
    try {
      const socket = await secure(this.#target, this.#port, TLS_OPTIONS);
      socket.destroy();
      this.#scheme = 'https';
    } catch (error) {
      if (!(error instanceof NoAnswer) || error.reason !== 'CHECK_NOT_RUN') throw error;
      this.#scheme = 'http';
    }
    return this.#scheme;
  }

  /** A page as a browser would end up on it, as long as it stays on this origin. */
  async page(path: string): Promise<Page> {
    const first = await this.ask({ method: 'GET', target: path });
    const origin = `${await this.scheme()}://${this.#authority()}`;
    let [last, at] = [first, new URL(path, origin)];
    for (let step = 0; isRedirect(last); step += 1) {
      const next = locationOf(last, at);
      if (step >= MOST_REDIRECTS || next === null || next.origin !== at.origin) return { first, last: null };
      at = next;
      last = await this.ask({ method: 'GET', target: `${at.pathname}${at.search}` });
    }
    return { first, last };
  }

  /** One request, one response; redirects are the caller's business. */
  async ask(order: WebRequest): Promise<WebResponse> {
    const { signal, patience } = this.#target;
    const socket: Socket =
      (await this.scheme()) === 'https'
        ? await secure(this.#target, this.#port, TLS_OPTIONS)
        : await this.#target.connect(this.#port, { signal, timeoutMs: patience.connectMs });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patience.conversationMs)]);
    try {
      return await bodyOf(await respond(socket, order, { limit, authority: this.#authority() }), limit);
    } catch (error) {
      throw unanswered(error, limit);
    } finally {
      socket.destroy();
    }
  }

  #authority(): string {
    const { host } = this.#target;
    const name = isIPv6(host) ? `[${host}]` : host;
    const usual = this.#port === (this.#scheme === 'https' ? 443 : 80);
    return usual ? name : `${name}:${this.#port}`;
  }
}

export const isRedirect = ({ status }: WebResponse): boolean => [301, 302, 303, 307, 308].includes(status);

/** Where a redirect leads; null where it does not say so. */
export function locationOf({ headers }: WebResponse, from: URL): URL | null {
  const [location] = headers['location'] ?? [];
  return location === undefined ? null : URL.parse(location, from.href);
}

function unanswered(error: unknown, limit: AbortSignal): unknown {
  if (limit.aborted)
    return new NoAnswer('TIMEOUT', 'no whole answer in time', {
      answered: true,
      cause: error,
    });
  // What the parser of Node refuses: HPE_INVALID_CONSTANT, HPE_HEADER_OVERFLOW, ...
  return codeOf(error).startsWith('HPE_')
    ? new NoAnswer('CHECK_NOT_RUN', `the server answers with something that is no HTTP (${codeOf(error)})`, {
        answered: true,
        cause: error,
      })
    : error;
}

interface Sending {
  readonly limit: AbortSignal;
  readonly authority: string;
}

function respond(socket: Socket, order: WebRequest, { limit, authority }: Sending): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request({
      method: order.method,
      path: order.target,
      createConnection: () => socket,
      signal: limit,
      setHost: false,
      headers: { host: authority, 'user-agent': USER_AGENT, accept: '*/*', connection: 'close' },
    });
    sent.on('error', reject);
    sent.on('response', resolve);
    // Another protocol, or a tunnel, is no answer to what was asked.
    for (const event of ['upgrade', 'connect'])
      sent.on(event, () =>
        reject(new NoAnswer('CHECK_NOT_RUN', 'the server changes the protocol', { answered: true })),
      );
    sent.end(order.body);
  });
}

async function bodyOf(message: IncomingMessage, limit: AbortSignal): Promise<WebResponse> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of message.iterator({ destroyOnReturn: true })) {
    if (limit.aborted) throw limit.reason;
    pieces.push(piece);
    length += piece.length;
    if (length > MAX_BODY) break;
  }
  const headers: Record<string, readonly string[]> = {};
  for (const [name, values] of Object.entries(message.headersDistinct)) headers[name] = values ?? [];
  const { text, garbled } = decoded(
    Buffer.concat(pieces).subarray(0, MAX_BODY),
    headers['content-type']?.[0],
  );
  const packed = (headers['content-encoding'] ?? []).some((coding) => coding !== 'identity');
  const legible = packed || length > MAX_BODY ? 'part' : garbled ? 'ascii' : 'whole';
  return { status: message.statusCode ?? 0, headers, body: text, legible };
}

const META = 1024;

/** By the character set of the header, else of the page itself (HTML section 4.2.5.4), else UTF-8. */
function decoded(bytes: Buffer, type: string | undefined): { text: string; garbled: boolean } {
  const charset = /charset\s*=\s*["']?([\w-]+)/i;
  const label =
    charset.exec(type ?? '')?.[1] ?? charset.exec(bytes.toString('latin1', 0, META))?.[1] ?? 'utf-8';
  try {
    const text = new TextDecoder(label).decode(bytes);
    return { text, garbled: text.includes('\uFFFD') };
  } catch {
    // A label that nobody knows.
    return { text: bytes.toString('latin1'), garbled: true };
  }
}
