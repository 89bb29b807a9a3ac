import type { Instant } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import type { Db, Tx } from './pool.ts';

export interface WebhookRow {
  readonly id: string;
  readonly organizationId: number;
  readonly organization: { readonly id: string; readonly name: string; readonly nameZh: string | null };
  readonly url: string;
  /** Encrypted; whoever copies the database signs nothing with it. */
  readonly secret: Buffer;
  readonly registeredBy: Signer;
  readonly registeredAt: Instant;
  readonly disabledAt: Instant | null;
  readonly disabledBy: Signer | null;
  readonly failingSince: Instant | null;
  readonly lastFailure: string | null;
}

const UTC = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const SIGNER = (column: string): string =>
  `case when ${column} is not null then jsonb_build_object('id', ${column}::text, 'name', coalesce(account_name(${column}), '')) end`;

const WEBHOOK = `
select w.webhook_id::text as id, w.organization_id as "organizationId",
  jsonb_build_object('id', w.organization_id::text, 'name', o.name, 'nameZh', o.name_zh) as organization, w.url, w.secret,
  ${SIGNER('w.registered_by')} as "registeredBy", ${UTC('w.registered_at')} as "registeredAt", ${UTC('w.disabled_at')} as "disabledAt",
  ${SIGNER('w.disabled_by')} as "disabledBy", ${UTC('w.failing_since')} as "failingSince", w.last_failure as "lastFailure"
from webhook w join organization o using (organization_id)`;

/** Latest first, at most 200. */
export async function listWebhooks(db: Db, organizationId: number | null): Promise<WebhookRow[]> {
  const { rows } = await db.query<WebhookRow>(
    `${WEBHOOK} where $1::int is null or w.organization_id = $1 order by w.webhook_id desc limit 200`,
    [organizationId],
  );
  return rows;
}

export async function findWebhook(db: Db, id: string | number): Promise<WebhookRow | null> {
  const { rows } = await db.query<WebhookRow>(`${WEBHOOK} where w.webhook_id = $1::bigint`, [id]);
  return rows[0] ?? null;
}

export async function insertWebhook(
  tx: Tx,
  webhook: {
    readonly organizationId: number;
    readonly url: string;
    readonly secret: Buffer;
    readonly registeredBy: number;
    readonly registeredAt: Instant;
  },
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into webhook (organization_id, url, secret, registered_by, registered_at) values ($1, $2, $3, $4, $5)
     returning webhook_id::text as id`,
    [webhook.organizationId, webhook.url, webhook.secret, webhook.registeredBy, webhook.registeredAt],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('A webhook was inserted without an id');
  return id;
}

/** For good: what waits for it fails. `by` null: it stopped by itself. */
export async function disableWebhook(
  tx: Db,
  id: string | number,
  { at, by }: { readonly at: Instant; readonly by: number | null },
): Promise<void> {
  await tx.query(
    `with off as (update webhook set disabled_at = $2, disabled_by = $3 where webhook_id = $1::bigint and disabled_at is null returning organization_id, webhook_id)
     update notice_delivery d set state = 'failed', failure = 'WEBHOOK_OFF' from off
     where d.organization_id = off.organization_id and d.webhook_id = off.webhook_id and d.state = 'waiting'`,
    [id, at, by],
  );
}

/** What the last attempt said; null: it was taken. Returns since when nothing was taken. */
export async function noteWebhookAnswer(
  db: Db,
  id: number,
  { at, failure }: { readonly at: Instant; readonly failure: string | null },
): Promise<Instant | null> {
  const { rows } = await db.query<{ since: Instant | null }>(
    `update webhook set failing_since = case when $3::text is null then null else coalesce(failing_since, $2) end, last_failure = $3
     where webhook_id = $1 returning ${UTC('failing_since')} as since`,
    [id, at, failure?.slice(0, 500) ?? null],
  );
  return rows[0]?.since ?? null;
}
