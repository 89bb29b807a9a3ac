import type { ReplyState, TakenStep } from '@backcheck/core';
import { lockReply, type ReplyRow, type Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../platform/access/guard.ts';
import { Problem } from '../platform/problem.ts';
import { lookingAt, stateAfter } from './judge.ts';

export type StepRequest = FastifyRequest<{ Params: { id: string } }>;

/** A step that the caller may take with a reply that waits for it; until the transaction ends nobody else takes one. */
export interface Taking {
  readonly row: ReplyRow;
  /** Afterwards. */
  readonly state: ReplyState;
  /** Of the caller. */
  readonly by: number;
  readonly name: string;
  readonly at: string;
}

/** @throws Problem NOT_FOUND, REPLY_STATE, and what core's rules refuse this person */
export async function take(
  tx: Tx,
  request: StepRequest,
  { step, now }: { readonly step: TakenStep; readonly now: Date },
): Promise<Taking> {
  const row = await lockReply(tx, request.params.id);
  if (row === null) throw new Problem('NOT_FOUND');
  request.audit = { ...request.audit, organizationId: row.organizationId, details: { step } };
  const state = stateAfter(step, await lookingAt(tx, request, row));
  const { accountId: by, name } = callerOf(request).account;
  return { row, state, by, name, at: now.toISOString() };
}
