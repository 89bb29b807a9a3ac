import type { Instant } from '../observe/record.ts';

/** A time of waiting; `until` is not before `from`. */
export interface Waiting {
  readonly from: Instant;
  readonly until: Instant;
}

/**
 * Whole seconds in which at least one of these was waited for: two retests at the same time are one waiting. Any order
 * gives the same.
 */
export function bookedSeconds(waitings: readonly Waiting[]): number {
  const spans = waitings
    .map(({ from, until }) => ({ from: Date.parse(from), until: Date.parse(until) }))
    .sort((a, b) => a.from - b.from);
  let booked = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, until } of spans) {
    booked += Math.max(0, until - Math.max(from, end));
    end = Math.max(end, until);
  }
  return Math.floor(booked / 1000);
}
