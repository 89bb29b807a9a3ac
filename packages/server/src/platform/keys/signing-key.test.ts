import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicKeyOf, readPublicKey } from '@backcheck/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSigningKey } from './signing-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backcheck-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the signing key', () => {
  it('is made at the first start, for its owner only, and stays the same', async () => {
    const path = join(folder, 'keys/signing-key.pem');
    const made = await openSigningKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700);
    expect(await openSigningKey(path)).toEqual(made);
    expect(readPublicKey(made.publicPem)).toBe(publicKeyOf(made.secretKey));
  });

  it('that is damaged stops the start instead of being replaced', async () => {
    const path = join(folder, 'signing-key.pem');
    writeFileSync(path, 'no key');
    await expect(openSigningKey(path)).rejects.toThrow(/cannot be read/);
    expect(readFileSync(path, 'utf8')).toBe('no key');
  });

  it('of another kind is refused by name', async () => {
    const path = join(folder, 'rsa.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await expect(openSigningKey(path)).rejects.toThrow(/rsa; it must be Ed25519/);
  });
});
