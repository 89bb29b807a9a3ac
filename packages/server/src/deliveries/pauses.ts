import type { Instant } from '@backcheck/core';

/** When it is tried again; null: there is no pause left, and it is given up. */
export const laterBy = (pause: number | undefined, now: Date): Instant | null =>
  pause === undefined ? null : new Date(now.getTime() + pause).toISOString();
