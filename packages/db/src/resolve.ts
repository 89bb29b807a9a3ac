import { REASONS, VERDICTS } from '@backcheck/core';
import { meetRegistered } from './meet-registered.ts';
import type { Tx } from './pool.ts';
import { PROBLEM_JOINS, PROBLEM_KEY } from './problem-key.ts';
import { linkHolds } from './register-rows.ts';
import { isCrossTool, TOUCHED_BY_STAND_IN } from './stand-ins.ts';

/** The scan that is being taken in. */
export interface StoredScanKey {
  readonly organizationId: number;
  readonly scanId: string;
  readonly tool: string;
  readonly importedAt: string;
}

/** Texts become numbers once: what follows joins on integers. Tables m_* map this file's numbers to stored ones. */
const DICTIONARIES = `
insert into check_definition (name, prefix, number)
  select s.name, s.prefix, s.number from st_check s
  where not exists (select from check_definition d where d.name = s.name) order by s.name
  on conflict (name) do nothing;
create temp table m_check on commit drop as
  select s.check_no, d.check_id, d.prefix from st_check s join check_definition d on d.name = s.name;
insert into description (sha256, title, severity, cve, cwe, cvss)
  select s.sha256, s.title, s.severity, s.cve, s.cwe, s.cvss from st_description s
  where not exists (select from description d where d.sha256 = s.sha256) order by s.sha256
  on conflict (sha256) do nothing;
create temp table m_description on commit drop as
  select s.description_no, d.description_id, d.severity from st_description s join description d on d.sha256 = s.sha256;
analyze m_check; analyze m_description;
insert into explanation (sha256, description, harm, advice)
  select distinct on (s.sha256) s.sha256, s.description, s.harm, s.advice from st_explanation s
  where not exists (select from explanation e where e.sha256 = s.sha256) order by s.sha256
  on conflict (sha256) do nothing;
`;

/** A file that explains a check twice is taken at its first word. */
const EXPLAINED = `
insert into scan_explanation (organization_id, scan_id, check_id, explanation_id)
  select distinct on (m.check_id) $1::int, $2::bigint, m.check_id, e.explanation_id
  from st_explanation s join m_check m on m.check_no = s.check_no join explanation e on e.sha256 = s.sha256
  order by m.check_id, s.ctid
  on conflict do nothing`;

/** A set's identity is the SHA-256 of its content, so that a thousand scans with one policy share one row. */
const STORE_SETS = `
insert into check_set (sha256, kind, tool, members, numbers)
  select distinct on (sha256) sha256, kind, tool, members, numbers from st_full_set s
  where not exists (select from check_set c where c.sha256 = s.sha256) order by sha256
  on conflict (sha256) do nothing`;

const CONTENT = `sha256(convert_to(concat_ws('|', kind, tool, array_to_string(members, ','), numbers), 'UTF8'))`;

const DECLARED_SETS = `
create temp table st_full_set on commit drop as
  select set_no, kind, tool, members, numbers, ${CONTENT} as sha256 from (
    select s.set_no, s.kind, case s.kind when 'ids' then '' else $1::text end as tool, s.numbers,
      coalesce((select array_agg(distinct d.check_id order by d.check_id)
        from unnest(s.ids) id join check_definition d on d.name = id), '{}') as members
    from st_set s) one`;

const VISITS = `
with named as (
  insert into asset (organization_id, identity, identifiers)
  select distinct on (identity) $1::int, identity, identifiers from st_visit s
  where not exists (select from asset a where a.organization_id = $1 and a.identity = s.identity)
  order by identity, visit_no
  on conflict (organization_id, identity) do nothing)
select 1`;

const PLACED = `
create temp table v on commit drop as
  select s.*, a.asset_id, null::bigint as named_asset_id from st_visit s
  join asset a on a.organization_id = $1 and a.identity = s.identity`;

/** A link gives the visit to another asset than it names (core/observe/register.ts). */
const FOLLOW_LINKS = `
update v set named_asset_id = v.asset_id, asset_id = t.asset_id
from asset_link l join asset t on t.organization_id = l.organization_id and t.identity = l.target
where l.organization_id = $1 and l.identity = v.identity and ${linkHolds('v.started_at')}`;

const STORE_VISITS = `
insert into visit (organization_id, scan_id, visit_no, asset_id, named_asset_id, reached, reason, started_at, finished_at, credential, strong, identifiers)
  select $1::int, $2::bigint, visit_no, asset_id, named_asset_id, reached, reason, started_at, finished_at, credential, strong, identifiers from v`;

/**
 * Explicit verdicts become claims, as core/cover/claim.ts has it: an absence is E3 on its key, an error E0.
 * Those of one visit that differ only in their check become one row.
 */
const VERDICT_SETS = `
create temp table st_verdict on commit drop as
  select o.visit_no, o.transport, o.port, o.locus, o.method, coalesce(o.credential, v.credential) as credential, o.verdict,
    'ids' as kind, '' as tool, array_agg(distinct c.check_id order by c.check_id) as members, '{}'::int4multirange as numbers,
    null::bytea as sha256
  from st_observation o join v using (visit_no) join m_check c using (check_no)
  where o.verdict <> ${VERDICTS.indexOf('present')}
  group by o.visit_no, o.transport, o.port, o.locus, o.method, coalesce(o.credential, v.credential), o.verdict`;

const HASH_VERDICTS = `update st_verdict set sha256 = ${CONTENT}`;

const STORE_COVERAGE = `
insert into coverage (organization_id, scan_id, visit_no, coverage_no, asset_id, transport, ports, check_set_id, within,
  method, credential, evidence, reason, assumptions, explicit, lifted)
select $1::int, $2::bigint, visit_no, row_number() over (order by explicit, lifted, visit_no), asset_id, transport, ports, check_set_id,
  within, method, credential, evidence, reason, assumptions, explicit, lifted
from (
  select c.visit_no, v.asset_id, c.transport, c.ports, k.check_set_id, c.within, c.method, v.credential, c.evidence, c.reason,
    c.assumptions, false as explicit, c.lifted
  from st_coverage c join v using (visit_no) join st_full_set s using (set_no) join check_set k on k.sha256 = s.sha256
  union all
  select e.visit_no, v.asset_id, e.transport, int4multirange(int4range(e.port, e.port + 1)), k.check_set_id, array[e.locus],
    e.method, e.credential, case e.verdict when ${VERDICTS.indexOf('absent')} then 3 else 0 end,
    case e.verdict when ${VERDICTS.indexOf('absent')} then null else ${REASONS.indexOf('CHECK_NOT_RUN')} end, '{}', true, false
  from st_verdict e join v using (visit_no) join check_set k on k.sha256 = e.sha256) one`;

/**
 * The presences of this scan and the findings of the visited assets, side by side: `finding_id` null where the finding is
 * not there yet, `visit_no` null where it was not seen. `stirs`: seen, and its state may change.
 */
const SEEN = `
create temp table seen on commit drop as
  select o.*, f.finding_id, f.asset_id as known_on, f.check_id as known_by, o.at is not null and (f.unsettled or o.at < f.first_seen) as stirs,
    o.description_id <> f.description_id and o.at >= f.described_at as redescribes
  from (
    select o.visit_no, v.asset_id, c.check_id, o.transport, o.port, o.locus_key, o.locus, d.description_id, d.severity, o.method,
      coalesce(o.credential, v.credential) as credential, coalesce(v.finished_at, $2::timestamptz) as at
    from st_observation o join v using (visit_no) join m_check c using (check_no) join m_description d using (description_no)
    where o.verdict = ${VERDICTS.indexOf('present')}) o
  full join (select *, state <> 'open' or reason is not null as unsettled from finding
    where organization_id = $1 and asset_id in (select asset_id from v)) f
    on f.asset_id = o.asset_id and f.check_id = o.check_id and f.port = o.port and f.transport = o.transport and f.locus_key = o.locus_key`;

/**
 * What was seen of findings that are not there yet. The first presence of each draws the id, before the insert, so that
 * the sightings need no second look into the big table.
 */
const NEW_FINDINGS = `
create temp table new_finding on commit drop as
  select *, max(drawn) over (partition by asset_id, check_id, port, transport, locus_key) as finding_id
  from (
    select visit_no, method, credential, asset_id, check_id, port, transport, locus_key, locus, description_id, severity, at,
      case when row_number() over one = 1 then nextval('finding_finding_id_seq') end as drawn
    from seen where finding_id is null
    window one as (partition by asset_id, check_id, port, transport, locus_key order by at, description_id)) first`;

/** One presence makes a finding open; whatever else is known of the asset is folded in afterwards. */
const INSERT_FINDINGS = `
insert into finding (organization_id, finding_id, asset_id, check_id, port, transport, locus_key, locus, description_id,
  described_at, severity, first_seen, state, changed_at, problem)
  overriding system value
  select $1::int, n.finding_id, n.asset_id, n.check_id, n.port, n.transport, n.locus_key, n.locus, n.description_id, n.at, n.severity, n.at,
    'open', $2::timestamptz, ${PROBLEM_KEY}
  from new_finding n ${PROBLEM_JOINS} where n.drawn is not null`;

const SIGHTINGS = `
with stored as (
  insert into sighting (organization_id, scan_id, visit_no, asset_id, method, credential, finding_ids)
  select $1::int, $2::bigint, visit_no, v.asset_id, s.method, s.credential, s.finding_ids
  from (
    select visit_no, method, credential, array_agg(finding_id) as finding_ids
    from (
      select visit_no, method, credential, finding_id from seen where finding_id is not null and visit_no is not null
      union all
      select visit_no, method, credential, finding_id from new_finding) one
    group by visit_no, method, credential) s
  join v using (visit_no)
  returning cardinality(finding_ids) as presences)
select coalesce(sum(presences), 0) as presences from stored`;

/** A changed text or grade of the tool is taken over from the latest presence; the state is not touched here. */
const REDESCRIBE = `
update finding f set description_id = s.description_id, severity = s.severity, described_at = s.at, problem = s.problem
  from (select n.*, ${PROBLEM_KEY} as problem
    from (select distinct on (finding_id) finding_id, description_id, severity, at, check_id, locus, transport, port from seen
      where redescribes
      order by finding_id, at desc, description_id) n ${PROBLEM_JOINS}) s
  where f.organization_id = $1 and f.finding_id = s.finding_id`;

/** Findings that are new, and presences of those that were there. */
export interface Resolved {
  readonly created: number;
  readonly seenAgain: number;
}

/** Turns the staged facts into rows, up to and including what was seen. */
export async function resolveStaged(
  tx: Tx,
  { organizationId, scanId, tool, importedAt }: StoredScanKey,
): Promise<Resolved> {
  await tx.query(DICTIONARIES);
  await tx.query(EXPLAINED, [organizationId, scanId]);
  await tx.query(DECLARED_SETS, [tool]);
  await tx.query(STORE_SETS);
  await meetRegistered(tx, organizationId);
  await tx.query(VISITS, [organizationId]);
  await tx.query(PLACED, [organizationId]);
  await tx.query(FOLLOW_LINKS, [organizationId]);
  await tx.query('analyze v');
  await tx.query(STORE_VISITS, [organizationId, scanId]);
  await tx.query(VERDICT_SETS);
  await tx.query(HASH_VERDICTS);
  await tx.query(STORE_SETS.replace('st_full_set', 'st_verdict'));
  await tx.query(STORE_COVERAGE, [organizationId, scanId]);
  await tx.query(SEEN, [organizationId, importedAt]);
  await tx.query('drop table st_observation');
  await tx.query('analyze seen');
  const unknown = await tx.query(NEW_FINDINGS);
  await tx.query('analyze new_finding');
  const inserted = await tx.query(INSERT_FINDINGS, [organizationId, importedAt]);
  const stored = await tx.query<{ presences: string }>(SIGHTINGS, [organizationId, scanId]);
  await tx.query(REDESCRIBE, [organizationId]);
  const seenAgain = Number(stored.rows[0]?.presences) - (unknown.rowCount ?? 0);
  return { created: inserted.rowCount ?? 0, seenAgain };
}

/**
 * The findings whose state or reason this scan can change, into `touched`: new ones on assets that other scans visited;
 * seen ones that are not simply open; and those of the same tool on the visited assets that were not seen.
 */
const TOUCHED = `
create temp table touched on commit drop as
  select n.finding_id from new_finding n where n.drawn is not null and n.asset_id in (select asset_id from visited_before)
  union all
  select distinct s.finding_id from seen s where s.stirs
  union all
  select s.finding_id from seen s join check_definition d on d.check_id = s.known_by
    where s.visit_no is null and s.known_on in (select asset_id from visited_before)
      and (d.prefix = $1 or starts_with(d.prefix, $1 || '-'))`;

/** Assets of this scan that another scan visited too. */
const VISITED_BEFORE = `
create temp table visited_before on commit drop as
  select distinct v.asset_id from v
  where exists (select from visit o where o.organization_id = $1 and o.asset_id = v.asset_id and o.scan_id <> $2)`;

export async function collectTouched(tx: Tx, { organizationId, scanId, tool }: StoredScanKey): Promise<void> {
  await tx.query(VISITED_BEFORE, [organizationId, scanId]);
  await tx.query('analyze visited_before');
  await tx.query(TOUCHED, [tool]);
  if (await isCrossTool(tx, organizationId)) await tx.query(TOUCHED_BY_STAND_IN, [organizationId, tool]);
  await tx.query('analyze touched');
}
