import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sharedFolder } from '../../../scans/src/testing/scan-of.ts';
import { openSecret, sealSecret } from './webhook-secret.ts';
import { newWebhookSecret, signWebhook, verifyWebhook } from './webhook-signature.ts';

const Vectors = z.object({
  sign: z.array(
    z.object({
      secret: z.string(),
      id: z.string(),
      timestamp: z.number(),
      payload: z.string(),
      signature: z.string(),
    }),
  ),
  reject: z.array(z.string()),
  accept: z.array(z.string()),
});
const folder = sharedFolder('standards/webhooks');
const vectors =
  folder === undefined ? null : Vectors.parse(JSON.parse(readFileSync(join(folder, 'vectors.json'), 'utf8')));

const SECRET = newWebhookSecret();
const NOW = new Date('2026-11-21T12:00:00Z');
const BODY = '{"type":"notice.issued"}';
const HEADERS = signWebhook(SECRET, { id: 'msg_1', at: NOW, body: BODY });
const signature = HEADERS['webhook-signature'];
const verify = (change: Partial<Parameters<typeof verifyWebhook>[1]> = {}, secret = SECRET) =>
  verifyWebhook(secret, { headers: HEADERS, body: BODY, now: NOW, ...change });
const without = (name: keyof typeof HEADERS) => {
  const { [name]: _left, ...headers } = HEADERS;
  return headers;
};
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

/** What the corpus names in words, by its words. */
const REJECTED: Readonly<Record<string, () => boolean>> = {
  'empty secret': () => verify({}, ''),
  'whsec_ with nothing after': () => verify({}, 'whsec_'),
  'missing webhook-id': () => verify({ headers: without('webhook-id') }),
  'missing webhook-timestamp': () => verify({ headers: without('webhook-timestamp') }),
  'missing webhook-signature': () => verify({ headers: without('webhook-signature') }),
  'signature of other body': () => verify({ body: `${BODY} ` }),
  'partial signature': () => verify({ headers: { ...HEADERS, 'webhook-signature': signature.slice(0, 8) } }),
  'timestamp older than 5 min': () => verify({ now: minutes(5.1) }),
  'timestamp newer than 5 min': () => verify({ now: minutes(-5.1) }),
};
const ACCEPTED: Readonly<Record<string, () => boolean>> = {
  'several space-separated signatures one of which is valid': () =>
    verify({ headers: { ...HEADERS, 'webhook-signature': `v1,AAAA v2,x ${signature}` } }),
  'secret with and without whsec_ prefix': () => verify({}, SECRET.slice('whsec_'.length)),
};

describe('the signature of a webhook', () => {
  it.skipIf(vectors === null)('is that of the vectors of Standard Webhooks', () => {
    for (const { secret, id, timestamp, payload, signature: expected } of vectors?.sign ?? []) {
      const headers = signWebhook(secret, { id, at: new Date(timestamp * 1000), body: payload });
      expect(headers).toEqual({
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': expected,
      });
    }
  });

  it.each(vectors?.reject ?? Object.keys(REJECTED))('is refused: %s', (name) => {
    const check = REJECTED[name];
    if (check === undefined) throw new Error(`no case for "${name}"`);
    let accepted: boolean;
    try {
      accepted = check();
    } catch {
      accepted = false;
    }
    expect(accepted).toBe(false);
  });

  it.each(vectors?.accept ?? Object.keys(ACCEPTED))('is accepted: %s', (name) => {
    expect(verify()).toBe(true);
    expect(ACCEPTED[name]?.()).toBe(true);
  });
});

describe('the secret of a webhook', () => {
  const sealed = { serverSecret: 'the secret of this server, kept well', organizationId: 7 };

  it('is kept so that a copy of the database does not show it', () => {
    const kept = sealSecret(SECRET, sealed);
    expect(kept.includes(SECRET.slice(8, 20))).toBe(false);
    expect(openSecret(kept, sealed)).toBe(SECRET);
  });

  it('opens neither for another organization nor with the secret of another server', () => {
    const kept = sealSecret(SECRET, sealed);
    expect(() => openSecret(kept, { ...sealed, organizationId: 8 })).toThrow();
    expect(() => openSecret(kept, { ...sealed, serverSecret: 'another one' })).toThrow();
  });
});
