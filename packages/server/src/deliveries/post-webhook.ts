import { lookup } from 'node:dns/promises';
import { type ClientRequestArgs, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { addressClass, networkContains, readAddress, readNetwork } from '@backcheck/core';

/**
 * Somebody types the address of a webhook, and this server goes there: it must not become a way to what only this server
 * reaches. Addresses that are not global are met only inside a range of `allow` (WEBHOOK_ALLOW). Each connection asks the
 * resolver itself and goes to what was judged, so no second answer can lead elsewhere; redirects are not followed.
 */
export interface WebhookBounds {
  /** Ranges such as 10.1.0.0/16. */
  readonly allow: readonly string[];
}

/** `gone`: the receiver says that it wants no more (410). */
export type Posted =
  | { readonly kind: 'taken'; readonly answer: string }
  | { readonly kind: 'gone'; readonly answer: string }
  | { readonly kind: 'failed'; readonly answer: string };

/** Within what Standard Webhooks asks of a sender (15 to 30 seconds). */
const TIMEOUT = 20_000;
const MOST_ANSWER = 500;

class WebhookRefused extends Error {}

/** Null when a webhook may go there, else why not. Looks the name up. */
export async function webhookRefusal(url: string, bounds: WebhookBounds): Promise<string | null> {
  try {
    const target = new URL(url);
    if (target.username !== '' || target.password !== '') return 'user:password@';
    const host = hostOf(target);
    judgeAll(target, isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host }], bounds);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/**
 * Each of them, because the socket takes any. Says which host it was and not which address it has: nobody learns by that
 * how the network behind this server is built.
 * @throws WebhookRefused
 */
function judgeAll(
  target: URL,
  addresses: readonly { readonly address: string }[],
  bounds: WebhookBounds,
): void {
  for (const { address } of addresses) {
    const found = isAllowed(address, bounds) ? 'allowed' : addressClass(address);
    if (found !== 'allowed' && found !== 'global')
      throw new WebhookRefused(`${hostOf(target)} (${found ?? 'unknown'})`);
    // without TLS anybody on the way reads and changes it; inside it is the installation's own business
    if (found === 'global' && target.protocol !== 'https:') throw new WebhookRefused('http');
  }
}

function isAllowed(address: string, { allow }: WebhookBounds): boolean {
  const known = readAddress(address);
  return allow.some((range) => {
    const network = readNetwork(range.includes('/') ? range : `${range}/${range.includes(':') ? 128 : 32}`);
    return known !== null && network !== null && networkContains(network, known);
  });
}

/** As `dns.lookup`, for the socket: what it answers was judged. */
const judgedLookup =
  (target: URL, bounds: WebhookBounds): LookupFunction =>
  (host, _options, answer) => {
    lookup(host, { all: true })
      .then((addresses) => {
        judgeAll(target, addresses, bounds);
        answer(null, addresses);
      })
      .catch((error: NodeJS.ErrnoException) => answer(error, []));
  };

/** Posts once. Never throws: whatever happens is the answer. */
export async function postWebhook(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  bounds: WebhookBounds,
): Promise<Posted> {
  try {
    const target = new URL(url);
    const host = hostOf(target);
    // a socket asks no resolver about an address
    if (isIP(host) !== 0) judgeAll(target, [{ address: host }], bounds);
    const { status, text } = await post(target, body, {
      method: 'POST',
      agent: false,
      lookup: judgedLookup(target, bounds),
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    });
    const answer = `${status} ${text}`.trim();
    if (status >= 200 && status < 300) return { kind: 'taken', answer };
    return { kind: status === 410 ? 'gone' : 'failed', answer };
  } catch (error) {
    return { kind: 'failed', answer: error instanceof Error ? error.message : String(error) };
  }
}

function post(
  target: URL,
  body: string,
  options: ClientRequestArgs,
): Promise<{ status: number; text: string }> {
  const request = target.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(target, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        // whoever answers without end is not read to the end
        if (text.length >= MOST_ANSWER) response.destroy();
      });
      response.on('close', () =>
        resolve({ status: response.statusCode ?? 0, text: text.slice(0, MOST_ANSWER) }),
      );
      response.on('error', () => undefined);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
