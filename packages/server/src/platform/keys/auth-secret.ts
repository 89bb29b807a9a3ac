import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The secret that signs session cookies and encrypts TOTP secrets, made at the first start with mode 0600. It stands
 * beside the database and not in it: a copy of the database alone signs nobody in. Whoever loses it ends all sessions
 * and all second factors.
 */
export async function openAuthSecret(path: string): Promise<string> {
  const secret = (await readSecret(path)) ?? (await makeSecret(path));
  if (secret.length < 32) throw new Error(`The secret in ${path} is damaged: it has less than 32 characters`);
  return secret;
}

async function readSecret(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`The secret for sign-in ${path} cannot be read`, { cause: error });
  }
}

async function makeSecret(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const secret = randomBytes(32).toString('base64url');
  // 'wx': of two first starts, the second fails instead of replacing the secret of the first.
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(secret);
    await file.sync();
  } finally {
    await file.close();
  }
  return secret;
}
