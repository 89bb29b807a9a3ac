import type { AuthorizationState } from '@backcheck/contract';
import type { Authorization, Instant } from '@backcheck/core';
import type { AuthorizationStep } from '@backcheck/db';

type Judged = Pick<Authorization, 'approvedAt' | 'stoppedAt' | 'revokedAt' | 'validFrom' | 'expiresAt'>;

/** The one word for it. What ends it for good comes first, then what holds it up. */
export function authorizationState(one: Judged, now: Instant): AuthorizationState {
  if (one.revokedAt !== null) return 'revoked';
  if (one.expiresAt <= now) return 'expired';
  if (one.approvedAt === null) return 'drafted';
  if (one.stoppedAt !== null) return 'stopped';
  return one.validFrom <= now ? 'in-force' : 'approved';
}

const STARTS: Record<AuthorizationStep, readonly AuthorizationState[]> = {
  approve: ['drafted'],
  stop: ['approved', 'in-force'],
  resume: ['stopped'],
  revoke: ['drafted', 'approved', 'in-force', 'stopped'],
};

/** `nothing`: it is there already. An emergency stop that is pressed twice must not be answered with a refusal. */
export function stepFrom(state: AuthorizationState, step: AuthorizationStep): 'take' | 'nothing' | 'refuse' {
  if (step === 'stop' && state === 'stopped') return 'nothing';
  return STARTS[step].includes(state) ? 'take' : 'refuse';
}
