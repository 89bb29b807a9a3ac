import type { ChineseGrade, Decision, Instant, ReplyState } from '@backcheck/core';
import type { Tx } from './pool.ts';
import { findReply, type ReplyRow } from './replies.ts';

/** Null when there is none. Until the transaction ends nobody else takes a step with it. */
export async function lockReply(tx: Tx, id: string): Promise<ReplyRow | null> {
  await tx.query('select from reply where reply_id = $1 for no key update', [id]);
  return findReply(tx, id);
}

interface Taken {
  readonly state: ReplyState;
  /** An account id. */
  readonly by: number;
  readonly at: Instant;
}

/** Of a locked reply. */
type Whole = Pick<ReplyRow, 'id' | 'organizationId'>;

export async function signReply(tx: Tx, reply: Whole, { state, by, at }: Taken): Promise<void> {
  await tx.query(
    `update reply set state = $3, signed_by = $4, signed_at = $5 where organization_id = $1 and reply_id = $2`,
    [reply.organizationId, reply.id, state, by, at],
  );
}

export interface ReplyOpinion extends Taken {
  readonly text: string;
  readonly inFavour: boolean;
}

export async function opineOnReply(tx: Tx, reply: Whole, opinion: ReplyOpinion): Promise<void> {
  const { state, by, at, text, inFavour } = opinion;
  await tx.query(
    `update reply set state = $3, opinion_by = $4, opinion_at = $5, opinion = $6, opinion_for = $7
     where organization_id = $1 and reply_id = $2`,
    [reply.organizationId, reply.id, state, by, at, text, inFavour],
  );
}

export interface ReplyDecision extends Taken {
  readonly text: string;
  readonly until: Instant | null;
  readonly grade: ChineseGrade | null;
  /** Of a risk that is granted: when it is looked at again. */
  readonly reviewAt: Instant | null;
}

/** Granted, refused or verified. */
export async function decideReply(tx: Tx, reply: Whole, decision: ReplyDecision): Promise<void> {
  const { state, by, at, text, until, grade, reviewAt } = decision;
  await tx.query(
    `update reply set state = $3, decided_by = $4, decided_at = $5, decision = $6, granted_until = $7, granted_grade = $8,
       review_at = $9 where organization_id = $1 and reply_id = $2`,
    [reply.organizationId, reply.id, state, by, at, text, until, grade, reviewAt],
  );
}

export interface ReplyReview extends Omit<Taken, 'state'> {
  readonly text: string;
  readonly next: Instant;
}

/** It still holds. Each review is kept; the reply names the next. */
export async function reviewReply(tx: Tx, reply: Whole, { by, at, text, next }: ReplyReview): Promise<void> {
  await tx.query(
    `insert into reply_review (organization_id, reply_id, review_no, reviewed_by, reviewed_at, text, next_review_at)
     select $1, $2, count(*) + 1, $3, $4, $5, $6 from reply_review where organization_id = $1 and reply_id = $2`,
    [reply.organizationId, reply.id, by, at, text, next],
  );
  await tx.query('update reply set review_at = $3 where organization_id = $1 and reply_id = $2', [
    reply.organizationId,
    reply.id,
    next,
  ]);
}

/** Withdrawn or revoked. */
export async function endReply(
  tx: Tx,
  reply: Whole,
  { state, by, at, because }: Taken & { readonly because: string },
): Promise<void> {
  await tx.query(
    `update reply set state = $3, ended_by = $4, ended_at = $5, ended_because = $6
     where organization_id = $1 and reply_id = $2`,
    [reply.organizationId, reply.id, state, by, at, because],
  );
}

/** What a granted reply lays over its findings. It changes no state: a scan does, or nothing. */
export interface Overlaid {
  readonly kind: Exclude<Decision['kind'], 'claimed' | 'revoked'>;
  readonly at: Instant;
  /** The name of who decided. */
  readonly by: string;
  readonly note: string;
  /** Null: until it is revoked, or a scan contradicts it. */
  readonly until: Instant | null;
}

export async function overlayFindings(
  tx: Tx,
  reply: Pick<ReplyRow, 'id' | 'organizationId' | 'findingIds'>,
  { kind, at, by, note, until }: Overlaid,
): Promise<void> {
  await tx.query(
    `insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note, expires_at, reply_id)
     select $1, unnest($2::bigint[]), $3, $4, $5, $6, $7, $8`,
    [reply.organizationId, reply.findingIds, kind, at, by, note, until, reply.id],
  );
}

/**
 * Takes off again what an ended reply laid over its findings, also over one that was handed over to an organization that the
 * caller does not see. It does not come back; what else was decided about the finding, earlier or later, holds on.
 */
export async function liftOverlay(tx: Tx, reply: Whole): Promise<void> {
  await tx.query('select lift_overlay($1, $2)', [reply.organizationId, reply.id]);
}

/**
 * Marks what has ended by itself, at most `most` in one go; gives how many. What lay over the findings ended at its own
 * moment already, whenever this runs.
 */
export async function expireReplies(tx: Tx, now: Instant, most: number): Promise<number> {
  const { rowCount } = await tx.query(
    `update reply r set state = 'expired', ended_at = r.granted_until from (
       select organization_id, reply_id from reply
       where state = 'granted' and granted_until <= $1
         and (kind in ('acceptance', 'false-positive') or kind = 'objection' and terms ->> 'ground' = 'fact')
       order by granted_until limit $2 for update skip locked) one
     where r.organization_id = one.organization_id and r.reply_id = one.reply_id`,
    [now, most],
  );
  return rowCount ?? 0;
}
