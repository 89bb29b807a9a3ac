import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const IV = 12;
const TAG = 16;

/**
 * Keeps the secrets of webhooks encrypted (AES-256-GCM, NIST SP 800-38D) under a key made from the server's own secret, so
 * that a copy of the database alone signs nothing. `organizationId` is bound to it: moved to another row it opens no more.
 */
export function sealSecret(secret: string, { serverSecret, organizationId }: SealedFor): Buffer {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', keyOf(serverSecret), iv).setAAD(
    Buffer.from(String(organizationId)),
  );
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** @throws when the server's secret is another one by now */
export function openSecret(sealed: Buffer, { serverSecret, organizationId }: SealedFor): string {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(serverSecret), sealed.subarray(0, IV), {
    authTagLength: TAG,
  })
    .setAAD(Buffer.from(String(organizationId)))
    .setAuthTag(sealed.subarray(IV, IV + TAG));
  return Buffer.concat([decipher.update(sealed.subarray(IV + TAG)), decipher.final()]).toString();
}

interface SealedFor {
  readonly serverSecret: string;
  readonly organizationId: number;
}

const keyOf = (serverSecret: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', serverSecret, '', 'backcheck webhook secrets', 32));
