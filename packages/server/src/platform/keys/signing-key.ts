import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The Ed25519 key (RFC 8032) that signs certificates. */
export interface SigningKey {
  /** The 32 bytes of the seed. */
  readonly secretKey: Uint8Array;
  /** The 32 bytes of the public key. */
  readonly publicKey: Uint8Array;
  /** SubjectPublicKeyInfo (RFC 8410). */
  readonly publicPem: string;
}

/**
 * Reads the key, or makes it at the first start with mode 0600. Whoever holds this file can sign closures;
 * whoever loses it cannot continue the line of certificates: it belongs in the backup.
 */
export async function openSigningKey(path: string): Promise<SigningKey> {
  return asSigningKey((await readKey(path)) ?? (await makeKey(path)), path);
}

async function readKey(path: string): Promise<KeyObject | null> {
  try {
    return createPrivateKey(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`The signing key ${path} cannot be read as a PEM private key`, { cause: error });
  }
}

async function makeKey(path: string): Promise<KeyObject> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  // 'wx': of two first starts, the second fails instead of replacing the key of the first.
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await file.sync();
  } finally {
    await file.close();
  }
  return privateKey;
}

function asSigningKey(key: KeyObject, path: string): SigningKey {
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new Error(`The signing key ${path} is ${key.asymmetricKeyType}; it must be Ed25519`);
  }
  const { d, x } = key.export({ format: 'jwk' });
  if (d === undefined || x === undefined) throw new Error(`The signing key ${path} is incomplete`);
  return {
    secretKey: Buffer.from(d, 'base64url'),
    publicKey: Buffer.from(x, 'base64url'),
    publicPem: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  };
}
