import { escalationDates, type Instant } from '@backcheck/core';
import { inForceFor, type MovedLadder, planEscalations, policyBook, type Tx } from '@backcheck/db';

/**
 * The rungs of the policy that was in force when the notice was issued, for the date that it has now: a policy for new
 * findings changes no ladder that was planned.
 */
export async function planLadder(
  tx: Tx,
  { organizationId, noticeId, issuedAt, receivedAt, dueAt }: MovedLadder,
  at: Instant,
): Promise<void> {
  const { policy, calendar } = inForceFor(await policyBook(tx, organizationId), issuedAt);
  const clockStart = policy.clockStart === 'acknowledged' ? (receivedAt ?? issuedAt) : issuedAt;
  const steps = escalationDates({ clockStart, dueAt }, policy, calendar);
  await planEscalations(tx, { organizationId, noticeId }, { dueAt, steps, at });
}
