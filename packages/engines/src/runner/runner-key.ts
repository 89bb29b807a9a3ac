import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type PublicKey, publicKeyOf } from '@backcheck/core';

/** The Ed25519 key (RFC 8032) that signs what a runner found. */
export interface RunnerKey {
  /** The 32 bytes of the seed. */
  readonly secretKey: Uint8Array;
  readonly publicKey: PublicKey;
}

/** Reads the key, 64 hex digits, or makes it with mode 0600. A server takes results of the first key only. */
export async function openRunnerKey(path: string): Promise<RunnerKey> {
  const text = (await readKey(path)) ?? (await makeKey(path));
  if (!/^[0-9a-f]{64}\s*$/.test(text)) throw new Error(`${path} holds no key: 64 hex digits`);
  const secretKey = Buffer.from(text.trim(), 'hex');
  return { secretKey, publicKey: publicKeyOf(secretKey) };
}

async function readKey(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function makeKey(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const text = `${randomBytes(32).toString('hex')}\n`;
  // 'wx': of two first starts, the second fails instead of replacing the key of the first.
  await writeFile(path, text, { flag: 'wx', mode: 0o600, flush: true });
  return text;
}
