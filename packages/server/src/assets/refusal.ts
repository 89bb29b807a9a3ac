import type { ProblemCode } from '@backcheck/contract';
import type { LinkOutcome, TaskOutcome } from '@backcheck/db';
import { Problem } from '../platform/problem.ts';

type Refused = Extract<LinkOutcome | TaskOutcome, { kind: 'refused' }>['code'];

const CODES: Record<Refused, ProblemCode> = {
  SAME_ASSET: 'ASSET_SAME',
  EMPTY_INTERVAL: 'ASSET_LINK_EMPTY',
  ALREADY_LINKED: 'ASSET_ALREADY_LINKED',
  LINK_CHAIN: 'ASSET_LINK_CHAIN',
  BAD_IDENTITY: 'ASSET_NAME_INVALID',
  NOT_LINKED: 'ASSET_NOT_LINKED',
  NO_TASK: 'NOT_FOUND',
  ALREADY_RESOLVED: 'IDENTITY_TASK_RESOLVED',
  ONE_ASSET: 'IDENTITY_TASK_ONE_ASSET',
  NOT_IN_TASK: 'ASSET_UNKNOWN',
};

/** Thrown inside the transaction, so that nothing of a refused change stays. */
export const refusalOf = (code: Refused, facts: { identity?: string; asset?: string }): Problem =>
  new Problem(CODES[code], facts);
