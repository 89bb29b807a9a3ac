import {
  DISAGREEMENT_HOURS,
  FLAPPING_HOURS,
  fewestSamples,
  SAMPLES,
  sampleHours,
  UNSTEADINESS,
  type Unsteadiness,
} from '@backcheck/core';
import type { Tx } from './pool.ts';

/** Whether what flaps, or what scans disagree about, closes only by several absences here. */
async function isSteadyProof(tx: Tx, organizationId: number): Promise<boolean> {
  const { rows } = await tx.query<{ steady_proof: boolean }>(
    'select steady_proof from organization where organization_id = $1',
    [organizationId],
  );
  return rows[0]?.steady_proof === true;
}

const NO_CONTRADICTION = `
create temp table contradiction (finding_id bigint, absent_at timestamptz, present_at timestamptz) on commit drop;
create index on contradiction (finding_id)`;

/**
 * core/reconcile/steadiness.ts `contradictionsOf`, of each absence only the presence that came soonest. Few findings have
 * a claim from between two presences, so nearly all end at the first condition.
 */
const contradictions = (judge: string, covers: string): string => `
insert into contradiction
with meanwhile as materialized (
  select c.* from claim c
  where c.started_at > c.first and c.started_at < c.last and c.names_check and c.reached and c.evidence > 1
    and not exists (select from claim e where e.finding_id = c.finding_id and e.scan_id = c.scan_id and e.names_check and e.evidence = 0))
select c.finding_id, c.started_at, min(m.at)
from meanwhile c
cross join lateral (
  select case when count(*) = count(b.feed_key) then min(b.feed_key) end as feed_key,
    case when count(*) = count(b.version_key) then min(b.version_key) end as version_key
  from pos b where b.finding_id = c.finding_id and b.at < c.started_at) o
cross join lateral (
  select q.at, 1 << q.method as methods, q.credential, o.feed_key, o.version_key, array[q.vantage] as vantages, q.strong, c.first as last
  from pos q where q.finding_id = c.finding_id and q.at > c.started_at) m
cross join lateral (select ${judge} as code offset 0) j
where j.code = ${covers}
group by c.finding_id, c.started_at`;

const greatest = (column: (one: Unsteadiness) => string): string =>
  `greatest(${UNSTEADINESS.map(column).join(', ')})`;

/**
 * The findings for which one absence is not enough: those of balanced assets, and those that are unsteady; with how many
 * are, and over how many hours (core/reconcile/samples.ts `sampleNeedOf`).
 */
const SAMPLED = `
create temp table sampled on commit drop as
with unsteady as (
  select a.finding_id, bool_or(a.present_at <= a.absent_at + interval '${DISAGREEMENT_HOURS} hours') as disagreement,
    bool_or(exists (select from contradiction b where b.finding_id = a.finding_id and b.absent_at > a.present_at
      and b.present_at <= a.absent_at + interval '${FLAPPING_HOURS} hours')) as flapping
  from contradiction a group by a.finding_id)
select n.finding_id,
  greatest(greatest(b.backends, case when b.backends is not null then ${SAMPLES} end), ${greatest(
    (one) => `case when u.${one} then ${fewestSamples([one])} end`,
  )}) as samples,
  greatest(${sampleHours({})}, ${greatest((one) => `case when u.${one} then ${sampleHours({ unsteady: [one] })} end`)}) as hours,
  nullif(array_remove(array[${UNSTEADINESS.map((one) => `case when u.${one} then '${one}' end`).join(', ')}], null), '{}') as unsteady
from need n
left join asset a on a.organization_id = $1 and a.asset_id = n.asset_id
left join balanced_asset b on b.organization_id = $1 and b.identity = a.identity
left join unsteady u on u.finding_id = n.finding_id
where b.backends is not null or u.disagreement or u.flapping`;

/** The parts of refold.ts that contradictions are judged by. */
export interface Judging {
  readonly judge: string;
  /** The code that `judge` gives to a covering claim. */
  readonly covers: string;
  readonly values: readonly unknown[];
}

/** Fills `sampled` from the claims and presences of the touched findings, and says whether there are any. */
export async function findSampled(tx: Tx, organizationId: number, judging: Judging): Promise<boolean> {
  await tx.query(NO_CONTRADICTION);
  if (await isSteadyProof(tx, organizationId)) {
    await tx.query(contradictions(judging.judge, judging.covers), [...judging.values]);
    await tx.query('analyze contradiction');
  }
  const { rowCount } = await tx.query(SAMPLED, [organizationId]);
  await tx.query('analyze sampled');
  return rowCount !== 0;
}
