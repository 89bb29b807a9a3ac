import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { Problem } from '../problem.ts';

/**
 * scrypt (RFC 7914) with N = 2^15, r = 8, p = 3, one of the OWASP Password Storage Cheat Sheet's equal choices. It
 * takes 32 MiB a hash; N = 2^17, p = 1 would take 128 MiB, which some sign-ins at once would not find on a small server.
 */
const COST = { N: 2 ** 15, r: 8, p: 3 };
const LENGTH = 32;
const SALT_LENGTH = 16;

/**
 * At most two at a time: libuv has four threads, and files and names need the others. Measured on two cores: a hash
 * takes 0.15 to 0.25 s, so the last of sixteen sign-ins at once waits up to 4 s, while other requests are answered.
 */
const AT_ONCE = 2;
/** Who comes behind so many would wait longer than a browser does. */
const MOST_WAITING = 100;
let running = 0;
const waiting: (() => void)[] = [];

/** `scrypt$15$8$3$salt$key`: parameters stand with the hash, so that they can rise. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_LENGTH);
  const key = await derive(password, salt, COST);
  return ['scrypt', Math.log2(COST.N), COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join(
    '$',
  );
}

export async function verifyPassword({
  hash,
  password,
}: {
  readonly hash: string;
  readonly password: string;
}): Promise<boolean> {
  const [name, log = '', r = '', p = '', salt = '', expected = ''] = hash.split('$');
  if (name !== 'scrypt') throw new Error('A stored password is of an unknown kind');
  const key = await derive(password, Buffer.from(salt, 'base64'), {
    N: 2 ** Number(log),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(key, Buffer.from(expected, 'base64'));
}

async function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  if (waiting.length >= MOST_WAITING) throw new Problem('TEMPORARILY_UNAVAILABLE');
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    // Twice what scrypt's own formula says: OpenSSL counts some more.
    const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r };
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, LENGTH, options, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } finally {
    const next = waiting.shift();
    // The place passes to the next one, or becomes free.
    if (next === undefined) running -= 1;
    else next();
  }
}
