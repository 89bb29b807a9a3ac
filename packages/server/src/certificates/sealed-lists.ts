import { SETTLED_AFTER, sealSupersessions } from '@backcheck/contract';
import type { Instant } from '@backcheck/core';
import { findSuperseded, lastSuperseded } from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

/** Entries of one list, but for those of the last moment, which stay together. Sealing so many takes 0.1 s. */
const MOST_ENTRIES = 5000;
/** The whole list is sealed again when it has changed, or after this time. */
const KEPT = 60 * 1000;
/** Lists from some time on: so many at once, then one for each of these intervals. */
const AT_ONCE = 20;
const INTERVAL = 1000;

/**
 * Anybody may ask for the list, and sealing one holds the only thread: the whole list is kept, and the others are made
 * at a rate that leaves the server to those who are signed in.
 */
export class SealedLists {
  readonly #parts: Pick<Parts, 'widePool' | 'signingKey' | 'clock'>;
  #whole: { readonly text: Promise<string>; readonly last: Instant | null; readonly at: number } | null =
    null;
  /** When all lists made so far would have been made at one for each interval. */
  #paidUntil = 0;

  constructor(parts: Pick<Parts, 'widePool' | 'signingKey' | 'clock'>) {
    this.#parts = parts;
  }

  /** The text of a list (docs/certificate.md section 9). Refuses with TOO_MANY_ATTEMPTS. */
  async from(since: Instant | null): Promise<string> {
    const now = this.#parts.clock().getTime();
    if (since !== null) {
      this.#pay(now);
      return this.#seal(since);
    }
    const last = await lastSuperseded(this.#parts.widePool);
    const whole = this.#whole;
    if (whole !== null && whole.last === last && now - whole.at < KEPT) return whole.text;
    // kept before it is sealed: whoever asks meanwhile waits for the same one
    const made = { text: this.#seal(null), last, at: now };
    this.#whole = made;
    return made.text.catch((error: unknown) => {
      if (this.#whole === made) this.#whole = null;
      throw error;
    });
  }

  #pay(now: number): void {
    const until = Math.max(now, this.#paidUntil) + INTERVAL;
    const seconds = Math.ceil((until - now) / INTERVAL) - AT_ONCE;
    if (seconds > 0) throw new Problem('TOO_MANY_ATTEMPTS', { seconds });
    this.#paidUntil = until;
  }

  async #seal(since: Instant | null): Promise<string> {
    const { widePool, signingKey, clock } = this.#parts;
    const now = clock();
    const { rows, until } = await findSuperseded(widePool, since, MOST_ENTRIES);
    const settled = new Date(now.getTime() - SETTLED_AFTER).toISOString();
    const list = {
      issuedAt: now.toISOString(),
      since,
      until: until === null || until > settled ? settled : until,
      entries: rows,
    };
    return sealSupersessions(list, signingKey.secretKey);
  }
}
