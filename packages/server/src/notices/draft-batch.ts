import { NoticeBatchPlan } from '@backcheck/contract';
import {
  inSavepoint,
  inTransaction,
  lockNotice,
  lockNoticeBatch,
  type MemberOutcome,
  nextMembers,
  noteDrafted,
  noteMember,
  type Tx,
} from '@backcheck/db';
import { found } from '../organizations/refusal.ts';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { draftNotice } from './draft.ts';
import { proposeNotice } from './propose.ts';
import { submitNotice } from './submit.ts';

/** Organizations in one transaction: a kill loses the last of these, and nothing is drafted twice. */
const AT_ONCE = 50;

/**
 * Drafts and submits the notices of a batch, as far as an earlier run has not. One that is refused, such as for a date that
 * has passed since, holds up none of the others.
 */
export async function draftBatch(
  { widePool, clock, log }: Pick<Parts, 'widePool' | 'clock' | 'log'>,
  batchId: string,
  signal?: AbortSignal,
): Promise<void> {
  let more = true;
  while (more) {
    // What is left is taken up by the next start.
    signal?.throwIfAborted();
    more = await inTransaction(widePool, (tx) => draftSome(tx, { batchId, log, now: clock() }));
  }
}

interface Some {
  readonly batchId: string;
  readonly log: Parts['log'];
  readonly now: Date;
}

async function draftSome(tx: Tx, { batchId, log, now }: Some): Promise<boolean> {
  const batch = await lockNoticeBatch(tx, batchId);
  if (batch === null) return false;
  const members = await nextMembers(tx, batchId, AT_ONCE);
  if (members.length === 0) {
    await noteDrafted(tx, batchId, now);
    return false;
  }
  const plan = NoticeBatchPlan.parse(batch.plan);
  for (const organizationId of members) {
    const one = { plan, batchId, organizationId, draftedBy: batch.draftedBy, now };
    await noteMember(tx, one, await outcomeOf(tx, one, log));
  }
  return true;
}

export interface One {
  readonly plan: NoticeBatchPlan;
  readonly batchId: string;
  readonly organizationId: number;
  readonly draftedBy: number;
  readonly now: Date;
}

/** Drafts and submits for one organization, or says why not. */
export async function outcomeOf(tx: Tx, one: One, log: Parts['log']): Promise<MemberOutcome> {
  try {
    const noticeId = await inSavepoint(tx, () => draftOne(tx, one));
    return noticeId === null ? { outcome: 'needless', noticeId } : { outcome: 'drafted', noticeId };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { organizationId, batchId } = one;
    log.warn({ organizationId, batchId, code: error.code }, 'a notice of a batch was not drafted');
    return { outcome: 'refused', noticeId: null, reason: { code: error.code, facts: error.facts } };
  }
}

/** Null: since the batch was made there is nothing left to say to them. */
async function draftOne(
  tx: Tx,
  { plan, batchId, organizationId, draftedBy, now }: One,
): Promise<string | null> {
  const draft = await draftOfPlan(tx, plan, { organizationId, now });
  if (plan.which !== 'none' && draft.findingIds.length === 0) return null;
  const noticeId = await draftNotice(tx, { organizationId, draft, draftedBy, now, batchId });
  await submitNotice(tx, found(await lockNotice(tx, noticeId)), { by: draftedBy, now });
  return noticeId;
}

/** The words of the batch with what is true for one organization. */
export async function draftOfPlan(
  tx: Tx,
  { kind, which, fixId, draft: words }: NoticeBatchPlan,
  { organizationId, now }: { readonly organizationId: number; readonly now: Date },
) {
  const { language, dueAt } = words;
  const { draft } = await proposeNotice(tx, {
    organizationId,
    kind,
    language,
    which,
    fixId,
    dueAt,
    words,
    now,
  });
  const { addressee, legalBasis, consequences, contact, tlp, annex } = words;
  return {
    ...draft,
    addressee,
    tlp,
    ...(annex === undefined ? {} : { annex }),
    legalBasis: legalBasis === '' ? draft.legalBasis : legalBasis,
    consequences: consequences === '' ? draft.consequences : consequences,
    contact: contact === '' ? draft.contact : contact,
  };
}
