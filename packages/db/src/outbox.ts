import type { Instant, NoticeKind } from '@backcheck/core';
import { DUE_NOW } from './escalations.ts';
import type { Db } from './pool.ts';
import { prepared } from './prepared.ts';

/** What a sender empties; the log of phone and paper and the platform itself are sent by nobody. */
export type SentChannel = 'mail' | 'webhook';

/** A delivery that this run of a sender holds. */
export interface Held {
  readonly organizationId: number;
  readonly deliveryId: string;
  /** Of the run. */
  readonly sender: string;
}

/** What a mail or a webhook says of its notice: nothing of a finding is even read. */
export interface Outgoing extends Held {
  readonly noticeId: string;
  readonly number: string;
  readonly kind: NoticeKind;
  readonly issuedAt: Instant;
  /** The earliest date of the notice as it was issued; in a reminder the one that it is about; null: none. */
  readonly dueAt: Instant | null;
  /** Different dates of its findings, in a reminder of those that are open by now. */
  readonly dueDates: number;
  readonly timeZone: string;
  readonly authority: { readonly zh: string; readonly en: string };
  readonly organization: { readonly name: string; readonly nameZh: string | null };
  readonly occasion: 'issued' | 'remind' | 'remind-leader';
  readonly language: 'zh' | 'en' | 'both';
  readonly address: string;
  /** With angle brackets; of mails only. */
  readonly messageId: string | null;
  readonly webhookId: number | null;
  /** This one included. */
  readonly attempts: number;
}

const CLAIM = `
with taken as (
  update notice_delivery set state = 'sending', sender = $2, attempts = attempts + 1, leaving_at = null
  where (organization_id, notice_delivery_id) in (
    select organization_id, notice_delivery_id from notice_delivery
    where state = 'waiting' and channel = $1 and (not_before is null or not_before <= $3)
    order by notice_delivery_id limit $4 for update skip locked)
  returning *)
select d.organization_id as "organizationId", d.notice_delivery_id as "deliveryId", $2::text as sender, d.notice_id as "noticeId", n.number, n.kind,
  to_char(n.issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "issuedAt",
  to_char(due.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "dueAt", due.dates as "dueDates",
  coalesce(n.content::jsonb ->> 'timeZone', 'UTC') as "timeZone", n.content::jsonb -> 'authority' as authority,
  jsonb_build_object('name', o.name, 'nameZh', o.name_zh) as organization,
  d.occasion, d.language, d.address, d.message_id as "messageId", d.webhook_id as "webhookId", d.attempts
from taken d join notice n on n.organization_id = d.organization_id and n.notice_id = d.notice_id
join organization o on o.organization_id = d.organization_id
left join escalation e on e.escalation_id = d.escalation_id
cross join lateral (
  select coalesce(n.due_at, min(f.due_at)) as due_at, case when n.due_at is not null then 1 else count(distinct f.due_at)::int end as dates
  from notice_finding f where f.organization_id = n.organization_id and f.notice_id = n.notice_id) printed
cross join lateral (${DUE_NOW} and d.occasion <> 'issued') present
cross join lateral (
  select case when d.occasion = 'issued' then printed.due_at else coalesce(e.due_at, present.due_at) end as due_at,
    case when d.occasion = 'issued' then printed.dates else present.dates end as dates) due
order by d.notice_delivery_id`;

/** Takes what waits into the hands of one run, the oldest first; other runs pass it by. */
export async function claimDeliveries(
  db: Db,
  {
    channel,
    sender,
    at,
    most,
  }: {
    readonly channel: SentChannel;
    readonly sender: string;
    readonly at: Instant;
    readonly most: number;
  },
): Promise<Outgoing[]> {
  const { rows } = await db.query<Outgoing>(prepared(CLAIM, [channel, sender, at, most]));
  return rows;
}

/**
 * What runs that are over left behind: what had not left waits again, of what may have left a person decides. A run that
 * is believed to be over and is not does no harm: `leave` gives it nothing back, and its answer still counts.
 */
export async function recoverDeliveries(
  db: Db,
  { channel, except }: { readonly channel: SentChannel; readonly except: string },
): Promise<{ readonly again: number; readonly unconfirmed: number }> {
  const { rows } = await db.query<{ again: number; unconfirmed: number }>(
    `with changed as (
       update notice_delivery set state = case when leaving_at is null then 'waiting' else 'unconfirmed' end,
         failure = case when leaving_at is not null then 'PROCESS_ENDED' else failure end
       where state = 'sending' and channel = $1 and sender is distinct from $2
       returning state)
     select count(*) filter (where state = 'waiting')::int as again, count(*) filter (where state = 'unconfirmed')::int as unconfirmed
     from changed`,
    [channel, except],
  );
  return rows[0] ?? { again: 0, unconfirmed: 0 };
}

/** What waits although its notice was withdrawn or replaced is not sent any more. */
export async function endOutdatedDeliveries(db: Db, channel: SentChannel): Promise<void> {
  await db.query(
    `update notice_delivery d set state = 'failed', failure = 'NOTICE_ENDED'
     from notice n where d.state = 'waiting' and d.channel = $1 and n.organization_id = d.organization_id and n.notice_id = d.notice_id
       and n.state <> 'issued'`,
    [channel],
  );
}

/**
 * Commits that a mail may leave from now on. False: this run holds it no longer, or its notice was withdrawn or replaced
 * in the meantime, and it must not be sent. One statement, so committed when it answers; at 10,000 mails it is a third of
 * the database's work for them.
 */
export async function leave(
  db: Db,
  { organizationId, deliveryId, sender }: Held,
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await db.query(
    prepared(
      `update notice_delivery set leaving_at = $4
       where organization_id = $1 and notice_delivery_id = $2 and sender = $3 and state = 'sending'
         and exists (select from notice n where n.organization_id = notice_delivery.organization_id
           and n.notice_id = notice_delivery.notice_id and n.state = 'issued')`,
      [organizationId, deliveryId, sender, at],
    ),
  );
  return rowCount === 1;
}

/** How an attempt ended. `again` waits for another one; its `failure` is why. */
export type Ended =
  | { readonly state: 'sent'; readonly at: Instant; readonly answer: string }
  | { readonly state: 'again'; readonly notBefore: Instant; readonly failure: string }
  /** It was not its turn after all: the attempt does not count. */
  | { readonly state: 'given-back'; readonly failure: string | null }
  | { readonly state: 'failed' | 'unconfirmed'; readonly failure: string };

/** Writes down how it ended, if this run still holds it; an answer counts also where it was given up as unconfirmed. */
export async function endAttempt(
  db: Db,
  { organizationId, deliveryId, sender }: Held,
  ended: Ended,
): Promise<void> {
  const state = ended.state === 'again' || ended.state === 'given-back' ? 'waiting' : ended.state;
  await db.query(
    prepared(
      `update notice_delivery set state = $4, sent_at = coalesce($5, sent_at), answer = coalesce($6, answer), failure = $7, not_before = $8,
         attempts = attempts - $9::int, leaving_at = case when $4 = 'waiting' then null else leaving_at end
       where organization_id = $1 and notice_delivery_id = $2 and sender = $3 and state in ('sending', 'unconfirmed')`,
      [
        organizationId,
        deliveryId,
        sender,
        state,
        ended.state === 'sent' ? ended.at : null,
        ended.state === 'sent' ? ended.answer.slice(0, 500) : null,
        ended.state === 'sent' ? null : (ended.failure?.slice(0, 1000) ?? null),
        ended.state === 'again' ? ended.notBefore : null,
        ended.state === 'given-back' ? 1 : 0,
      ],
    ),
  );
}

/** Has what waits sent soon; part of the transaction that made it wait. */
export async function queueSending(db: Db, channel: SentChannel): Promise<void> {
  await db.query('select queue_sending($1)', [channel]);
}
