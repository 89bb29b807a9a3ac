import type { Channel, DeliveryState, Instant, NoticeKind, NoticeState, Sha256 } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import type { Db, Tx } from './pool.ts';

/** A notice as far as deliveries are concerned. Null: the transaction does not see it. */
export interface DeliveredNotice {
  readonly noticeId: string;
  readonly organizationId: number;
  readonly organization: { readonly id: string; readonly name: string; readonly nameZh: string | null };
  readonly kind: NoticeKind;
  readonly number: string | null;
  readonly state: NoticeState;
  readonly issuedAt: Instant | null;
  /** Its deliveries were looked up. */
  readonly planned: boolean;
}

const UTC = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const SIGNER = (column: string): string =>
  `case when ${column} is not null then jsonb_build_object('id', ${column}::text, 'name', coalesce(account_name(${column}), '')) end`;

export async function findDeliveredNotice(db: Db, noticeId: string): Promise<DeliveredNotice | null> {
  const { rows } = await db.query<DeliveredNotice>(
    `select n.notice_id as "noticeId", n.organization_id as "organizationId",
       jsonb_build_object('id', n.organization_id::text, 'name', o.name, 'nameZh', o.name_zh) as organization,
       n.kind, n.number, n.state, ${UTC('n.issued_at')} as "issuedAt",
       n.issued_at is not null and not exists (select from notice_to_deliver d
         where d.organization_id = n.organization_id and d.notice_id = n.notice_id) as planned
     from notice n join organization o using (organization_id) where n.notice_id = $1`,
    [noticeId],
  );
  return rows[0] ?? null;
}

/** Who gets notices of an organization: accounts with these roles, contacts of the register with these. */
export interface Recipients {
  readonly roles: readonly string[];
  readonly contactRoles: readonly string[];
}

/**
 * People and contacts of the organizations in `issued` (organization_id, notice_id), once each. `$1` roles, `$2` roles of
 * contacts, `$3` now. Grants on the whole installation are nobody's of one organization. One mail for one address: an
 * account comes before a contact, the contact that is called first before others.
 */
const RECIPIENTS = `
people as (
  select distinct i.organization_id, i.notice_id, a.account_id, a.name, a.email, a.language
  from issued i join organization_ancestor t on t.organization_id = i.organization_id
  join access_grant g on g.organization_id = t.ancestor_id
  join account a on a.account_id = g.account_id
  where g.role = any ($1) and g.system_id is null and g.revoked_at is null and (g.expires_at is null or g.expires_at > $3::timestamptz)
    and a.disabled_at is null
    and (g.campaign_id is null or exists (select from campaign_unit u where u.campaign_id = g.campaign_id and u.organization_id = i.organization_id))),
contacts as (
  select distinct on (i.organization_id, i.notice_id, lower(c.email)) i.organization_id, i.notice_id, c.contact_id, c.name, lower(c.email) as email
  from issued i join contact c on c.organization_id = i.organization_id
  where c.role = any ($2) and c.email is not null
    and coalesce(c.valid_from <= $3::timestamptz::date, true) and coalesce(c.valid_to >= $3::timestamptz::date, true)
    and not exists (select from people p where p.organization_id = i.organization_id and p.notice_id = i.notice_id and p.email = lower(c.email))
  order by i.organization_id, i.notice_id, lower(c.email), c.position, c.contact_id)`;

/**
 * Mails to `people` and `contacts`. `$4` occasion, `$5` domain of Message-IDs; null: there is no mail server. `rung`: which
 * one they are of.
 */
const mails = (rung: string): string => `
select organization_id, notice_id, 'mail', account_id, null::int, null::int, name, email, language, $4,
  case when $5::text is null then 'failed' else 'waiting' end, '<' || gen_random_uuid() || '@' || coalesce($5, 'localhost') || '>',
  case when $5::text is null then 'NO_MAIL_SERVER' end, $3::timestamptz, null::timestamptz, ${rung}
from people where email is not null
union all
select organization_id, notice_id, 'mail', null, contact_id, null, name, email, 'both', $4,
  case when $5::text is null then 'failed' else 'waiting' end, '<' || gen_random_uuid() || '@' || coalesce($5, 'localhost') || '>',
  case when $5::text is null then 'NO_MAIL_SERVER' end, $3::timestamptz, null, ${rung}
from contacts`;

const INSERT = `insert into notice_delivery (organization_id, notice_id, channel, account_id, contact_id, webhook_id, recipient, address,
  language, occasion, state, message_id, failure, queued_at, sent_at, escalation_id)`;

const PLAN = `
with taken as (
  delete from notice_to_deliver where (organization_id, notice_id) in (
    select organization_id, notice_id from notice_to_deliver order by notice_id limit $6 for update skip locked)
  returning *),
issued as (
  select n.organization_id, n.notice_id, n.kind from taken join notice n using (organization_id, notice_id) where n.state = 'issued'),
${RECIPIENTS},
planned as (
  ${INSERT}
  select organization_id, notice_id, 'platform', account_id, null::int, null::int, name, null, language, $4, 'sent', null, null, $3::timestamptz, $3::timestamptz, null::bigint from people
  union all ${mails('null::bigint')}
  union all
  select i.organization_id, i.notice_id, 'webhook', null, null, w.webhook_id, o.name, w.url, 'en', $4, 'waiting', null, null, $3::timestamptz, null, null::bigint
  from issued i join webhook w on w.organization_id = i.organization_id and w.disabled_at is null
  join organization o on o.organization_id = w.organization_id
  on conflict do nothing)
select (select count(*)::int from taken) as taken,
  (select coalesce(jsonb_agg(jsonb_build_object('organizationId', organization_id, 'noticeId', notice_id::text, 'kind', kind) order by notice_id), '[]') from issued) as issued`;

/** A notice whose deliveries were planned. */
export interface PlannedNotice {
  readonly organizationId: number;
  readonly noticeId: string;
  readonly kind: NoticeKind;
}

/**
 * Plans the deliveries of notices that were issued, in one statement: 200 notices take as long as two. `taken` is how many
 * were looked at; one that was withdrawn meanwhile is looked at and not delivered.
 */
export async function planDeliveries(
  tx: Tx,
  {
    recipients,
    at,
    mailDomain,
    most,
  }: {
    readonly recipients: Recipients;
    readonly at: Instant;
    readonly mailDomain: string | null;
    readonly most: number;
  },
): Promise<{ readonly taken: number; readonly issued: readonly PlannedNotice[] }> {
  const { rows } = await tx.query<{ taken: number; issued: PlannedNotice[] }>(PLAN, [
    recipients.roles,
    recipients.contactRoles,
    at,
    'issued',
    mailDomain,
    most,
  ]);
  return rows[0] ?? { taken: 0, issued: [] };
}

/** Plans the mails of a rung of the ladder. Returns how many recipients there are. */
export async function planReminder(
  tx: Tx,
  rung: { readonly id: string; readonly organizationId: number; readonly noticeId: string },
  {
    recipients,
    at,
    occasion,
    mailDomain,
  }: {
    readonly recipients: Recipients;
    readonly at: Instant;
    readonly occasion: 'remind' | 'remind-leader';
    readonly mailDomain: string | null;
  },
): Promise<number> {
  const { rowCount } = await tx.query(
    `with issued as (select $6::int as organization_id, $7::bigint as notice_id), ${RECIPIENTS}
     ${INSERT} ${mails('$8::bigint')} on conflict do nothing`,
    [
      recipients.roles,
      recipients.contactRoles,
      at,
      occasion,
      mailDomain,
      rung.organizationId,
      rung.noticeId,
      rung.id,
    ],
  );
  return rowCount ?? 0;
}

export interface DeliveryRow {
  readonly id: string;
  readonly organizationId: number;
  readonly noticeId: string;
  readonly channel: Channel;
  readonly occasion: 'issued' | 'remind' | 'remind-leader';
  readonly recipient: string;
  readonly address: string | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly notBefore: Instant | null;
  readonly failure: string | null;
  readonly answer: string | null;
  readonly queuedAt: Instant;
  readonly sentAt: Instant | null;
  readonly readAt: Instant | null;
  readonly loggedBy: Signer | null;
  readonly note: string | null;
}

const COLUMNS = `d.notice_delivery_id as id, d.organization_id as "organizationId", d.notice_id as "noticeId", d.channel, d.occasion, d.recipient, d.address,
  d.state, d.attempts, ${UTC('d.not_before')} as "notBefore", d.failure, d.answer, ${UTC('d.queued_at')} as "queuedAt", ${UTC('d.sent_at')} as "sentAt",
  ${UTC('d.read_at')} as "readAt", ${SIGNER('d.logged_by')} as "loggedBy", d.note`;
const DELIVERY = `select ${COLUMNS} from notice_delivery d`;

/** A notice has some people, not thousands; more than this are not shown. */
const MOST_DELIVERIES = 1000;

export async function listDeliveries(db: Db, noticeId: string): Promise<DeliveryRow[]> {
  const { rows } = await db.query<DeliveryRow>(
    `${DELIVERY} join notice n using (organization_id, notice_id) where n.notice_id = $1 order by d.notice_delivery_id limit ${MOST_DELIVERIES}`,
    [noticeId],
  );
  return rows;
}

export interface TroubledRow extends DeliveryRow {
  readonly notice: { readonly id: string; readonly kind: NoticeKind; readonly number: string };
  readonly organization: { readonly id: string; readonly name: string; readonly nameZh: string | null };
}

/** Deliveries of notices that stand which did not reach anybody, as far as we know; the latest first. */
export async function listTroubled(
  db: Db,
  {
    states,
    organizationId,
    before,
    limit,
  }: {
    readonly states: readonly DeliveryState[];
    readonly organizationId: number | null;
    readonly before: string | null;
    readonly limit: number;
  },
): Promise<TroubledRow[]> {
  const { rows } = await db.query<TroubledRow>(
    `select ${COLUMNS}, jsonb_build_object('id', n.notice_id::text, 'kind', n.kind, 'number', n.number) as notice,
       jsonb_build_object('id', o.organization_id::text, 'name', o.name, 'nameZh', o.name_zh) as organization
     from notice_delivery d join notice n on n.organization_id = d.organization_id and n.notice_id = d.notice_id
     join organization o on o.organization_id = d.organization_id
     where d.state in ('unconfirmed', 'failed', 'bounced') and d.state = any ($1) and n.state = 'issued'
       and ($2::int is null or d.organization_id = $2) and ($3::bigint is null or d.notice_delivery_id < $3)
     order by d.notice_delivery_id desc limit $4`,
    [states, organizationId, before, limit],
  );
  return rows;
}

/** Locked for the rest of the transaction. */
export async function lockDelivery(
  tx: Tx,
  noticeId: string,
  deliveryId: string,
): Promise<DeliveryRow | null> {
  const { rows } = await tx.query<DeliveryRow>(
    `${DELIVERY} where d.notice_id = $1 and d.notice_delivery_id = $2 for update of d`,
    [noticeId, deliveryId],
  );
  return rows[0] ?? null;
}

/**
 * A person has it sent again: to the address that the account or contact has by now, under the same Message-ID, so that a
 * mailbox that got the first one shows one mail.
 */
export async function sendAgain(tx: Tx, { organizationId, id }: DeliveryRow): Promise<void> {
  await tx.query(
    `update notice_delivery d set state = 'waiting', attempts = 0, not_before = null, failure = null, leaving_at = null, sender = null,
       address = coalesce((select lower(c.email) from contact c where c.organization_id = d.organization_id and c.contact_id = d.contact_id), d.address)
     where organization_id = $1 and notice_delivery_id = $2`,
    [organizationId, id],
  );
}

/** A person made sure that it arrived. */
export async function confirmSent(tx: Tx, { organizationId, id }: DeliveryRow, at: Instant): Promise<void> {
  await tx.query(
    `update notice_delivery set state = 'sent', sent_at = coalesce(leaving_at, $3), failure = null
     where organization_id = $1 and notice_delivery_id = $2`,
    [organizationId, id, at],
  );
}

/** The notice was opened on the platform. The first time is kept. */
export async function noteRead(
  tx: Tx,
  {
    noticeId,
    accountId,
    at,
  }: { readonly noticeId: string; readonly accountId: number; readonly at: Instant },
): Promise<void> {
  await tx.query(
    `update notice_delivery set read_at = $3
     where notice_id = $1 and account_id = $2 and channel = 'platform' and read_at is null`,
    [noticeId, accountId, at],
  );
}

export interface LoggedDelivery {
  readonly channel: 'phone' | 'paper';
  readonly recipient: string;
  readonly at: Instant;
  readonly note: string | null;
  readonly loggedBy: number;
  readonly loggedAt: Instant;
  readonly idempotency: { readonly key: string; readonly sha256: Sha256 } | null;
}

/** An entry of the log of phone and paper. False: this account has already used the Idempotency-Key. */
export async function insertLogged(
  tx: Tx,
  { organizationId, noticeId }: DeliveredNotice,
  { channel, recipient, at, note, loggedBy, loggedAt, idempotency }: LoggedDelivery,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into notice_delivery (organization_id, notice_id, channel, recipient, language, state, queued_at, sent_at, logged_by, note,
       idempotency_key, request_sha256)
     values ($1, $2, $3, $4, 'zh', 'sent', $5, $6, $7, $8, $9, decode($10, 'hex'))
     on conflict (logged_by, idempotency_key) where idempotency_key is not null do nothing`,
    [
      organizationId,
      noticeId,
      channel,
      recipient,
      loggedAt,
      at,
      loggedBy,
      note,
      idempotency?.key ?? null,
      idempotency?.sha256 ?? null,
    ],
  );
  return rowCount === 1;
}

/** SHA-256 of the request that used the Idempotency-Key for an entry of the log, in hex. Null: none that the transaction sees. */
export async function loggedByKey(tx: Tx, loggedBy: number, key: string): Promise<Sha256 | null> {
  const { rows } = await tx.query<{ sha256: Sha256 }>(
    `select encode(request_sha256, 'hex') as sha256 from notice_delivery where logged_by = $1 and idempotency_key = $2`,
    [loggedBy, key],
  );
  return rows[0]?.sha256 ?? null;
}

/** What a returned mail is about. Null: no mail that the transaction sees. */
export async function findByMessageId(tx: Tx, messageIds: readonly string[]): Promise<DeliveryRow | null> {
  const { rows } = await tx.query<DeliveryRow>(
    `${DELIVERY} where d.message_id = any ($1) limit 1 for update of d`,
    [messageIds],
  );
  return rows[0] ?? null;
}

export interface Returned {
  /** In the words of the mail server that gave up. */
  readonly why: string;
  /** Of the report: handed on twice it is the same one. */
  readonly sha256: Sha256;
  readonly at: Instant;
}

/** Once for each report: a mail that was sent again in the meantime has not come back by an old one. */
export async function markBounced(
  tx: Tx,
  { organizationId, id }: DeliveryRow,
  { why, sha256, at }: Returned,
): Promise<void> {
  const failure = why.slice(0, 1000);
  const { rowCount } = await tx.query(
    `insert into mail_bounce (organization_id, notice_delivery_id, report_sha256, address, bounced_at, why)
     select organization_id, notice_delivery_id, decode($3, 'hex'), lower(address), $4, $5 from notice_delivery
     where organization_id = $1 and notice_delivery_id = $2 and address is not null on conflict do nothing`,
    [organizationId, id, sha256, at, failure],
  );
  if (rowCount === 0) return;
  await tx.query(
    `update notice_delivery set state = 'bounced', failure = $3
     where organization_id = $1 and notice_delivery_id = $2 and state in ('sent', 'unconfirmed', 'sending')`,
    [organizationId, id, failure],
  );
}
