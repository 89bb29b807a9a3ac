/** Refusals of one account or address that are written down in a minute; the rest is only counted. */
const MOST_A_MINUTE = 30;
/** Above so many different ones, the rest share one count: a flood from everywhere must not fill the memory. */
const MOST_KEYS = 10_000;

const MINUTE = 60_000;

/** So that whoever sends a million wrong requests fills neither the log nor the disk. */
export class RefusalLimit {
  #minute = 0;
  #omitted = 0;
  readonly #counts = new Map<string, number>();

  /** How many refusals were left out since the last one that was written; null: leave this one out too. */
  take(key: string, now: Date): number | null {
    const minute = Math.floor(now.getTime() / MINUTE);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    const counted = this.#counts.has(key) || this.#counts.size < MOST_KEYS ? key : '';
    const count = (this.#counts.get(counted) ?? 0) + 1;
    this.#counts.set(counted, count);
    if (count > MOST_A_MINUTE) {
      this.#omitted += 1;
      return null;
    }
    const omitted = this.#omitted;
    this.#omitted = 0;
    return omitted;
  }
}
