import type {
  ChineseGrade,
  DelayReason,
  FalsePositiveReason,
  Instant,
  ObjectionGround,
  ReplyKind,
  ReplyState,
  Severity,
} from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import { severityCode } from './codes.ts';
import type { Db, Tx } from './pool.ts';
import { prepared } from './prepared.ts';
import { amongOrganizations, someOrganizations } from './scope.ts';

/** What a reply says beside its text; only what its kind has. */
export interface ReplyTerms {
  readonly ground?: ObjectionGround;
  readonly grade?: ChineseGrade;
  readonly reason?: DelayReason | FalsePositiveReason;
  readonly responsible?: string;
  readonly control?: string;
  /** Of a plan: contract's FIX_CAUSES. */
  readonly cause?: string;
  readonly interim?: string;
  readonly resources?: string;
  readonly risk?: string;
  readonly rollback?: string;
}

export interface NewReply {
  readonly organizationId: number;
  readonly kind: ReplyKind;
  readonly state: ReplyState;
  readonly noticeId: string | null;
  readonly terms: ReplyTerms;
  readonly text: string;
  readonly until: Instant | null;
  readonly dueBefore: Instant | null;
  /** An account id. */
  readonly madeBy: number;
  readonly madeAt: Instant;
  /** The owner of a risk who makes it signs it with that. */
  readonly signedBy: number | null;
  readonly idempotencyKey: string | null;
  /** Hex. */
  readonly requestSha256: string;
  readonly findings: readonly { readonly findingId: string; readonly assetId: string }[];
}

/**
 * Nobody else adds a reply to this organization until the transaction ends: limits are counted over the replies that
 * there are, and two requests at once would both find room.
 */
export async function lockReplies(tx: Tx, organizationId: number): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('replies:' || $1::int, 0))`, [
    organizationId,
  ]);
}

/** Null when this account has already used the Idempotency-Key. */
export async function insertReply(tx: Tx, reply: NewReply): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into reply (organization_id, kind, state, notice_id, terms, text, wished_until, due_before, made_by, made_at, signed_by,
       signed_at, idempotency_key, request_sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, case when $11::int is not null then $10::timestamptz end, $12, decode($13, 'hex'))
     on conflict (made_by, idempotency_key) where idempotency_key is not null do nothing returning reply_id as id`,
    [
      reply.organizationId,
      reply.kind,
      reply.state,
      reply.noticeId,
      JSON.stringify(reply.terms),
      reply.text,
      reply.until,
      reply.dueBefore,
      reply.madeBy,
      reply.madeAt,
      reply.signedBy,
      reply.idempotencyKey,
      reply.requestSha256,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) return null;
  await tx.query(
    `insert into reply_finding (organization_id, reply_id, finding_id, asset_id)
     select $1, $2, finding_id, asset_id from unnest($3::bigint[], $4::bigint[]) as one (finding_id, asset_id)`,
    [
      reply.organizationId,
      id,
      reply.findings.map(({ findingId }) => findingId),
      reply.findings.map(({ assetId }) => assetId),
    ],
  );
  return id;
}

export interface ReplyEvidenceRow {
  readonly no: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly addedAt: Date;
}

export interface ReplyRow {
  readonly id: string;
  readonly organizationId: number;
  readonly organization: { readonly id: string; readonly name: string; readonly nameZh: string | null };
  readonly kind: ReplyKind;
  readonly state: ReplyState;
  readonly noticeId: string | null;
  readonly terms: ReplyTerms;
  readonly text: string;
  readonly until: Date | null;
  readonly dueBefore: Date | null;
  readonly madeBy: Signer;
  readonly madeAt: Date;
  readonly signedBy: Signer | null;
  readonly signedAt: Date | null;
  readonly opinionBy: Signer | null;
  readonly opinionAt: Date | null;
  readonly opinion: string | null;
  readonly opinionFor: boolean | null;
  readonly decidedBy: Signer | null;
  readonly decidedAt: Date | null;
  readonly decision: string | null;
  readonly grantedUntil: Date | null;
  readonly grantedGrade: ChineseGrade | null;
  /** Of an acceptance that was granted: from when on it waits to be looked at again. */
  readonly reviewAt: Date | null;
  readonly endedBy: Signer | null;
  readonly endedAt: Date | null;
  readonly endedBecause: string | null;
  /** Hex. */
  readonly requestSha256: string;
  /** As they are known now: what was absorbed since stands under the id of what absorbed it. Worst first. */
  readonly findingIds: readonly string[];
  readonly worst: { readonly id: string; readonly title: string; readonly severity: Severity };
}

const signer = (what: string): string =>
  `case when r.${what}_by is not null then jsonb_build_object('id', r.${what}_by::text, 'name', coalesce(account_name(r.${what}_by), '')) end as "${what}By"`;

/** Everything about the replies in `page`. */
const DETAILS = `
select r.reply_id as id, r.organization_id as "organizationId",
  jsonb_build_object('id', r.organization_id::text, 'name', o.name, 'nameZh', o.name_zh) as organization,
  r.kind, r.state, r.notice_id as "noticeId", r.terms, r.text, r.wished_until as until, r.due_before as "dueBefore",
  ${['made', 'signed', 'opinion', 'decided', 'ended'].map(signer).join(', ')},
  r.made_at as "madeAt", r.signed_at as "signedAt", r.opinion_at as "opinionAt", r.opinion, r.opinion_for as "opinionFor",
  r.decided_at as "decidedAt", r.decision, r.granted_until as "grantedUntil", r.granted_grade as "grantedGrade", r.review_at as "reviewAt",
  r.ended_at as "endedAt", r.ended_because as "endedBecause", encode(r.request_sha256, 'hex') as "requestSha256",
  w.ids as "findingIds", d.title, w.severity
from page r join organization o using (organization_id)
cross join lateral (
  select array_agg(n.id::text order by f.severity desc nulls last, n.id) as ids, max(f.severity) as severity,
    (array_agg(f.description_id order by f.severity desc nulls last, n.id))[1] as description_id
  from (
    select distinct coalesce(b.into_finding_id, p.finding_id) as id from reply_finding p
    left join absorbed_finding b on b.organization_id = p.organization_id and b.finding_id = p.finding_id
    where p.organization_id = r.organization_id and p.reply_id = r.reply_id) n
  left join finding f on f.finding_id = n.id) w
left join description d on d.description_id = w.description_id`;

interface Row extends Omit<ReplyRow, 'worst'> {
  readonly title: string | null;
  readonly severity: number | null;
}

/** A finding that was handed over since is no longer the organization's to read: its id is left. */
const rowOf = ({ title, severity, ...row }: Row): ReplyRow => ({
  ...row,
  worst: {
    id: row.findingIds[0] ?? '',
    title: title ?? '',
    severity: severityCode.decode(severity ?? 0),
  },
});

export async function findReply(db: Db, id: string): Promise<ReplyRow | null> {
  const { rows } = await db.query<Row>(
    `with page as materialized (select * from reply where reply_id = $1) ${DETAILS}`,
    [id],
  );
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

export async function findReplyByKey(db: Db, madeBy: number, key: string): Promise<ReplyRow | null> {
  const { rows } = await db.query<Row>(
    `with page as materialized (select * from reply where made_by = $1 and idempotency_key = $2) ${DETAILS}`,
    [madeBy, key],
  );
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

export interface RepliesPage {
  readonly organizationId: number | null;
  readonly kind: ReplyKind | null;
  readonly state: ReplyState | null;
  readonly findingId: string | null;
  /** `ending`: what lies over a finding and ends before `endingBefore`. */
  readonly waiting: 'open' | 'decision' | 'signature' | 'review' | 'ending' | null;
  readonly endingBefore: Instant;
  /** Only those with a smaller id. */
  readonly before: string | null;
  readonly limit: number;
}

/** `?` stands where the value does. */
const FILTERS = {
  kind: 'kind = ?',
  state: 'state = ?',
  findingId: `reply_id = any (array(select reply_id from reply_finding where finding_id = any (array(
    select ?::bigint union all select finding_id from absorbed_finding where into_finding_id = ?::bigint))))`,
  before: 'reply_id < ?::bigint',
} as const satisfies Partial<Record<keyof RepliesPage, string>>;

/** What lies over a finding and lapses by itself: core's `expires`. */
const LAPSES = `state = 'granted' and granted_until is not null
  and (kind in ('acceptance', 'false-positive') or kind = 'objection' and terms ->> 'ground' = 'fact')`;

/**
 * A risk that is still borne and is to be looked at again. Where its findings are proven gone, or were handed over, nobody
 * bears it any more.
 */
export const REVIEW_DUE = `state = 'granted' and review_at <= now() and granted_until > now() and exists (
  select from decision d join finding f on f.organization_id = d.organization_id and f.finding_id = d.finding_id
  where d.reply_id = reply.reply_id and d.organization_id = reply.organization_id and d.kind = 'accepted'
    and d.expires_at > now() and f.state <> 'verified-fixed')`;

const WAITS = {
  open: `(state = 'drafted' or state in ('made', 'opinion') and kind <> 'plan')`,
  decision: `state in ('made', 'opinion') and kind <> 'plan'`,
  signature: `state = 'drafted'`,
  review: REVIEW_DUE,
} as const;

/** Latest first. Of a finding that absorbed others, theirs too. */
export async function listReplies(db: Db, page: RepliesPage): Promise<ReplyRow[]> {
  const organizations = page.organizationId === null ? await someOrganizations(db) : [page.organizationId];
  const values: unknown[] = [page.limit];
  const texts = ['true'];
  const add = (text: string, value: unknown): void => {
    if (value === null) return;
    values.push(value);
    texts.push(text.replaceAll('?', `$${values.length}`));
  };
  if (organizations !== null) {
    const [among, ids] = amongOrganizations(organizations, '?');
    add(`organization_id ${among}`, ids);
  }
  for (const [name, text] of Object.entries(FILTERS)) add(text, page[name as keyof typeof FILTERS]);
  if (page.waiting === 'ending') add(`${LAPSES} and granted_until < ?::timestamptz`, page.endingBefore);
  else if (page.waiting !== null) texts.push(WAITS[page.waiting]);
  const { rows } = await db.query<Row>(
    prepared(
      `with page as materialized (select * from reply where ${texts.join(' and ')} order by reply_id desc limit $1)
       ${DETAILS} order by r.reply_id desc`,
      values,
    ),
  );
  return rows.map(rowOf);
}

/** In order. */
export async function replyEvidence(db: Db, id: string): Promise<ReplyEvidenceRow[]> {
  const { rows } = await db.query<ReplyEvidenceRow>(
    `select evidence_no as no, file_name as "fileName", size_bytes::float8 as "sizeBytes", encode(sha256, 'hex') as sha256,
       added_at as "addedAt" from reply_evidence where reply_id = $1 order by evidence_no`,
    [id],
  );
  return rows;
}

export interface ReplyReviewRow {
  readonly by: Signer;
  readonly at: Date;
  readonly text: string;
  readonly next: Date;
}

/** In order. */
export async function replyReviews(db: Db, id: string): Promise<ReplyReviewRow[]> {
  const { rows } = await db.query<ReplyReviewRow>(
    `select jsonb_build_object('id', reviewed_by::text, 'name', coalesce(account_name(reviewed_by), '')) as by,
       reviewed_at as at, text, next_review_at as next from reply_review where reply_id = $1 order by review_no`,
    [id],
  );
  return rows;
}

export interface NewReplyEvidence {
  readonly reply: Pick<ReplyRow, 'id' | 'organizationId'>;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly addedBy: number;
  readonly addedAt: Instant;
}

/** The reply's row must be locked, so that two files sent at once get two numbers. */
export async function insertReplyEvidence(tx: Tx, evidence: NewReplyEvidence): Promise<void> {
  const { reply, fileName, sizeBytes, sha256, addedBy, addedAt } = evidence;
  await tx.query(
    `insert into reply_evidence (organization_id, reply_id, evidence_no, file_name, size_bytes, sha256, added_by, added_at)
     select $1, $2, coalesce(max(evidence_no), 0) + 1, $3, $4, decode($5, 'hex'), $6, $7 from reply_evidence
     where organization_id = $1 and reply_id = $2`,
    [reply.organizationId, reply.id, fileName, sizeBytes, sha256, addedBy, addedAt],
  );
}
