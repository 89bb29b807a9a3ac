import { NoticeBatchPlan } from '@backcheck/contract';
import {
  insertAuditEntry,
  inTransaction,
  lockNotice,
  lockNoticeBatch,
  type NoticeBatchRow,
  namesOfAccounts,
  noteBatchHeld,
  noteBatchIssued,
  noteEnded,
  noteMember,
  noticesToIssue,
  type ToIssue,
  type Tx,
} from '@backcheck/db';
import { found } from '../organizations/refusal.ts';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { outcomeOf } from './draft-batch.ts';
import { issueNotice } from './issue.ts';

const AT_ONCE = 200;

interface Issuer {
  readonly accountId: number;
  readonly name: string;
}

/**
 * Issues the approved notices of a batch one after the other, each in a transaction of its own: killed at any moment, what
 * is committed is issued and the next run goes on behind it. Where the number of one stands on the paper of another office,
 * the batch ends as approved: whoever issues asks for the rest once the office has another pattern.
 */
export async function issueBatch(
  { widePool, clock, log }: Pick<Parts, 'widePool' | 'clock' | 'log'>,
  { id, issuedBy }: Pick<NoticeBatchRow, 'id' | 'issuedBy'>,
  signal?: AbortSignal,
): Promise<void> {
  if (issuedBy === null) return;
  const names = await namesOfAccounts(widePool, [issuedBy]);
  const issuer = { accountId: issuedBy, name: names.get(issuedBy) ?? '' };
  let after = '0';
  let held = 0;
  for (;;) {
    const page = await noticesToIssue(widePool, id, { after, limit: AT_ONCE });
    for (const one of page) {
      signal?.throwIfAborted();
      const now = clock();
      try {
        await inTransaction(widePool, (tx) => issueOne(tx, one, { issuer, batchId: id, now }));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        log.warn({ noticeId: one.noticeId, code: error.code }, 'a notice of a batch was not issued');
        const refused = { batchId: id, refusal: error, log, now };
        if (error.code === 'NOTICE_NUMBER_TAKEN') held += 1;
        await inTransaction(widePool, (tx) =>
          error.code === 'NOTICE_NUMBER_TAKEN' ? hold(tx, one, refused) : draftAnew(tx, one, refused),
        );
      }
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.noticeId;
  }
  if (held === 0) await noteBatchIssued(widePool, id, clock());
  else await noteBatchHeld(widePool, id);
}

async function issueOne(
  tx: Tx,
  one: ToIssue,
  { issuer, batchId, now }: { readonly issuer: Issuer; readonly batchId: string; readonly now: Date },
): Promise<void> {
  const { number } = await issueNotice(tx, one, now);
  await insertAuditEntry(tx, {
    organizationId: one.organizationId,
    at: now.toISOString(),
    account: issuer,
    via: 'job',
    address: null,
    action: 'approve',
    object: 'notice',
    objectId: one.noticeId,
    details: { operation: 'issue-notices', batch: batchId, number },
  });
}

interface Refused {
  readonly batchId: string;
  readonly refusal: Problem;
  readonly log: Parts['log'];
  readonly now: Date;
}

/** Nothing is wrong with what was approved: it stays so. */
async function hold(tx: Tx, { noticeId, organizationId }: ToIssue, of: Refused): Promise<void> {
  const { code, facts } = of.refusal;
  const { batchId } = of;
  await noteMember(tx, { batchId, organizationId }, { outcome: 'held', noticeId, reason: { code, facts } });
}

/**
 * What was approved cannot be issued any more: a finding of it is proven gone or went to another organization, or its date
 * has passed. It never had a number, and what is left to say to them is drafted anew. That has another content, so somebody
 * approves it anew.
 */
async function draftAnew(
  tx: Tx,
  { noticeId, organizationId }: ToIssue,
  { batchId, refusal, log, now }: Refused,
): Promise<void> {
  const notice = await lockNotice(tx, noticeId);
  if (notice?.state !== 'approved') return;
  const { code, facts } = refusal;
  await noteEnded(tx, notice, { state: 'discarded', reason: code, by: null, at: now.toISOString() });
  const { plan, draftedBy } = found(await lockNoticeBatch(tx, batchId));
  const one = { plan: NoticeBatchPlan.parse(plan), batchId, organizationId, draftedBy, now };
  await noteMember(tx, one, { reason: { code, facts }, ...(await outcomeOf(tx, one, log)) });
}
