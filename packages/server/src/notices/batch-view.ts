import {
  type LeftOut,
  type NoticeBatch,
  type NoticeBatchState,
  PROBLEM_CODES,
  problemTexts,
} from '@backcheck/contract';
import { mayApprovePaper, type Permission } from '@backcheck/core';
import type { LeftOutRow, NoticeBatchRow } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../platform/access/guard.ts';
import { coordinatorsThatMay } from './powers.ts';

export type BatchStep = NoticeBatch['allowed'][number];

/** From which states each step is taken. */
export const BATCH_STEPS: Readonly<Record<BatchStep, readonly NoticeBatchState[]>> = {
  approve: ['drafted'],
  issue: ['approved'],
  discard: ['drafted', 'approved'],
};

/** A batch as the caller sees it, with what they may do. */
export function batchViewer(request: FastifyRequest): (row: NoticeBatchRow) => NoticeBatch {
  const { accountId } = callerOf(request).account;
  const may = (action: Permission['action']) =>
    (request.grants ?? []).some(({ role }) => coordinatorsThatMay(action).includes(role));
  const rights: Readonly<Record<BatchStep, boolean>> = {
    approve: may('approve'),
    issue: may('approve'),
    discard: may('update'),
  };
  return ({ issuedBy: _, organizationId, ...row }) => ({
    ...row,
    organizationId: organizationId === null ? null : String(organizationId),
    allowed: (['approve', 'issue', 'discard'] as const).filter(
      (step) =>
        rights[step] &&
        BATCH_STEPS[step].includes(row.state) &&
        (step !== 'approve' || mayApprovePaper({ author: Number(row.draftedBy.id), approver: accountId })),
    ),
  });
}

/** In words; a code that this version no longer has stands alone. */
export function viewLeftOut({ outcome, reason, ...row }: LeftOutRow): LeftOut {
  const known = PROBLEM_CODES.find((code) => code === reason?.code);
  return {
    ...row,
    outcome: outcome === 'drafted' ? 'drafted-anew' : outcome,
    code: reason?.code ?? null,
    why: known === undefined ? null : problemTexts(known, reason?.facts).detail,
  };
}
