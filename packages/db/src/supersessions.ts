import type { Instant, Sha256, Supersession } from '@backcheck/core';
import type { Db } from './pool.ts';

/** What is told of a superseded certificate to anybody: its number (the leaf hash of its closure), when and why. */
export interface SupersededRow {
  readonly certificate: Sha256;
  readonly at: Instant;
  readonly cause: Supersession['cause'];
}

export interface SupersededRows {
  readonly rows: readonly SupersededRow[];
  /** All that was superseded up to and with this time is among the rows; null: all there is. */
  readonly until: Instant | null;
}

/** Those of one moment stay together, and at least one later moment is there: so `until` leaves none out and moves on. */
const SUPERSEDED = `
with cut as materialized (
  select recorded_at from supersession where $1::timestamptz is null or recorded_at > $1
  order by recorded_at offset $2::int - 1 limit 1)
select encode(l.hash, 'hex') as certificate, x.recorded_at as at, x.cause, (select recorded_at from cut) as cut
from supersession x
join certificate c using (organization_id, certificate_id)
join ledger_leaf l on l.organization_id = c.organization_id and l.seq = c.seq and l.leaf_index = c.leaf_index
where ($1::timestamptz is null or x.recorded_at >= $1) and x.recorded_at <= coalesce((select recorded_at from cut), 'infinity')`;

/** Superseded certificates of all organizations, by time and number; about `most` of them where there are more. */
export async function findSuperseded(db: Db, since: Instant | null, most: number): Promise<SupersededRows> {
  const { rows } = await db.query<{
    certificate: Sha256;
    at: Date;
    cause: Supersession['cause'];
    cut: Date | null;
  }>(SUPERSEDED, [since, most]);
  const read = rows.map(({ certificate, at, cause }) => ({ certificate, at: at.toISOString(), cause }));
  read.sort((a, b) => (a.at + a.certificate < b.at + b.certificate ? -1 : 1));
  return { rows: read, until: rows[0]?.cut?.toISOString() ?? null };
}

/** When the latest supersession was recorded; null where there is none. */
export async function lastSuperseded(db: Db): Promise<Instant | null> {
  const { rows } = await db.query<{ last: Date | null }>('select max(recorded_at) as last from supersession');
  return rows[0]?.last?.toISOString() ?? null;
}
