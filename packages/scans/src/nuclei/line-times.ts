import { zonedInstant } from '../zoned-instant.ts';

/** Length of "2026-11-21T02:00:05". */
const SECOND = 19;

/** Reads the times of lines, of which a second has hundreds: the date is worked out once for each second. */
export class LineTimes {
  #second = '';
  #zone = '';
  #at: number | null = null;

  /** Milliseconds since 1970; null where there is no time with its zone. */
  read(timestamp = ''): number | null {
    const zone = timestamp.endsWith('Z') ? 'Z' : timestamp.slice(-6);
    const second = timestamp.slice(0, SECOND);
    if (second !== this.#second || zone !== this.#zone) {
      const instant = zonedInstant(second + zone);
      this.#second = second;
      this.#zone = zone;
      this.#at = instant === null ? null : Date.parse(instant);
    }
    if (this.#at === null) return null;
    const fraction = timestamp.slice(SECOND + 1, -zone.length).slice(0, 3);
    return /^\d+$/.test(fraction) ? this.#at + Number(fraction.padEnd(3, '0')) : this.#at;
  }
}
