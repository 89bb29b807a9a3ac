import { ById, NoticeBatch, NoticeBatchPlan, NoticeReason } from '@backcheck/contract';
import { type Instant, mayApprovePaper } from '@backcheck/core';
import {
  approveBatch,
  discardBatch,
  findNoticeBatch,
  lockNoticeBatch,
  queueIssue,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { BATCH_STEPS, type BatchStep, batchViewer } from './batch-view.ts';
import { refusePast } from './ready.ts';

const TAGS = ['Notices'];
const APPROVE = { access: { object: 'notice', action: 'approve' } } as const;
const UPDATE = { access: { object: 'notice', action: 'update' } } as const;

export function noticeBatchStepRoutes(app: App, parts: Parts): void {
  approveRoute(app, parts);
  issueRoute(app, parts);
  discardRoute(app, parts);
}

interface Taken {
  readonly id: string;
  readonly draftedBy: number;
  /** Of all its notices. */
  readonly dueAt: Instant | null;
}

/** Locked, in a state that the step is taken from; afterwards as the caller sees it. */
async function take(
  request: FastifyRequest<{ Params: { id: string } }>,
  step: BatchStep,
  work: (tx: Tx, batch: Taken) => Promise<void>,
): Promise<NoticeBatch> {
  const { id } = request.params;
  return request.inScope(async (tx) => {
    const { plan, draftedBy } = found(await lockNoticeBatch(tx, id));
    const { dueAt } = NoticeBatchPlan.parse(plan).draft;
    const { state, organizationId } = found(await findNoticeBatch(tx, id));
    if (!BATCH_STEPS[step].includes(state)) throw new Problem('NOTICE_BATCH_NOT_READY', { state });
    if (organizationId !== null) request.audit.organizationId = organizationId;
    request.audit.objectId = `notice-batches/${id}`;
    await work(tx, { id, draftedBy, dueAt });
    return batchViewer(request)(found(await findNoticeBatch(tx, id)));
  });
}

function approveRoute(app: App, { clock }: Parts): void {
  app.post(
    '/notice-batches/:id/approve',
    {
      config: APPROVE,
      schema: {
        tags: TAGS,
        summary: 'Approve the notices of a batch as one; not by who drafted it',
        params: ById,
        response: { 200: NoticeBatch, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).account;
      const now = clock();
      return take(request, 'approve', async (tx, { id, draftedBy, dueAt }) => {
        if (!mayApprovePaper({ author: draftedBy, approver: accountId }))
          throw new Problem('NOTICE_NOT_YOURS_TO_APPROVE');
        refusePast({ dueAt }, now);
        await approveBatch(tx, id, { by: accountId, at: now.toISOString() });
      });
    },
  );
}

function issueRoute(app: App, { clock }: Parts): void {
  app.post(
    '/notice-batches/:id/issue',
    {
      config: APPROVE,
      schema: {
        tags: TAGS,
        summary: 'Issue what was approved, by a job: each notice once, however often it is interrupted',
        params: ById,
        response: { 200: NoticeBatch, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).account;
      const now = clock();
      return take(request, 'issue', async (tx, { id, dueAt }) => {
        refusePast({ dueAt }, now);
        await queueIssue(tx, id, { by: accountId, at: now.toISOString() });
      });
    },
  );
}

function discardRoute(app: App, { clock }: Parts): void {
  app.post(
    '/notice-batches/:id/discard',
    {
      config: UPDATE,
      schema: {
        tags: TAGS,
        summary: 'Give up a batch that was not issued, with all its notices',
        params: ById,
        body: NoticeReason,
        response: { 200: NoticeBatch, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).account;
      const { reason } = request.body;
      return take(request, 'discard', (tx, { id }) =>
        discardBatch(tx, id, { by: accountId, at: clock().toISOString(), reason }),
      );
    },
  );
}
