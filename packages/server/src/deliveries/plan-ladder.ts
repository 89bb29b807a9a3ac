import { escalationDates, type Instant } from '@backcheck/core';
import {
  inForceFor,
  lockLadder,
  type MovedLadder,
  planEscalations,
  policyBook,
  type Tx,
} from '@backcheck/db';

/**
 * The rungs of the policy that was in force when the notice was issued, for each date that its findings have now: a policy
 * for new findings changes no ladder that was planned.
 */
export async function planLadder(
  tx: Tx,
  { organizationId, noticeId, issuedAt, receivedAt, dueDates }: MovedLadder,
  at: Instant,
): Promise<void> {
  const { policy, calendar } = inForceFor(await policyBook(tx, organizationId), issuedAt);
  const clockStart = policy.clockStart === 'acknowledged' ? (receivedAt ?? issuedAt) : issuedAt;
  const steps = dueDates.flatMap((dueAt) =>
    escalationDates({ clockStart, dueAt }, policy, calendar).map((one) => ({ ...one, dueAt })),
  );
  await lockLadder(tx, { organizationId, noticeId });
  await planEscalations(tx, { organizationId, noticeId }, { dueDates, steps, at });
}
