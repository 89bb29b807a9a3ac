import type { Tx } from './pool.ts';
import { linkHolds } from './register-rows.ts';

/** Visits that name one asset go from one asset to another; the links already say so. */
export interface Move {
  readonly organizationId: number;
  readonly from: string;
  readonly to: string;
  /** The asset that the visits name: `from` in a merge, `to` when a link ends. */
  readonly named: string;
}

const MOVED = `
create temp table moved on commit drop as
select v.scan_id, v.visit_no
from visit v join asset n on n.organization_id = v.organization_id and n.asset_id = $4
left join lateral (select t.asset_id from asset_link l join asset t on t.organization_id = l.organization_id and t.identity = l.target
  where l.organization_id = v.organization_id and l.identity = n.identity and ${linkHolds('v.started_at')}) l on true
where v.organization_id = $1 and v.asset_id = $2 and coalesce(v.named_asset_id, v.asset_id) = $4 and coalesce(l.asset_id, $4) = $3`;

/**
 * What becomes of each finding that a moved visit saw: it is one with the finding of the same key over there; else it
 * goes there itself when no visit that stays saw it; else it stays, and the other asset gets a finding of its own.
 */
const MOVED_FINDINGS = `
create temp table moved_finding on commit drop as
select finding_id, stays, twin is not null as absorbed, coalesce(twin, case when not stays then finding_id end,
  nextval('finding_finding_id_seq')) as into_id
from (
  select f.finding_id, e.finding_id as twin, exists (
      select from sighting g where g.organization_id = $1 and g.asset_id = $2 and f.finding_id = any (g.finding_ids)
        and not exists (select from moved m where m.scan_id = g.scan_id and m.visit_no = g.visit_no)) as stays
  from finding f left join finding e on e.organization_id = $1 and e.asset_id = $3 and e.check_id = f.check_id
    and e.port = f.port and e.transport = f.transport and e.locus_key = f.locus_key
  where f.organization_id = $1 and f.asset_id = $2 and f.finding_id in (
    select unnest(g.finding_ids) from sighting g join moved m on m.scan_id = g.scan_id and m.visit_no = g.visit_no
    where g.organization_id = $1 and g.asset_id = $2)) one`;

/** Without a proof, until it is folded. */
const COPY_FINDINGS = `
insert into finding (organization_id, finding_id, asset_id, check_id, port, transport, locus_key, locus, description_id,
  described_at, severity, first_seen, state, changed_at, problem)
  overriding system value
  select f.organization_id, m.into_id, $3::bigint, f.check_id, f.port, f.transport, f.locus_key, f.locus, f.description_id,
    f.described_at, f.severity, f.first_seen, 'open', f.changed_at, f.problem
  from moved_finding m join finding f on f.organization_id = $1 and f.finding_id = m.finding_id
    and f.asset_id = $2
  where m.stays and not m.absorbed`;

const MOVE_FINDINGS = `
update finding f set asset_id = $3 from moved_finding m
  where f.organization_id = $1 and f.asset_id = $2 and f.finding_id = m.finding_id and m.into_id = m.finding_id`;

/** The text of the later presence, as after any import. */
const REDESCRIBE = `
update finding e set description_id = f.description_id, severity = f.severity, described_at = f.described_at,
    problem = f.problem
  from moved_finding m join finding f on f.organization_id = $1 and f.finding_id = m.finding_id and f.asset_id = $2
  where m.absorbed and e.organization_id = $1 and e.asset_id = $3 and e.finding_id = m.into_id and e.described_at < f.described_at`;

/** An absorbed finding goes when nothing stays with it: what people decided and what was certified goes along. */
const GONE = 'm.absorbed and not m.stays';

const MOVE_DECISIONS = `
update decision d set finding_id = m.into_id from moved_finding m
  where ${GONE} and d.organization_id = $1 and d.finding_id = m.finding_id`;

const FOLLOW_ABSORBED = `
update absorbed_finding a set into_finding_id = m.into_id from moved_finding m
  where ${GONE} and a.organization_id = $1 and a.into_finding_id = m.finding_id`;

const ABSORB = `
insert into absorbed_finding (organization_id, finding_id, into_finding_id)
  select $1::int, m.finding_id, m.into_id from moved_finding m where ${GONE} on conflict do nothing`;

const MOVE_SIGHTINGS = `
update sighting g set asset_id = $3, finding_ids = (
    select array_agg(coalesce(f.into_id, one) order by place)
    from unnest(g.finding_ids) with ordinality as u(one, place) left join moved_finding f on f.finding_id = one)
  from moved m where g.organization_id = $1 and g.asset_id = $2 and g.scan_id = m.scan_id and g.visit_no = m.visit_no`;

const MOVE_COVERAGE = `
update coverage c set asset_id = $3
  from moved m where c.organization_id = $1 and c.asset_id = $2 and c.scan_id = m.scan_id and c.visit_no = m.visit_no`;

const MOVE_VISITS = `
update visit v set asset_id = $3, named_asset_id = nullif($4::bigint, $3::bigint)
  from moved m where v.organization_id = $1 and v.asset_id = $2 and v.scan_id = m.scan_id and v.visit_no = m.visit_no`;

/** Re-points what the visits saw and covered; states and proofs are left to the refold that must follow. */
export async function moveVisits(tx: Tx, { organizationId, from, to, named }: Move): Promise<void> {
  const places = [organizationId, from, to];
  await tx.query(MOVED, [...places, named]);
  await tx.query('analyze moved');
  await tx.query(MOVED_FINDINGS, places);
  await tx.query('analyze moved_finding');
  for (const statement of [COPY_FINDINGS, REDESCRIBE, MOVE_FINDINGS]) await tx.query(statement, places);
  for (const statement of [MOVE_DECISIONS, FOLLOW_ABSORBED, ABSORB]) {
    await tx.query(statement, [organizationId]);
  }
  for (const statement of [MOVE_SIGHTINGS, MOVE_COVERAGE]) await tx.query(statement, places);
  await tx.query(MOVE_VISITS, [...places, named]);
}
