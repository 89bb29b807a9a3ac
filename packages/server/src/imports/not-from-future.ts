import type { Fact, Instant, ScanRecord } from '@backcheck/core';
import { Problem } from '../platform/problem.ts';

/** How far the clock of a scanner may run ahead of ours (COVERAGE.md 5.14). */
const TOLERANCE = 10 * 60_000;

export function fromFuture(at: Instant, now: Date): boolean {
  return Date.parse(at) > now.getTime() + TOLERANCE;
}

/**
 * Passes the facts on and refuses the file at the first time that lies in the future: such a scan would stay
 * the latest word on its findings until that day comes.
 */
export async function* notFromFuture(
  facts: AsyncGenerator<Fact[], ScanRecord>,
  now: Date,
): AsyncGenerator<Fact[], ScanRecord> {
  const latest = new Date(now.getTime() + TOLERANCE).toISOString();
  const check = (at: Instant | null) => {
    if (at !== null && at > latest) throw new Problem('SCAN_FROM_FUTURE', { at });
  };
  for (;;) {
    const step = await facts.next();
    if (step.done === true) {
      check(step.value.startedAt);
      check(step.value.finishedAt);
      return step.value;
    }
    for (const fact of step.value) {
      if (fact.record === 'observation') check(fact.at);
      else if (fact.record === 'asset') {
        check(fact.startedAt);
        check(fact.finishedAt);
      }
    }
    yield step.value;
  }
}
