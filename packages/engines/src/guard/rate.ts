import { setTimeout as sleep } from 'node:timers/promises';

/**
 * At most so many a second, evenly: after a pause nothing is caught up with, so that no second ever has more.
 * Whoever asks first goes first.
 */
export class Rate {
  readonly #pause: number;
  #next = 0;

  constructor(perSecond: number) {
    this.#pause = 1000 / perSecond;
  }

  /** Resolves when one may be made. Rejects when `signal` fires before; its turn is lost and nobody takes it. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = performance.now();
    const turn = Math.max(now, this.#next);
    this.#next = turn + this.#pause;
    // timers may fire up to a millisecond early
    if (turn > now) await sleep(Math.ceil(turn - now) + 1, undefined, { signal });
  }
}
