import type { Fact, Instant, ScanRecord } from '@backcheck/core';

/** Clocks of scanners drift; what lies further ahead is a wrong clock or a wrong statement (COVERAGE.md 5.14). */
const ALLOWED_MINUTES = 10;

/** The latest time that a scan may give itself. */
function latestAt(now: Instant): Instant {
  return new Date(Date.parse(now) + ALLOWED_MINUTES * 60_000).toISOString();
}

/** `at` may have any zone: people declare it. */
export function isFuture(at: string, now: Instant): boolean {
  return Date.parse(at) > Date.parse(latestAt(now));
}

/** The file, or what was declared for it, lies in the future: its absences would outlive every real presence. */
export class FutureScan extends Error {
  readonly code = 'FROM_FUTURE';
  readonly at: Instant;
  constructor(at: Instant, now: Instant) {
    super(
      `the scan says that it was made at ${at}, which is more than ${ALLOWED_MINUTES} minutes after now (${now})`,
    );
    this.name = 'FutureScan';
    this.at = at;
  }
}

/** Passes a scan through and throws `FutureScan` at the first time that lies more than ten minutes after `now`. */
export async function* refuseFuture(
  facts: AsyncGenerator<Fact[], ScanRecord>,
  now: Instant,
): AsyncGenerator<Fact[], ScanRecord> {
  const latest = latestAt(now);
  const check = (...times: readonly (Instant | null)[]): void => {
    for (const time of times) if (time !== null && time > latest) throw new FutureScan(time, now);
  };
  await using scan = facts;
  for (;;) {
    const step = await scan.next();
    if (step.done === true) {
      check(step.value.startedAt, step.value.finishedAt);
      return step.value;
    }
    for (const fact of step.value) {
      if (fact.record === 'asset') check(fact.startedAt, fact.finishedAt);
      else if (fact.record === 'observation') check(fact.at);
    }
    yield step.value;
  }
}
