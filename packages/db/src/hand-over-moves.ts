import type { IdentityDecision } from './asset-links.ts';
import type { Tx } from './pool.ts';

/**
 * The statements of a hand-over. `$1` is the organization that gives and `$2` the one that receives; `going` has the
 * assets (hand-over-group.ts). No foreign key of a visit is checked before the last row has moved.
 */
const DEFER = `set constraints visit_organization_id_asset_id_fkey, coverage_organization_id_scan_id_visit_no_fkey,
  sighting_organization_id_scan_id_visit_no_fkey`;

/** The receiver's row of each scan: the same bytes of the same time, or a copy under the same id. */
const SCANS = `
create temp table going_scan on commit drop as
select s.scan_id, coalesce(o.scan_id, s.scan_id) as into_id, o.scan_id is null as copied, 0 as visit_shift, 0 as coverage_shift
from scan s
left join scan o on o.organization_id = $2 and o.sha256 = s.sha256 and o.started_at is not distinct from s.started_at
where s.organization_id = $1 and s.scan_id in (
  select v.scan_id from visit v join going g using (asset_id) where v.organization_id = $1)`;

const COPIED =
  'sha256, file_name, format, tool, tool_version, feed, version_key, feed_key, started_at, finished_at, time_source, ' +
  'declared_by, submitted_by, vantage, complete, truncated, assets, assets_reached, imported_at, quarantined_at, scan_profile_id';

const COPY_SCANS = `
insert into scan (organization_id, scan_id, handed_over, ${COPIED}) overriding system value
  select $2::int, s.scan_id, true, ${COPIED} from scan s join going_scan g on g.scan_id = s.scan_id and g.copied where s.organization_id = $1`;

/** What the files say of the checks of what goes. */
const COPY_EXPLANATIONS = `
insert into scan_explanation (organization_id, scan_id, check_id, explanation_id)
  select distinct on (s.into_id, e.check_id) $2::int, s.into_id, e.check_id, e.explanation_id
  from going_scan s join scan_explanation e on e.organization_id = $1 and e.scan_id = s.scan_id
  where e.check_id in (select f.check_id from finding f join going g using (asset_id) where f.organization_id = $1)
  on conflict do nothing`;

/** `known`: the receiver has what this file says of the asset. */
const VISITS = `
create temp table going_visit on commit drop as
select v.scan_id, v.visit_no, exists (
    select from visit w where w.organization_id = $2 and w.scan_id = s.into_id
      and coalesce(w.named_asset_id, w.asset_id) = n.into_id) as known
from visit v join going g on g.asset_id = v.asset_id
join going n on n.asset_id = coalesce(v.named_asset_id, v.asset_id)
join going_scan s on s.scan_id = v.scan_id
where v.organization_id = $1`;

/** Numbers stay, unless another hand-over brought visits of the same file under them. */
const shift = (table: 'visit' | 'coverage'): string => `
update going_scan s set ${table}_shift = (select max(${table}_no) + 1 from ${table} o where o.organization_id = $2 and o.scan_id = s.into_id)
where exists (
  select from ${table} t join going_visit m on m.scan_id = t.scan_id and m.visit_no = t.visit_no and not m.known
  join ${table} o on o.organization_id = $2 and o.scan_id = s.into_id and o.${table}_no = t.${table}_no
  where t.organization_id = $1 and t.scan_id = s.scan_id)`;

/** Each finding keeps its id, or becomes one with that of the same key over there. */
const FINDINGS = `
create temp table going_finding on commit drop as
select f.finding_id, g.into_id as into_asset_id, coalesce(e.finding_id, f.finding_id) as into_id, e.finding_id is not null as absorbed
from finding f join going g using (asset_id)
left join finding e on e.organization_id = $2 and e.asset_id = g.into_id and e.check_id = f.check_id and e.port = f.port
  and e.transport = f.transport and e.locus_key = f.locus_key
where f.organization_id = $1`;

/** Without a proof, until it is folded. That of the giver goes when its organization is settled. */
const COPY_FINDINGS = `
insert into finding (organization_id, finding_id, asset_id, check_id, port, transport, locus_key, locus, description_id,
  described_at, severity, first_seen, state, changed_at, problem)
  overriding system value
  select $2::int, f.finding_id, m.into_asset_id, f.check_id, f.port, f.transport, f.locus_key, f.locus, f.description_id,
    f.described_at, f.severity, f.first_seen, case f.state when 'verified-fixed' then 'open' else f.state end, f.changed_at, f.problem
  from going_finding m join finding f on f.organization_id = $1 and f.finding_id = m.finding_id
  where not m.absorbed`;

/** The text of the later presence, as after any import. */
const REDESCRIBE = `
update finding e set description_id = f.description_id, severity = f.severity, described_at = f.described_at, problem = f.problem
  from going_finding m join finding f on f.organization_id = $1 and f.finding_id = m.finding_id
  where m.absorbed and e.organization_id = $2 and e.finding_id = m.into_id and e.described_at < f.described_at`;

/**
 * A risk is borne by whoever signed for it, and not by the next owner, whatever else lies over the finding. The row tells of
 * it and ends nothing itself: what is no acceptance goes along.
 */
const END_ACCEPTANCES = `
with ended as (
  update decision d set expires_at = $2::timestamptz from going_finding m
  where d.organization_id = $1 and d.finding_id = m.finding_id and d.kind = 'accepted' and d.expires_at > $2::timestamptz
  returning d.finding_id)
insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note, expires_at)
  select distinct $1::int, finding_id, 'revoked', $2::timestamptz, $3, $4, $2::timestamptz from ended`;

const MOVE_DECISIONS = `
update decision d set organization_id = $2, finding_id = m.into_id from going_finding m
  where d.organization_id = $1 and d.finding_id = m.finding_id`;

const FOLLOW_ABSORBED = `
update absorbed_finding a set organization_id = $2, into_finding_id = m.into_id from going_finding m
  where a.organization_id = $1 and a.into_finding_id = m.finding_id`;

const ABSORB = `
insert into absorbed_finding (organization_id, finding_id, into_finding_id)
  select $1::int, finding_id, into_id from going_finding where absorbed on conflict do nothing`;

const MOVE_SIGHTINGS = `
update sighting t set organization_id = $2, scan_id = s.into_id, visit_no = t.visit_no + s.visit_shift, asset_id = g.into_id,
  finding_ids = (select array_agg(coalesce(f.into_id, one) order by place)
    from unnest(t.finding_ids) with ordinality as u(one, place) left join going_finding f on f.finding_id = one)
  from going_visit m, going_scan s, going g
  where t.organization_id = $1 and t.scan_id = m.scan_id and t.visit_no = m.visit_no and not m.known
    and s.scan_id = m.scan_id and g.asset_id = t.asset_id`;

const MOVE_COVERAGE = `
update coverage t set organization_id = $2, scan_id = s.into_id, visit_no = t.visit_no + s.visit_shift,
  coverage_no = t.coverage_no + s.coverage_shift, asset_id = g.into_id
  from going_visit m, going_scan s, going g
  where t.organization_id = $1 and t.scan_id = m.scan_id and t.visit_no = m.visit_no and not m.known
    and s.scan_id = m.scan_id and g.asset_id = t.asset_id`;

const MOVE_VISITS = `
update visit t set organization_id = $2, scan_id = s.into_id, visit_no = t.visit_no + s.visit_shift, asset_id = g.into_id,
  named_asset_id = (select n.into_id from going n where n.asset_id = t.named_asset_id)
  from going_visit m, going_scan s, going g
  where t.organization_id = $1 and t.scan_id = m.scan_id and t.visit_no = m.visit_no and not m.known
    and s.scan_id = m.scan_id and g.asset_id = t.asset_id`;

const dropKnown = (table: 'sighting' | 'coverage' | 'visit'): string => `
delete from ${table} t using going_visit m where t.organization_id = $1 and t.scan_id = m.scan_id and t.visit_no = m.visit_no and m.known`;

/**
 * What the giver's register says of the asset is the giver's own, its history too; only what a machine is goes along.
 * What was registered is a candidate over there.
 */
const MOVE_ASSETS = `
update asset a set organization_id = $2, system_id = null, asset_code = null, fields = '{}',
  register_state = case when a.registered_at is not null then 'candidate' end
  from going g where a.organization_id = $1 and a.asset_id = g.asset_id and not g.met`;

const DROP_MET = `delete from asset a using going g where a.organization_id = $1 and a.asset_id = g.asset_id and g.met`;

const OUT_OF_KEY_LISTS = `
delete from key_list_member k using going g where k.organization_id = $1 and k.member_kind = 'asset' and k.member_id = g.asset_id`;

const DROP_IDENTIFIERS = `delete from asset_identifier i using going g where i.organization_id = $1 and i.asset_id = g.asset_id`;

const DROP_OPEN_TASKS = `
delete from identity_task t using going g
where t.organization_id = $1 and t.resolution is null and g.asset_id in (t.asset_id, t.other_asset_id)`;

const COPY_BACKENDS = `
insert into balanced_asset (organization_id, identity, backends)
  select $2::int, b.identity, b.backends from balanced_asset b join going g using (identity) where b.organization_id = $1
  on conflict do nothing`;

const DROP_BACKENDS = `delete from balanced_asset b using going g where b.organization_id = $1 and b.identity = g.identity`;

/** Moves all that hangs on the assets in `going`; states and proofs are left to the refold of both that must follow. */
export async function moveAssets(
  tx: Tx,
  { from, to, decision }: { readonly from: number; readonly to: number; readonly decision: IdentityDecision },
): Promise<void> {
  const both = [from, to];
  await tx.query(SCANS, both);
  await tx.query(COPY_SCANS, both);
  await tx.query(COPY_EXPLANATIONS, both);
  await tx.query(VISITS, both);
  await tx.query('analyze going_visit');
  for (const statement of [shift('visit'), shift('coverage'), FINDINGS]) await tx.query(statement, both);
  await tx.query('analyze going_finding');
  await tx.query(END_ACCEPTANCES, [from, decision.at, decision.by, decision.note]);
  for (const statement of [COPY_FINDINGS, REDESCRIBE, MOVE_DECISIONS, FOLLOW_ABSORBED])
    await tx.query(statement, both);
  await tx.query(ABSORB, [to]);
  await tx.query(`${DEFER} deferred`);
  await tx.query(MOVE_ASSETS, both);
  for (const statement of [MOVE_SIGHTINGS, MOVE_COVERAGE, MOVE_VISITS]) await tx.query(statement, both);
  for (const table of ['sighting', 'coverage', 'visit'] as const) await tx.query(dropKnown(table), [from]);
  await tx.query(DROP_MET, [from]);
  await tx.query(`${DEFER} immediate`);
  await tx.query(COPY_BACKENDS, both);
  for (const statement of [OUT_OF_KEY_LISTS, DROP_IDENTIFIERS, DROP_OPEN_TASKS, DROP_BACKENDS]) {
    await tx.query(statement, [from]);
  }
}
