import {
  type Instant,
  RESCAN_INTERVALS,
  RESCAN_RISKS,
  type Reason,
  type RescanRisk,
  SEVERITIES,
} from '@backcheck/core';
import { reasonCode } from './codes.ts';
import type { Db, Tx } from './pool.ts';

export interface RescanPlan {
  readonly switchedOnBy: { readonly id: string; readonly name: string };
  readonly switchedOnAt: Instant;
}

/** Null: this organization's findings are not looked at by themselves. */
export async function findRescanPlan(db: Db, organizationId: number): Promise<RescanPlan | null> {
  const { rows } = await db.query<{ id: string; name: string; at: Date }>(
    `select p.switched_on_by::text as id, account_name(p.switched_on_by) as name, p.switched_on_at as at
     from rescan_plan p where p.organization_id = $1`,
    [organizationId],
  );
  const [row] = rows;
  return row === undefined
    ? null
    : { switchedOnBy: { id: row.id, name: row.name }, switchedOnAt: row.at.toISOString() };
}

/** Who switched it on first stays: whose retests they are does not change by asking again. */
export async function switchRescanPlan(
  tx: Tx,
  organizationId: number,
  { on, by, at }: { readonly on: boolean; readonly by: number; readonly at: Instant },
): Promise<void> {
  if (!on) {
    await tx.query('delete from rescan_plan where organization_id = $1', [organizationId]);
    return;
  }
  await tx.query(
    `insert into rescan_plan (organization_id, switched_on_by, switched_on_at) values ($1, $2, $3) on conflict do nothing`,
    [organizationId, by, at],
  );
}

/** Organizations whose plan is on, and on whose account. */
export async function organizationsToRescan(
  db: Db,
): Promise<{ readonly organizationId: number; readonly requestedBy: number }[]> {
  const { rows } = await db.query<{ organizationId: number; requestedBy: number }>(
    `select organization_id as "organizationId", switched_on_by as "requestedBy" from rescan_plan order by 1`,
  );
  return rows;
}

/** core's plan as a table: risk, its place, days to the first look and to the next. */
const PLAN = JSON.stringify(
  RESCAN_RISKS.map((risk, place) => ({
    risk,
    place,
    first_days: RESCAN_INTERVALS[risk].first,
    next_days: RESCAN_INTERVALS[risk].next,
  })),
);

/** The latest word of a person about finding `f`, where it is an unexpired claim that no scan has refuted since. */
const CLAIMED_AT = `
select d.decided_at from (
  select kind, decided_at, expires_at from decision where organization_id = f.organization_id and finding_id = f.finding_id and decided_at <= $2
    and expires_at is distinct from decided_at
  order by decided_at desc, decision_id desc limit 1) d
where d.kind = 'claimed' and (d.expires_at is null or d.expires_at > $2) and not exists (
  select from sighting g
  join visit v on v.organization_id = g.organization_id and v.scan_id = g.scan_id and v.visit_no = g.visit_no
  join scan c on c.organization_id = g.organization_id and c.scan_id = g.scan_id
  where g.organization_id = f.organization_id and g.asset_id = f.asset_id and f.finding_id = any (g.finding_ids)
    and c.quarantined_at is null and coalesce(v.finished_at, c.imported_at) > d.decided_at)`;

/** What was not seen any more, and needs further looks to be closed. */
const MORE_LOOKS = ['IDENTITY_CONFLICT', 'UNSTEADY'] as const satisfies readonly Reason[];
const NEARLY_GONE = `(f.state = 'regressed' and coalesce(f.reason = any ($6::smallint[]), false))`;

/**
 * A look is every retest that has ended, whatever came of it: a target that drops the scanner would otherwise be asked
 * again each hour. What a retest still has under way is never asked a second time.
 */
const DUE = `
with plan as (select * from jsonb_to_recordset($3) as p(risk text, place int, first_days int, next_days int)),
candidate as (
  select f.finding_id, f.changed_at as since, case
      when exists (select from description d join known_exploited k on k.cve = any (d.cve) where d.description_id = f.description_id) then 'known-exploited'
      else ($4::text[])[f.severity + 1] end as risk
    from finding f where f.organization_id = $1 and f.state = 'verified-fixed'
  union all
  select f.finding_id, f.changed_at, 'claimed' from finding f
    where f.organization_id = $1 and (f.state = 'fixed-unverified' or ${NEARLY_GONE})
  union all
  select f.finding_id, d.decided_at, 'claimed'
    from (select distinct finding_id from decision where organization_id = $1 and kind = 'claimed') c
    join finding f on f.organization_id = $1 and f.finding_id = c.finding_id and f.state in ('open', 'regressed') and not ${NEARLY_GONE}
    cross join lateral (${CLAIMED_AT}) d)
select c.finding_id::text as "findingId", c.risk
from candidate c join plan p using (risk)
cross join lateral (
  select max(r.finished_at) filter (where r.finished_at > c.since) as looked_at, coalesce(bool_or(r.finished_at is null), false) as under_way
  from retest_finding x join retest r on r.organization_id = x.organization_id and r.retest_id = x.retest_id
  where x.organization_id = $1 and x.finding_id = c.finding_id) l
where not l.under_way
  and case when l.looked_at is null then c.since + make_interval(days => p.first_days) else l.looked_at + make_interval(days => p.next_days) end <= $2
order by p.place, c.since, c.finding_id limit $5`;

/** What is due at `now`, the most pressing first, at most `limit`. */
export async function dueRescans(
  db: Db,
  organizationId: number,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<{ readonly findingId: string; readonly risk: RescanRisk }[]> {
  const { rows } = await db.query<{ findingId: string; risk: RescanRisk }>(DUE, [
    organizationId,
    now,
    PLAN,
    SEVERITIES,
    limit,
    MORE_LOOKS.map(reasonCode.encode),
  ]);
  return rows;
}
