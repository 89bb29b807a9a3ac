import type { Instant, NoticeKind, Sha256 } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import type { Db, Tx } from './pool.ts';

export type NoticeBatchState = 'drafting' | 'drafted' | 'approved' | 'issuing' | 'issued' | 'discarded';

export interface NoticeBatchRow {
  readonly id: string;
  readonly organizationId: number | null;
  readonly kind: NoticeKind;
  readonly title: string;
  readonly state: NoticeBatchState;
  readonly draftedBy: Signer;
  readonly draftedAt: Instant;
  readonly approvedBy: Signer | null;
  readonly approvedAt: Instant | null;
  /** Who had it issued; null before. */
  readonly issuedBy: number | null;
  readonly finishedAt: Instant | null;
  readonly counts: {
    readonly expected: number;
    readonly drafted: number;
    readonly needless: number;
    readonly refused: number;
    readonly issued: number;
    readonly discarded: number;
  };
}

const PERSON = (column: string): string =>
  `case when ${column} is not null then jsonb_build_object('id', ${column}::text, 'name', coalesce(account_name(${column}), '')) end`;

const BATCH = `
select b.notice_batch_id::text as id, b.organization_id as "organizationId", b.kind, b.title, b.issued_by as "issuedBy",
  case when b.discarded_at is not null then 'discarded' when b.finished_at is not null then 'issued' when b.issue_queued_at is not null then 'issuing'
    when b.approved_at is not null then 'approved' when b.drafting_finished_at is not null then 'drafted' else 'drafting' end as state,
  ${PERSON('b.drafted_by')} as "draftedBy", b.drafted_at, ${PERSON('b.approved_by')} as "approvedBy", b.approved_at, b.finished_at,
  (select jsonb_build_object('expected', count(*), 'needless', count(*) filter (where m.outcome = 'needless'), 'refused', count(*) filter (where m.outcome = 'refused')) from notice_batch_member m
    where m.notice_batch_id = b.notice_batch_id)
  || (select jsonb_build_object('drafted', count(*), 'issued', count(*) filter (where n.issued_at is not null), 'discarded', count(*) filter (where n.state = 'discarded'))
    from notice n where n.notice_batch_id = b.notice_batch_id) as counts
from notice_batch b`;

type Row = Omit<NoticeBatchRow, 'draftedAt' | 'approvedAt' | 'finishedAt'> & {
  readonly drafted_at: Date;
  readonly approved_at: Date | null;
  readonly finished_at: Date | null;
};

const rowOf = ({ drafted_at, approved_at, finished_at, ...row }: Row): NoticeBatchRow => ({
  ...row,
  draftedAt: drafted_at.toISOString(),
  approvedAt: approved_at?.toISOString() ?? null,
  finishedAt: finished_at?.toISOString() ?? null,
});

/** Latest first; `before` is the id of the last one of the page before. */
export async function listNoticeBatches(
  db: Db,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<NoticeBatchRow[]> {
  const { rows } = await db.query<Row>(
    `${BATCH} where $1::int is null or b.notice_batch_id < $1 order by b.notice_batch_id desc limit $2`,
    [before ?? null, limit],
  );
  return rows.map(rowOf);
}

export async function findNoticeBatch(db: Db, id: string): Promise<NoticeBatchRow | null> {
  const { rows } = await db.query<Row>(`${BATCH} where b.notice_batch_id = $1::int`, [id]);
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** Waits for whoever is changing it. Its plan is the contract's NoticeBatchPlan; null: there is no such batch to see. */
export async function lockNoticeBatch(
  tx: Tx,
  id: string,
): Promise<{ readonly plan: unknown; readonly draftedBy: number } | null> {
  const { rows } = await tx.query<{ plan: unknown; draftedBy: number }>(
    'select plan, drafted_by as "draftedBy" from notice_batch where notice_batch_id = $1::int for no key update',
    [id],
  );
  return rows[0] ?? null;
}

export type BatchScope =
  | { readonly by: 'node' }
  | { readonly by: 'key-list'; readonly keyListId: string }
  | { readonly by: 'campaign'; readonly campaignId: string }
  | { readonly by: 'organizations'; readonly organizationIds: readonly string[] };

/** `$1` node or null. Only whom the transaction inspects: who is addressed sees no draft. */
const BELOW = `o.status = 'active' and (current_user = 'backcheck_wide' or o.organization_id in (select organization_id from coordinated_organization))
  and ($1::int is null or o.organization_id in (select organization_id from organization_ancestor where ancestor_id = $1))`;

const IN_SCOPE: Readonly<Record<BatchScope['by'], string>> = {
  node: '$2::text is null',
  'key-list':
    'o.organization_id in (select organization_id from key_list_member where key_list_id = $2::int)',
  campaign: 'o.organization_id in (select organization_id from campaign_unit where campaign_id = $2::int)',
  organizations: 'o.organization_id = any ($2::int[])',
};

function chosenBy(scope: BatchScope): string | readonly string[] | null {
  if (scope.by === 'key-list') return scope.keyListId;
  if (scope.by === 'campaign') return scope.campaignId;
  return scope.by === 'organizations' ? scope.organizationIds : null;
}

/** The organizations of a scope below a node, by their code. */
export async function organizationsOfBatch(
  db: Db,
  organizationId: number | null,
  scope: BatchScope,
): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `select o.organization_id as id from organization o where ${BELOW} and ${IN_SCOPE[scope.by]} order by o.org_code`,
    [organizationId, chosenBy(scope)],
  );
  return rows.map(({ id }) => id);
}

export interface NewNoticeBatch {
  readonly organizationId: number | null;
  readonly kind: NoticeKind;
  readonly title: string;
  /** Contract's NoticeBatchPlan. */
  readonly plan: object;
  /** Each gets one notice. */
  readonly members: readonly number[];
  readonly draftedBy: number;
  readonly draftedAt: Instant;
  readonly idempotency?: { readonly key: string; readonly sha256: Sha256 } | null;
}

/**
 * Its id; null when this account has already used the Idempotency-Key. The job that drafts is queued in the same
 * transaction.
 */
export async function insertNoticeBatch(tx: Tx, batch: NewNoticeBatch): Promise<string | null> {
  const { organizationId, kind, title, plan, members, draftedBy, draftedAt, idempotency } = batch;
  const { rows } = await tx.query<{ id: string }>(
    `insert into notice_batch (organization_id, kind, title, plan, drafted_by, drafted_at, idempotency_key, request_sha256)
     values ($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex'))
     on conflict (drafted_by, idempotency_key) where idempotency_key is not null do nothing returning notice_batch_id::text as id`,
    [
      organizationId,
      kind,
      title,
      JSON.stringify(plan),
      draftedBy,
      draftedAt,
      idempotency?.key ?? null,
      idempotency?.sha256 ?? null,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) return null;
  await tx.query(
    'insert into notice_batch_member (notice_batch_id, organization_id) select $1::int, unnest($2::int[])',
    [id, members],
  );
  await tx.query('select queue_drafting($1::int)', [id]);
  return id;
}

export async function findBatchByKey(
  db: Db,
  draftedBy: number,
  key: string,
): Promise<{ readonly id: string; readonly requestSha256: Sha256 } | null> {
  const { rows } = await db.query<{ id: string; requestSha256: Sha256 }>(
    `select notice_batch_id::text as id, encode(request_sha256, 'hex') as "requestSha256" from notice_batch
     where drafted_by = $1 and idempotency_key = $2`,
    [draftedBy, key],
  );
  return rows[0] ?? null;
}

/** Members for which nothing was done yet. */
export async function nextMembers(tx: Tx, batchId: string, limit: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select organization_id as id from notice_batch_member where notice_batch_id = $1::int and outcome is null order by organization_id limit $2`,
    [batchId, limit],
  );
  return rows.map(({ id }) => id);
}

/** A refusal: contract's code, and what its text names. */
export interface Refusal {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number>>;
}

/**
 * `needless`: there is nothing to say to them any more; `refused`: what is to be said is in no order for them; `held`: it
 * is approved, and waits for a number that no other paper has.
 */
export type MemberOutcome =
  | { readonly outcome: 'drafted'; readonly noticeId: string }
  | { readonly outcome: 'held'; readonly noticeId: string }
  | { readonly outcome: 'needless'; readonly noticeId: null }
  | { readonly outcome: 'refused'; readonly noticeId: null; readonly reason: Refusal };

/** `reason`: why they got no notice, or why the one before was not issued. */
export async function noteMember(
  tx: Tx,
  { batchId, organizationId }: { readonly batchId: string; readonly organizationId: number },
  { outcome, noticeId, reason = null }: MemberOutcome & { readonly reason?: Refusal | null },
): Promise<void> {
  await tx.query(
    `update notice_batch_member set notice_id = $3::bigint, outcome = $4, reason = $5 where notice_batch_id = $1::int and organization_id = $2`,
    [batchId, organizationId, noticeId, outcome, reason === null ? null : JSON.stringify(reason)],
  );
}

/** An organization that did not get what was drafted for all of the batch. */
export interface LeftOutRow {
  readonly organization: {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly nameZh: string | null;
  };
  /** `drafted`: anew, because the one before was not issued. */
  readonly outcome: MemberOutcome['outcome'];
  readonly reason: Refusal | null;
  readonly noticeId: string | null;
}

/** By their code; `after`: that of the last one of the page before. */
export async function listLeftOut(
  db: Db,
  batchId: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<LeftOutRow[]> {
  const { rows } = await db.query<LeftOutRow>(
    `select jsonb_build_object('id', o.organization_id::text, 'code', o.org_code, 'name', o.name, 'nameZh', o.name_zh) as organization,
       m.outcome, m.reason, m.notice_id::text as "noticeId"
     from notice_batch_member m join organization o using (organization_id)
     where m.notice_batch_id = $1::int and (m.outcome in ('needless', 'refused') or m.reason is not null) and o.org_code > $2
       and (m.outcome <> 'held' or exists (select from notice n where n.organization_id = m.organization_id and n.notice_id = m.notice_id and n.state = 'approved'))
     order by o.org_code limit $3`,
    [batchId, after ?? '', limit],
  );
  return rows;
}

export async function noteDrafted(tx: Tx, batchId: string, at: Date): Promise<void> {
  await tx.query('update notice_batch set drafting_finished_at = $2 where notice_batch_id = $1::int', [
    batchId,
    at,
  ]);
}

/**
 * All that wait for it, except those in which the approver had a hand, which are approved one by one, and those whose date
 * has passed.
 */
export async function approveBatch(
  tx: Tx,
  batchId: string,
  { by, at }: { readonly by: number; readonly at: Instant },
): Promise<void> {
  await tx.query(
    'update notice_batch set approved_by = $2, approved_at = $3 where notice_batch_id = $1::int',
    [batchId, by, at],
  );
  await tx.query(
    `update notice set state = 'approved', approved_by = $2::int, approved_at = $3
     where notice_batch_id = $1::int and state = 'submitted' and not $2::int = any (hands) and (due_at is null or due_at > $3)`,
    [batchId, by, at],
  );
}

/** What was held is tried again. */
export async function queueIssue(
  tx: Tx,
  batchId: string,
  { by, at }: { readonly by: number; readonly at: Instant },
): Promise<void> {
  await tx.query(
    'update notice_batch set issued_by = $2, issue_queued_at = $3 where notice_batch_id = $1::int',
    [batchId, by, at],
  );
  await tx.query(
    `update notice_batch_member set outcome = 'drafted', reason = null where notice_batch_id = $1::int and outcome = 'held'`,
    [batchId],
  );
  await tx.query('select queue_issue($1::int)', [batchId]);
}

/** Issuing → approved: some were held, and whoever issues asks for it again. */
export async function noteBatchHeld(db: Db, batchId: string): Promise<void> {
  await db.query(
    'update notice_batch set issued_by = null, issue_queued_at = null where notice_batch_id = $1::int and finished_at is null',
    [batchId],
  );
}

export async function discardBatch(
  tx: Tx,
  batchId: string,
  { by, at, reason }: { readonly by: number; readonly at: Instant; readonly reason: string },
): Promise<void> {
  await tx.query(
    'update notice_batch set discarded_by = $2, discarded_at = $3 where notice_batch_id = $1::int',
    [batchId, by, at],
  );
  await tx.query(
    `update notice set state = 'discarded', ended_by = $2, ended_at = $3, reason = $4
     where notice_batch_id = $1::int and state in ('draft', 'submitted', 'approved')`,
    [batchId, by, at, reason],
  );
}

export interface ToIssue {
  readonly organizationId: number;
  readonly noticeId: string;
}

/** Approved notices of a batch that are not issued yet, behind this one ('0' at first). */
export async function noticesToIssue(
  db: Db,
  batchId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<ToIssue[]> {
  const { rows } = await db.query<ToIssue>(
    `select organization_id as "organizationId", notice_id::text as "noticeId" from notice
     where notice_batch_id = $1::int and state = 'approved' and notice_id > $2::bigint order by notice_id limit $3`,
    [batchId, after, limit],
  );
  return rows;
}

export async function noteBatchIssued(db: Db, batchId: string, at: Date): Promise<void> {
  await db.query(
    'update notice_batch set finished_at = coalesce(finished_at, $2) where notice_batch_id = $1::int',
    [batchId, at],
  );
}
