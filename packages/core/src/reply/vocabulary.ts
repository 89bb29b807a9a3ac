/**
 * What an organization answers to findings, beside acknowledging a notice and claiming a fix: an objection to fact, owner,
 * grade or deadline; a plan; an interim measure; the wish for a later date; a risk that it wants to bear for a time; the
 * proposal that a finding is a false positive.
 */
export const REPLY_KINDS = [
  'objection',
  'plan',
  'interim',
  'extension',
  'acceptance',
  'false-positive',
] as const;
export type ReplyKind = (typeof REPLY_KINDS)[number];

/**
 * `drafted`: a risk that the organization's security lead has not signed. `plan` and `interim` are filed and may be
 * verified; the others wait for a decision. `withdrawn` by the organization, `revoked` by the coordinator.
 */
export const REPLY_STATES = [
  'drafted',
  'made',
  'opinion',
  'granted',
  'refused',
  'withdrawn',
  'verified',
  'revoked',
  'expired',
] as const;
export type ReplyState = (typeof REPLY_STATES)[number];

/**
 * Steps that people take: `sign` and `withdraw` are the organization's, the others are the coordinator's. `review`: a risk
 * that is borne was looked at again, and may go on being borne.
 */
export const TAKEN_STEPS = [
  'sign',
  'opine',
  'grant',
  'refuse',
  'verify',
  'review',
  'withdraw',
  'revoke',
] as const;
export type TakenStep = (typeof TAKEN_STEPS)[number];

/** `expire` is the clock's. */
export const REPLY_STEPS = [...TAKEN_STEPS, 'expire'] as const;
export type ReplyStep = (typeof REPLY_STEPS)[number];

export const OBJECTION_GROUNDS = ['fact', 'owner', 'grade', 'deadline'] as const;
export type ObjectionGround = (typeof OBJECTION_GROUNDS)[number];

/** Why it takes longer; domain section 10. */
export const DELAY_REASONS = [
  'no-patch-yet',
  'no-budget',
  'vendor-silent',
  'change-freeze',
  'business-refuses',
  'not-ours',
  'to-be-retired',
  'needs-testing',
] as const;
export type DelayReason = (typeof DELAY_REASONS)[number];

/** Why a tool may have reported what is not there. */
export const FALSE_POSITIVE_REASONS = [
  'patch-backported',
  'wrong-product',
  'not-affected',
  'tool-error',
  'other-host',
] as const;
export type FalsePositiveReason = (typeof FALSE_POSITIVE_REASONS)[number];
