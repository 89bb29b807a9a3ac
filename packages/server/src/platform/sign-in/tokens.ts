import { createHash, randomBytes } from 'node:crypto';

const HOUR = 3_600_000;
export const LINK_LIFETIME = 24 * HOUR;
export const SESSION_LIFETIME = 7 * 24 * HOUR;

export const INVITATION_LIFETIME = 7 * 24 * HOUR;
export const RESET_LIFETIME = HOUR;
export const API_KEY_LIFETIME = 366 * 24 * HOUR;

export const API_KEY_PREFIX = 'bk_';
export const RUNNER_KEY_PREFIX = 'bcr_';

/** A secret of 256 random bits, and what the server keeps of it. */
export interface NewSecret {
  readonly secret: string;
  readonly hash: Buffer;
}

export function newSecret(prefix = ''): NewSecret {
  const secret = prefix + randomBytes(32).toString('base64url');
  return { secret, hash: hashOf(secret) };
}

/**
 * Secrets are found by the hash, in an index: how long that takes tells an attacker nothing about the
 * secret, because a guess that shares a prefix with it does not share one with its hash.
 */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
