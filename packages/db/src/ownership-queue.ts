import type { Instant, Severity } from '@backcheck/core';
import { severityCode } from './codes.ts';
import type { Db } from './pool.ts';

export type QueueReason = 'unclaimed' | 'disputed' | 'claimed-elsewhere';

/** An organization as far as the transaction may see it. */
export interface NamedOrganization {
  readonly id: string;
  readonly name: string;
  readonly nameZh: string | null;
}

export interface QueueItem {
  readonly assetId: string;
  readonly identity: string;
  readonly organization: NamedOrganization;
  readonly reason: QueueReason;
  readonly since: Instant;
  /** By the most specific claim of another organization. Null: there is none, or it is hidden. */
  readonly guess: NamedOrganization | null;
  /** There is a guess that the transaction may not see. */
  readonly guessHidden: boolean;
  readonly dispute: { readonly by: string; readonly reason: string } | null;
  /** Not verified-fixed. */
  readonly openFindings: number;
  /** Of those. */
  readonly worst: Severity | null;
}

/** The last item of the page before. */
export interface QueuePlace {
  readonly since: string;
  readonly assetId: string;
}

export interface QueueFilter {
  readonly organizationId: number | null;
  readonly reason: QueueReason | null;
  /** Whether the transaction sees the whole installation; else what it sees is looked up organization by organization. */
  readonly wide: boolean;
  /** Only those that may be this organization's. */
  readonly guess: number | null;
  readonly after: QueuePlace | null;
  readonly limit: number;
}

interface Row {
  readonly asset_id: string;
  readonly identity: string;
  readonly organization_id: number;
  readonly organization_name: string;
  readonly name_zh: string | null;
  readonly reason: QueueReason;
  readonly since: Date;
  readonly place: string;
  readonly guessed_organization_id: number | null;
  readonly guessed_name: string | null;
  readonly guessed_name_zh: string | null;
  readonly disputed_by: string | null;
  readonly dispute_reason: string | null;
  readonly open_findings: number;
  readonly worst: number | null;
}

/** Everything about the items in `page`. */
const DETAILS = `
select q.asset_id, a.identity, q.organization_id, o.name as organization_name, o.name_zh, q.reason, q.since, q.since::text as place,
  q.guessed_organization_id, g.name as guessed_name, g.name_zh as guessed_name_zh, d.disputed_by, d.reason as dispute_reason, f.open_findings, f.worst
from page q
join asset a on a.organization_id = q.organization_id and a.asset_id = q.asset_id
join organization o on o.organization_id = q.organization_id
left join organization g on g.organization_id = q.guessed_organization_id
left join ownership_dispute d on d.organization_id = q.organization_id and d.asset_id = q.asset_id and d.ended_at is null
cross join lateral (
  select count(*)::int as open_findings, max(f.severity) as worst from finding f
  where f.organization_id = q.organization_id and f.asset_id = q.asset_id and f.state <> 'verified-fixed') f
order by q.since, q.asset_id`;

function itemOf(row: Row): QueueItem & { readonly place: QueuePlace } {
  const {
    guessed_organization_id: guessed,
    guessed_name: name,
    disputed_by: by,
    dispute_reason: reason,
  } = row;
  return {
    assetId: row.asset_id,
    identity: row.identity,
    organization: { id: `${row.organization_id}`, name: row.organization_name, nameZh: row.name_zh },
    reason: row.reason,
    since: row.since.toISOString(),
    guess: guessed === null || name === null ? null : { id: `${guessed}`, name, nameZh: row.guessed_name_zh },
    guessHidden: guessed !== null && name === null,
    dispute: by === null || reason === null ? null : { by, reason },
    openFindings: row.open_findings,
    worst: row.worst === null ? null : severityCode.decode(row.worst),
    place: { since: row.place, assetId: row.asset_id },
  };
}

/**
 * Row-level security says the same, but the planner cannot look for it: for one organization's liaison it went through
 * the queue of all by age, 80 ms for 120,000 items.
 */
const SEEN = `q.organization_id = any (array(
  select organization_id from visible_organization union select organization_id from visible_system))`;

/** The oldest first. */
export async function listOwnershipQueue(
  db: Db,
  { wide, organizationId, reason, guess, after, limit }: QueueFilter,
): Promise<(QueueItem & { readonly place: QueuePlace })[]> {
  const values: unknown[] = [limit];
  const conditions = ['true'];
  const add = (text: (place: string) => string, value: unknown): void => {
    if (value !== null) conditions.push(text(`$${values.push(value)}`));
  };
  if (!wide) conditions.push(SEEN);
  add((one) => `q.organization_id = ${one}`, organizationId);
  add((one) => `q.reason = ${one}`, reason);
  // By the organization, so that a guess which is hidden is not found by trying.
  add(
    (one) =>
      `q.guessed_organization_id = (select organization_id from organization where organization_id = ${one})`,
    guess,
  );
  if (after !== null) {
    const since = values.push(after.since);
    const asset = values.push(after.assetId);
    conditions.push(`(q.since, q.asset_id) > ($${since}::timestamptz, $${asset}::bigint)`);
  }
  const { rows } = await db.query<Row>(
    `with page as materialized (
       select q.* from ownership_queue q where ${conditions.join(' and ')} order by q.since, q.asset_id limit $1)
     ${DETAILS}`,
    values,
  );
  return rows.map(itemOf);
}

/** What is in question about one asset. Null: nothing. */
export async function questionAbout(db: Db, assetId: string): Promise<QueueItem | null> {
  const { rows } = await db.query<Row>(
    `with page as materialized (select * from ownership_queue where asset_id = $1) ${DETAILS}`,
    [assetId],
  );
  return rows[0] === undefined ? null : itemOf(rows[0]);
}

/** How many wait, by reason. */
export async function countOwnershipQueue(
  db: Db,
  organizationId: number | null,
): Promise<Readonly<Record<QueueReason, number>>> {
  const { rows } = await db.query<{ reason: QueueReason; count: number }>(
    `select reason, count(*)::int as count from ownership_queue where $1::int is null or organization_id = $1 group by reason`,
    [organizationId],
  );
  const counts = new Map(rows.map(({ reason, count }) => [reason, count]));
  const of = (reason: QueueReason): number => counts.get(reason) ?? 0;
  return {
    unclaimed: of('unclaimed'),
    disputed: of('disputed'),
    'claimed-elsewhere': of('claimed-elsewhere'),
  };
}

/** Asks about every asset anew: once a day, because claims begin and end by date. `db` is of `createWidePool`. */
export async function refreshOwnershipQueue(db: Db): Promise<void> {
  await db.query('select refresh_all_ownership()');
}
