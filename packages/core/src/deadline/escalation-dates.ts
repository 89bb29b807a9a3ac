import type { Instant } from '../observe/record.ts';
import type { WorkingCalendar } from './calendar.ts';
import type { Determination } from './determination.ts';
import type { EscalationStep, Policy } from './policy.ts';
import { termEnd } from './term.ts';

export interface EscalationDate {
  readonly step: EscalationStep;
  readonly at: Instant;
}

/**
 * When each step of the policy's ladder is due, in the ladder's order; empty while the clock has not started. A share is
 * of the time between start and due date as it passes, to the whole second; a term counts from the last moment in time.
 * The dates move with the due date; who takes the steps remembers which were taken, and takes none while the clock
 * stands still. A determination fits as `due`, and so does a notice with a date of its own.
 */
export function escalationDates(
  due: Pick<Determination, 'clockStart' | 'dueAt'>,
  policy: Policy,
  calendar: WorkingCalendar | null,
): EscalationDate[] {
  const { clockStart, dueAt } = due;
  if (clockStart === null || dueAt === null) return [];
  const [start, end] = [Date.parse(clockStart), Date.parse(dueAt)];
  return policy.escalation.map(({ step, at }) => {
    if ('share' in at) return { step, at: instantOf(shareOf(start, end, at.share)) };
    if (at.after === null) return { step, at: dueAt };
    // the last day in time is day 0: due at midnight after Friday, one working day later is the end of Monday
    const from = at.after.unit === 'hours' ? end : end - 1;
    return { step, at: termEnd(instantOf(from), at.after, { timeZone: policy.timeZone, calendar }) };
  });
}

const instantOf = (moment: number): Instant => new Date(moment).toISOString();

const SECOND = 1000;
const shareOf = (start: number, end: number, share: number): number =>
  start + Math.round((Math.max(0, end - start) * share) / SECOND) * SECOND;
