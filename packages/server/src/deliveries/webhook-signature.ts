import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Standard Webhooks 1.0.0, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export interface SignedHeaders {
  /** Stays the same when a message is sent again: by it a receiver takes each message once. */
  readonly 'webhook-id': string;
  /** Seconds since 1970, of this attempt. */
  readonly 'webhook-timestamp': string;
  /** "v1," and base64; a receiver may find several with spaces between them. */
  readonly 'webhook-signature': string;
}

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
/** Five minutes, as the reference implementations have it. */
const TOLERANCE = 300;

export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

/** HMAC-SHA256 over id, time and body, each before a full stop. @throws for a secret that holds no key */
export function signWebhook(
  secret: string,
  message: { readonly id: string; readonly at: Date; readonly body: string },
): SignedHeaders {
  const timestamp = String(Math.floor(message.at.getTime() / 1000));
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${macOf(secret, `${message.id}.${timestamp}.${message.body}`)}`,
  };
}

/** What a receiver does: docs/deliveries.md. Every signature in the header is tried, so that a secret can be changed. */
export function verifyWebhook(
  secret: string,
  {
    headers,
    body,
    now,
  }: { readonly headers: Partial<SignedHeaders>; readonly body: string; readonly now: Date },
): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (id === undefined || timestamp === undefined || signatures === undefined) return false;
  if (!/^\d+$/.test(timestamp) || Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE)
    return false;
  const expected = Buffer.from(macOf(secret, `${id}.${timestamp}.${body}`));
  return signatures.split(' ').some((one) => {
    const [version, mac = ''] = one.split(',');
    const given = Buffer.from(mac);
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function macOf(secret: string, signed: string): string {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
  if (key.length === 0) throw new Error('A webhook secret must hold a key');
  return createHmac('sha256', key).update(signed).digest('base64');
}
