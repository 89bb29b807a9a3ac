import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { type AttemptKey, forgetAttempts, type Pool, takeAttempt } from '@backcheck/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';

/** Wrong passwords for one account from one network address before each further one waits. */
const FREE_FOR_ACCOUNT = 5;
/** The same for all accounts together: a whole office may stand behind one address. */
const FREE_FOR_ADDRESS = 60;

/** One sender of IPv6 has 2^64 addresses at hand (RFC 6177 section 2): the network counts as one. */
function networkOf(ip: string): string {
  if (!isIPv6(ip) || ip.toLowerCase().startsWith('::ffff:')) return ip;
  const [before = [], after = []] = ip.split('::').map((half) => half.split(':').filter((one) => one !== ''));
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return groups.map((one) => Number.parseInt(one, 16).toString(16)).join(':');
}

interface Guess {
  readonly pool: Pool;
  readonly secret: string;
  readonly now: Date;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** An attempt that was counted; `succeeded` takes it back. */
export interface CountedGuess {
  succeeded(): Promise<void>;
}

/**
 * Counts a guess of somebody's password, before it is looked at, or refuses with TOO_MANY_ATTEMPTS and the time to wait.
 * `whose` is what was typed, so that an address without an account counts and answers alike.
 */
export async function countGuess(
  { pool, secret, now, request, reply }: Guess,
  whose: string,
): Promise<CountedGuess> {
  // Keyed, so that the table is no list of who signs in from where.
  const key = (...parts: string[]) => createHmac('sha256', secret).update(JSON.stringify(parts)).digest();
  const from = networkOf(request.ip);
  const account: AttemptKey = { hash: key('account', whose, from), free: FREE_FOR_ACCOUNT };
  const address: AttemptKey = { hash: key('address', from), free: FREE_FOR_ADDRESS };
  for (const one of [address, account]) {
    const waitUntil = await takeAttempt(pool, one, now);
    if (waitUntil !== null) {
      const seconds = Math.max(1, Math.ceil((waitUntil.getTime() - now.getTime()) / 1000));
      reply.header('retry-after', seconds);
      throw new Problem('TOO_MANY_ATTEMPTS', { seconds });
    }
  }
  return {
    succeeded: async () => {
      await forgetAttempts(pool, account.hash, 'all');
      await forgetAttempts(pool, address.hash, 'this');
    },
  };
}
