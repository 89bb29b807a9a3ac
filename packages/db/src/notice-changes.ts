import type { Instant, NoticeKind, NoticeState, Sha256 } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';

/** Which notice. */
export interface NoticeKey {
  readonly organizationId: number;
  readonly noticeId: string;
}

export interface NewNotice {
  readonly organizationId: number;
  readonly kind: NoticeKind;
  /** Contract's NoticeDraft. */
  readonly draft: object;
  readonly dueAt: Instant | null;
  readonly refersTo: string | null;
  readonly replaces: string | null;
  /** Null: the escalation ladder. */
  readonly draftedBy: number | null;
  readonly draftedAt: Instant;
  readonly batchId?: string | null;
  readonly idempotency?: { readonly key: string; readonly sha256: Sha256 } | null;
}

/** Its id; null when this account has already used the Idempotency-Key. */
export async function insertNotice(tx: Tx, notice: NewNotice): Promise<string | null> {
  const { draftedBy, idempotency } = notice;
  const { rows } = await tx.query<{ id: string }>(
    `insert into notice (organization_id, kind, draft, due_at, refers_to, replaces, drafted_by, drafted_at, hands, notice_batch_id, idempotency_key, request_sha256)
     values ($1, $2, $3, $4, $5, $6, $7::int, $8, array_remove(array[$7::int], null), $9, $10, decode($11, 'hex'))
     on conflict (drafted_by, idempotency_key) where idempotency_key is not null do nothing returning notice_id::text as id`,
    [
      notice.organizationId,
      notice.kind,
      JSON.stringify(notice.draft),
      notice.dueAt,
      notice.refersTo,
      notice.replaces,
      draftedBy,
      notice.draftedAt,
      notice.batchId ?? null,
      idempotency?.key ?? null,
      idempotency?.sha256 ?? null,
    ],
  );
  return rows[0]?.id ?? null;
}

export async function findNoticeByKey(
  db: Db,
  draftedBy: number,
  key: string,
): Promise<{ readonly id: string; readonly requestSha256: Sha256 } | null> {
  const { rows } = await db.query<{ id: string; requestSha256: Sha256 }>(
    `select notice_id::text as id, encode(request_sha256, 'hex') as "requestSha256" from notice where drafted_by = $1 and idempotency_key = $2`,
    [draftedBy, key],
  );
  return rows[0] ?? null;
}

/**
 * Another one after each change of what it says or of where it stands: sent back and submitted anew it is another one
 * although the words are the same, because the facts of its findings may not be.
 */
export const NOTICE_TAG = `encode(sha256(convert_to(concat_ws(' ', state, extract(epoch from submitted_at), draft), 'UTF8')), 'hex')`;

export interface LockedNotice extends NoticeKey {
  readonly kind: NoticeKind;
  readonly state: NoticeState;
  readonly number: string | null;
  readonly contentSha256: Sha256 | null;
  readonly hands: readonly number[];
  readonly batchId: string | null;
  /** NOTICE_TAG, in hex. */
  readonly tag: Sha256;
}

/** Waits for whoever is changing it. Null: there is none that this transaction may change. */
export async function lockNotice(tx: Tx, id: string): Promise<LockedNotice | null> {
  const { rows } = await tx.query<LockedNotice>(
    `select organization_id as "organizationId", notice_id::text as "noticeId", kind, state, number, encode(content_sha256, 'hex') as "contentSha256",
       hands, notice_batch_id::text as "batchId", ${NOTICE_TAG} as tag from notice where notice_id = $1 for no key update`,
    [id],
  );
  return rows[0] ?? null;
}

const WHICH = 'organization_id = $1 and notice_id = $2';

export async function changeDraft(
  tx: Tx,
  { organizationId, noticeId }: NoticeKey,
  {
    draft,
    dueAt,
    refersTo,
    replaces,
    by,
  }: Pick<NewNotice, 'draft' | 'dueAt' | 'refersTo' | 'replaces'> & { readonly by: number },
): Promise<void> {
  await tx.query(
    `update notice set draft = $3, due_at = $4, refers_to = $5, replaces = $6,
       hands = case when $7::int = any (hands) then hands else hands || $7::int end where ${WHICH}`,
    [organizationId, noticeId, JSON.stringify(draft), dueAt, refersTo, replaces, by],
  );
}

/** Draft → submitted, with what it will say. */
export async function noteSubmitted(
  tx: Tx,
  { organizationId, noticeId }: NoticeKey,
  { frozen, by, at }: { readonly frozen: object; readonly by: number; readonly at: Instant },
): Promise<void> {
  await tx.query(
    `update notice set state = 'submitted', frozen = $3, submitted_at = $4, reason = null,
       hands = case when $5::int = any (hands) then hands else hands || $5::int end where ${WHICH}`,
    [organizationId, noticeId, JSON.stringify(frozen), at, by],
  );
}

/** Submitted or approved → draft: what was frozen thaws, and nobody has approved it. */
export async function noteSentBack(
  tx: Tx,
  { organizationId, noticeId }: NoticeKey,
  reason: string,
): Promise<void> {
  await tx.query(
    `update notice set state = 'draft', frozen = null, submitted_at = null, approved_by = null, approved_at = null, reason = $3 where ${WHICH}`,
    [organizationId, noticeId, reason],
  );
}

/** The table refuses an approver who had a hand in it. */
export async function noteApproved(
  tx: Tx,
  { organizationId, noticeId }: NoticeKey,
  { by, at }: { readonly by: number; readonly at: Instant },
): Promise<void> {
  await tx.query(`update notice set state = 'approved', approved_by = $3, approved_at = $4 where ${WHICH}`, [
    organizationId,
    noticeId,
    by,
    at,
  ]);
}

export interface NoticeEnd {
  readonly state: 'withdrawn' | 'discarded';
  readonly reason: string;
  /** Null: a job, for a batch whose organization the finding has left. */
  readonly by: number | null;
  readonly at: Instant;
}

export async function noteEnded(
  tx: Tx,
  { organizationId, noticeId }: NoticeKey,
  { state, reason, by, at }: NoticeEnd,
): Promise<void> {
  await tx.query(`update notice set state = $3, reason = $4, ended_by = $5, ended_at = $6 where ${WHICH}`, [
    organizationId,
    noticeId,
    state,
    reason,
    by,
    at,
  ]);
}

export interface NumberTaken {
  readonly seriesId: number;
  readonly sequence: number;
}

/**
 * The next number of a series. The row stays locked until the transaction ends, so the one that waits behind it gets the
 * same number again where this one is rolled back: no gap and none twice.
 */
export async function takeNumber(
  tx: Tx,
  {
    organizationId,
    kind,
    year,
  }: { readonly organizationId: number | null; readonly kind: NoticeKind; readonly year: number },
): Promise<NumberTaken> {
  const { rows } = await tx.query<NumberTaken>(
    `insert into notice_series as s (organization_id, kind, year, next) values ($1, $2, $3, 2)
     on conflict (organization_id, kind, year) do update set next = s.next + 1
     returning notice_series_id as "seriesId", next - 1 as sequence`,
    [organizationId, kind, year],
  );
  const [taken] = rows;
  if (taken === undefined) throw new Error('no number was drawn for a notice');
  return taken;
}

/** Puts a number on one paper. False: it stands on another one, of an office whose pattern prints the same. */
export async function keepNumber(
  tx: Tx,
  { seriesId, number }: { readonly seriesId: number; readonly number: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'insert into notice_number (number, notice_series_id) values ($1, $2) on conflict do nothing',
    [number, seriesId],
  );
  return rowCount === 1;
}

export interface IssuedAs extends NumberTaken {
  readonly number: string;
  /** Canonical JSON. */
  readonly content: string;
  readonly contentSha256: Sha256;
  readonly at: Instant;
}

/** Approved → issued; has its delivery planned. The number of the notice that it supersedes, or null where it replaces none. */
export async function noteIssued(
  tx: Tx,
  { organizationId, noticeId }: NoticeKey,
  { seriesId, sequence, number, content, contentSha256, at }: IssuedAs,
): Promise<string | null> {
  const { rows } = await tx.query<{ replaces: string | null }>(
    `update notice set state = 'issued', issued_at = $3, notice_series_id = $4, sequence = $5, number = $6, content = $7,
       content_sha256 = decode($8, 'hex') where ${WHICH} returning replaces::text`,
    [organizationId, noticeId, at, seriesId, sequence, number, content, contentSha256],
  );
  await tx.query('select queue_delivery($1, $2)', [organizationId, noticeId]);
  const replaces = rows[0]?.replaces ?? null;
  return replaces === null ? null : noteSuperseded(tx, { organizationId, noticeId: replaces }, noticeId);
}

/** Null: it no longer stood. */
async function noteSuperseded(
  tx: Tx,
  { organizationId, noticeId }: NoticeKey,
  by: string,
): Promise<string | null> {
  const { rows } = await tx.query<{ number: string }>(
    `update notice o set state = 'superseded', superseded_by = n.notice_id, ended_at = n.issued_at, ended_by = n.approved_by
     from notice n where n.organization_id = $1 and n.notice_id = $3 and o.organization_id = $1 and o.notice_id = $2 and o.state = 'issued'
     returning o.number`,
    [organizationId, noticeId, by],
  );
  return rows[0]?.number ?? null;
}

/** The number of an issued notice of this organization; null: there is no such one that still stands. */
export async function numberOfIssued(
  db: Db,
  { organizationId, noticeId }: NoticeKey,
): Promise<string | null> {
  const { rows } = await db.query<{ number: string }>(
    `select number from notice where ${WHICH} and state = 'issued'`,
    [organizationId, noticeId],
  );
  return rows[0]?.number ?? null;
}

export interface NewNoticeCopy extends NoticeKey {
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: Sha256;
  readonly note: string | null;
  readonly addedBy: number;
  readonly addedAt: Instant;
}

/** Two files sent at once get two numbers. */
export async function insertNoticeCopy(tx: Tx, copy: NewNoticeCopy): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('notice-copy:' || $1, 0))`, [copy.noticeId]);
  await tx.query(
    `insert into notice_copy (organization_id, notice_id, copy_no, file_name, size_bytes, sha256, note, added_by, added_at)
     select $1, $2, coalesce(max(copy_no), 0) + 1, $3, $4, decode($5, 'hex'), $6, $7, $8 from notice_copy
     where organization_id = $1 and notice_id = $2`,
    [
      copy.organizationId,
      copy.noticeId,
      copy.fileName,
      copy.sizeBytes,
      copy.sha256,
      copy.note,
      copy.addedBy,
      copy.addedAt,
    ],
  );
}

/** The names of these accounts. */
export async function namesOfAccounts(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await db.query<{ id: number; name: string }>(
    `select id, coalesce(account_name(id), '') as name from unnest($1::int[]) as id`,
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
