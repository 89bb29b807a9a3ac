import type { NoticeKind, ReplyKind, ReplyState } from '@backcheck/core';
import type { HistoryEvent } from './history.ts';
import type { Db } from './pool.ts';

/** Of a finding that absorbed others, theirs too. */
const ONE = `with one as (select $1::bigint as finding_id union all select finding_id from absorbed_finding where into_finding_id = $1)`;

const NOTICES = `${ONE}, named as (
  select n.* from notice n where n.issued_at is not null and (n.organization_id, n.notice_id) in (
    select organization_id, notice_id from notice_finding where finding_id in (select finding_id from one)))
select 'notice' as event, n.issued_at as at, n.notice_id as id, n.kind, n.number, null as by from named n
union all
select 'receipt', r.received_at, n.notice_id, n.kind, n.number, r.name
  from named n join notice_receipt r using (organization_id, notice_id)
union all
select 'notice-ended', n.ended_at, n.notice_id, n.kind, n.number, account_name(n.ended_by) from named n where n.ended_at is not null`;

interface NoticeEventRow {
  readonly event: 'notice' | 'receipt' | 'notice-ended';
  readonly at: Date;
  readonly id: string;
  readonly kind: NoticeKind;
  readonly number: string;
  readonly by: string | null;
}

/** When notices that name the finding were issued, received, and withdrawn or replaced: those that the caller may read. */
export async function noticeEvents(db: Db, findingId: string): Promise<HistoryEvent[]> {
  const { rows } = await db.query<NoticeEventRow>(NOTICES, [findingId]);
  return rows.map(({ event, at, id, kind, number, by }) => ({
    kind: event,
    at: at.toISOString(),
    scan: null,
    notice: { id, kind, number },
    ...(by === null ? {} : { by }),
  }));
}

/** What was decided stays decided when it ends: the present state tells of the last step only. */
const REPLIES = `${ONE}, named as (
  select r.* from reply r where (r.organization_id, r.reply_id) in (
    select organization_id, reply_id from reply_finding where finding_id in (select finding_id from one)))
select 'reply' as event, made_at as at, reply_id as id, kind, 'made' as state, account_name(made_by) as by from named
union all
select 'ruling', decided_at, reply_id, kind,
  case when state in ('refused', 'verified') then state when kind in ('plan', 'interim') then 'verified' else 'granted' end,
  account_name(decided_by) from named where decided_at is not null
union all
select 'review', v.reviewed_at, n.reply_id, n.kind, 'granted', account_name(v.reviewed_by)
  from named n join reply_review v using (organization_id, reply_id)
union all
select 'reply-ended', ended_at, reply_id, kind, state, account_name(ended_by) from named where ended_at is not null
union all
select 'claim-signed', signed_at, null, null, null, account_name(signed_by) from fix_claim
  where signed_at is not null and (organization_id, fix_claim_id) in (
    select organization_id, fix_claim_id from fix_claim_finding where finding_id in (select finding_id from one))`;

interface ReplyEventRow {
  readonly event: 'reply' | 'ruling' | 'review' | 'reply-ended' | 'claim-signed';
  readonly at: Date;
  readonly by: string | null;
  /** Null: it is about a claim of fix. */
  readonly id: string | null;
  readonly kind: ReplyKind;
  readonly state: ReplyState;
}

/**
 * When the finding was answered, what was decided, reviewed, and when that ended: of the replies that the caller may read.
 * And when the leader signed a claim of fix.
 */
export async function replyEvents(db: Db, findingId: string): Promise<HistoryEvent[]> {
  const { rows } = await db.query<ReplyEventRow>(REPLIES, [findingId]);
  return rows.map(({ event, at, id, kind, state, by }) => ({
    kind: event,
    at: at.toISOString(),
    scan: null,
    ...(id === null ? {} : { reply: { id, kind, state } }),
    ...(by === null ? {} : { by }),
  }));
}
