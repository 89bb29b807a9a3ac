import { ById, NoticeDetail, NoticeReason } from '@backcheck/contract';
import type { NoticeStep } from '@backcheck/core';
import {
  type LockedNotice,
  noteApproved,
  noteEnded,
  noteSentBack,
  noticeWords,
  type Tx,
  writeLedgerRecord,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { readDraft } from './content.ts';
import { IfMatch, refuseChanged } from './if-match.ts';
import { issueNotice } from './issue.ts';
import { mayApproveNotice } from './powers.ts';
import { after, lockedNotice, refusePast, refuseSettled } from './ready.ts';
import { submitNotice } from './submit.ts';
import { viewNoticeDetail } from './view.ts';

const TAGS = ['Notices'];

interface Doing {
  readonly by: number;
  readonly now: Date;
  readonly reason: string;
}

interface Step {
  readonly name: Exclude<NoticeStep, 'supersede'>;
  readonly action: 'update' | 'approve';
  readonly summary: string;
  readonly work: (tx: Tx, notice: LockedNotice, doing: Doing) => Promise<unknown>;
}

const PLAIN: readonly Step[] = [
  {
    name: 'submit',
    action: 'update',
    summary: 'Submit a draft for approval: what it says is frozen',
    work: submitNotice,
  },
  {
    name: 'approve',
    action: 'approve',
    summary: 'Approve a submitted notice; nobody who wrote or submitted it can',
    work: approve,
  },
  {
    name: 'issue',
    action: 'approve',
    summary: 'Issue an approved notice: it gets its number, its dates and its hash, and goes out',
    work: (tx, notice, { now }) => issueNotice(tx, notice, now),
  },
];

const REASONED: readonly Step[] = [
  {
    name: 'send-back',
    action: 'approve',
    summary: 'Send a submitted or approved notice back to its drafter, with the reason',
    work: (tx, notice, { reason }) => noteSentBack(tx, notice, reason),
  },
  {
    name: 'withdraw',
    action: 'approve',
    summary: 'Withdraw an issued notice, with the reason; its number stays taken',
    work: withdraw,
  },
  {
    name: 'discard',
    action: 'update',
    summary: 'Give up a notice that was not issued, with the reason; it never had a number',
    work: (tx, notice, { by, now, reason }) =>
      noteEnded(tx, notice, { state: 'discarded', reason, by, at: now.toISOString() }),
  },
];

export function noticeStepRoutes(app: App, parts: Parts): void {
  for (const step of PLAIN) plainRoute(app, parts, step);
  for (const step of REASONED) reasonedRoute(app, parts, step);
}

function plainRoute(app: App, parts: Parts, step: Step): void {
  app.post(
    `/notices/:id/${step.name}`,
    {
      config: { access: { object: 'notice', action: step.action } },
      schema: {
        tags: TAGS,
        summary: step.summary,
        description:
          'With `If-Match`, nothing is done with what somebody else has changed since the `tag` was read: 412 NOTICE_CHANGED.',
        params: ById,
        headers: IfMatch,
        response: { 200: NoticeDetail, ...PROBLEM_RESPONSES },
      },
    },
    (request) => take(parts, request, { step, id: request.params.id, reason: '', read: request.headers }),
  );
}

function reasonedRoute(app: App, parts: Parts, step: Step): void {
  app.post(
    `/notices/:id/${step.name}`,
    {
      config: { access: { object: 'notice', action: step.action } },
      schema: {
        tags: TAGS,
        summary: step.summary,
        params: ById,
        body: NoticeReason,
        response: { 200: NoticeDetail, ...PROBLEM_RESPONSES },
      },
    },
    (request) => take(parts, request, { step, id: request.params.id, reason: request.body.reason, read: {} }),
  );
}

interface Taking {
  readonly step: Step;
  readonly id: string;
  readonly reason: string;
  /** What the caller knows of the notice. */
  readonly read: IfMatch;
}

/** Each step once, each in a transaction of its own. */
async function take(
  { clock }: Parts,
  request: FastifyRequest,
  { step, id, reason, read }: Taking,
): Promise<NoticeDetail> {
  const { accountId } = callerOf(request).account;
  const now = clock();
  return request.inScope(async (tx) => {
    const notice = await lockedNotice(tx, request, id);
    after(notice.state, step.name);
    refuseChanged(notice, read);
    await step.work(tx, notice, { by: accountId, now, reason });
    return viewNoticeDetail(tx, request, { id, now });
  });
}

async function approve(tx: Tx, notice: LockedNotice, { by, now }: Doing): Promise<void> {
  if (!mayApproveNotice(notice.hands, by)) throw new Problem('NOTICE_NOT_YOURS_TO_APPROVE');
  const { findingIds, dueAt } = readDraft(found(await noticeWords(tx, notice.noticeId)).draft);
  refusePast({ dueAt }, now);
  await refuseSettled(tx, { ...notice, findingIds, now });
  await noteApproved(tx, notice, { by, at: now.toISOString() });
}

async function withdraw(tx: Tx, notice: LockedNotice, { by, now, reason }: Doing): Promise<void> {
  const at = now.toISOString();
  await noteEnded(tx, notice, { state: 'withdrawn', reason, by, at });
  await writeLedgerRecord(tx, notice.organizationId, {
    kind: 'notice-withdrawn',
    at,
    notice: notice.noticeId,
    number: notice.number,
    contentSha256: notice.contentSha256,
  });
}
