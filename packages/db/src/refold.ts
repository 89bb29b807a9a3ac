import {
  answeredMethods,
  METHODS,
  MISSING_PART,
  REASONS,
  type Reason,
  registered,
  STEPS,
  type Step,
} from '@backcheck/core';
import type { Tx } from './pool.ts';
import { dhcpRangesOf } from './register-rows.ts';
import { isCrossTool, standInAnswers, standInClaims } from './stand-ins.ts';
import { findSampled } from './unsteady.ts';

const step = (name: Step): number => STEPS.indexOf(name);
const reason = (name: Reason): number => REASONS.indexOf(name);

/** A step and its reason in one number, because a CASE yields one value: step * 100 + reason. */
const NO_REASON = 99;
const verdict = (name: Step, why: Reason): string => `${step(name) * 100 + reason(why)}`;
const COVERS = `${step('covers') * 100 + NO_REASON}`;

/** What a machine has one set of (core/observe/identity.ts `slotOf`). */
export const slot = (identifier: string): string =>
  `split_part(${identifier}, ':', 1) || case when starts_with(${identifier}, 'hostkey:') then ':' || split_part(${identifier}, ':', 2) else '' end`;

/** core/cover/answer.ts `judgeClaim`, clause by clause and in its order. */
const JUDGE = `case
  when c.truncated then ${verdict('answered', 'INCOMPLETE')}
  when c.evidence = 0 then ${step('answered') * 100} + coalesce(c.reason, ${reason('CHECK_NOT_RUN')})
  when not c.complete and not c.explicit then ${verdict('answered', 'INCOMPLETE')}
  when (m.methods & ~($1::int[])[c.method + 1]) <> 0 or c.credential < m.credential then ${verdict('deep', 'WEAKER_METHOD')}
  when c.feed_key < m.feed_key or c.version_key < m.version_key then ${verdict('recent', 'OLDER_FEED')}
  when c.strong <> '{}' and exists (select from unnest(m.strong) one where one <> all (c.strong)
    and exists (select from unnest(c.strong) own where ${slot('own')} = ${slot('one')}))
    then ${verdict('identified', 'IDENTITY_CONFLICT')}
  when c.vantage <> all (m.vantages) then ${verdict('placed', 'OTHER_VANTAGE')}
  when c.started_at is null then ${verdict('timed', 'NO_TIME')}
  when c.started_at <= m.last then ${verdict('fresh', 'STALE')}
  when c.self_submitted then ${verdict('independent', 'SELF_SUBMITTED')}
  when c.evidence = 1 then ${step('stated') * 100} + coalesce((select min(coalesce(($2::jsonb ->> one)::int, ${reason('CHECK_NOT_RUN')}))
    from unnest(c.assumptions) one), ${reason('CHECK_NOT_RUN')})
  when (m.feed_key is not null and c.feed_key is null) or (m.version_key is not null and c.version_key is null)
    then ${verdict('stated', 'OLDER_FEED')}
  when c.leased and not c.strong && m.strong then ${verdict('stated', 'IDENTITY_CONFLICT')}
  else ${COVERS}
end`;

/** core/cover/need.ts `needAtOf`: what an absence between two presences had to bring is what came before it. */
const NEED_AT = `
  select n.methods, n.credential, n.feed_key, n.version_key, n.vantages, n.strong, n.last
    where c.started_at is null or c.started_at <= n.first or c.started_at > n.last
  union all
  select bit_or(1 << p.method), max(p.credential), max(p.feed_key), max(p.version_key), array_agg(distinct p.vantage),
    coalesce((select array_agg(distinct one) from pos q cross join lateral unnest(q.strong) one
      where q.finding_id = c.finding_id and q.at < c.started_at), '{}'), max(p.at)
    from pos p where p.finding_id = c.finding_id and p.at < c.started_at and c.started_at > n.first and c.started_at <= n.last
    having count(*) > 0`;

/**
 * Everything that ever saw the touched findings, and what it takes to close them (core/cover/need.ts). The findings of one
 * asset that were seen by the same visits have one past: what follows from it is computed once for all of them. `missed`:
 * another scan was there too; without one nothing can close them, and they need nothing. The views go with the tables.
 */
const NEED = `
create temp table presence on commit drop as
  select row_number() over ()::int as presence_no, s.asset_id, s.scan_id, s.visit_no, s.method, s.credential,
    coalesce(v.finished_at, sc.imported_at) as at, sc.feed_key, sc.version_key, sc.vantage, v.strong, s.finding_ids
  from sighting s
  join visit v on v.organization_id = s.organization_id and v.scan_id = s.scan_id and v.visit_no = s.visit_no
  join scan sc on sc.organization_id = s.organization_id and sc.scan_id = s.scan_id
  where s.organization_id = $1 and s.asset_id in (select f.asset_id from finding f join touched using (finding_id) where f.organization_id = $1)
    and sc.quarantined_at is null;
create index on presence (presence_no);
analyze presence;
create temp table seen_in on commit drop as
  select finding_id, array_agg(presence_no) as presences
  from presence cross join lateral unnest(finding_ids) as one(finding_id) join touched using (finding_id) group by finding_id;
analyze seen_in;
create temp table past on commit drop as
  select row_number() over ()::int as past_no, h.*,
    case when named then (select array_agg(distinct one) from presence p cross join lateral unnest(p.strong) one
      where p.presence_no = any (h.presences)) else '{}' end as strong,
    exists (select from visit v join scan sc using (organization_id, scan_id)
      where v.organization_id = $1 and v.asset_id = h.visited and v.scan_id <> all (h.scans) and sc.quarantined_at is null) as missed
  from (
    select presences, min(asset_id) as visited, min(at) as first, max(at) as last, bit_or(1 << method) as methods, max(credential) as credential,
      max(feed_key) as feed_key, max(version_key) as version_key, array_agg(distinct vantage) as vantages, array_agg(distinct scan_id) as scans,
      bool_or(strong <> '{}') as named
    from (select distinct presences from seen_in) one cross join lateral unnest(presences) as no(presence_no) join presence using (presence_no)
    group by presences) h;
create index on past (past_no);
analyze past;
create temp table needed on commit drop as
  select finding_id, past_no, f.asset_id, f.transport, f.port, f.check_id, f.locus, d.prefix, d.number
  from seen_in join past using (presences) join finding f using (finding_id) join check_definition d using (check_id)
  where past.missed and f.organization_id = $1;
create index on needed (finding_id);
analyze needed;
create temp view need as select * from needed join past using (past_no);
create temp view pos as
  select n.finding_id, p.scan_id, p.visit_no, p.method, p.credential, p.at, p.feed_key, p.version_key, p.vantage, p.strong
  from needed n join past h using (past_no) cross join lateral unnest(h.presences) as no(presence_no)
  join presence p using (presence_no);
`;

/**
 * The scans that visited the asset without seeing the finding, and what they claim of its port. Temporary
 * tables with statistics, not parts of one statement: as parts they were joined by nested loops, 7.5 s
 * instead of 0.1 s for 10,000 findings.
 */
const silent = (leased: string): string => `
create temp table silent on commit drop as
  select n.finding_id, v.scan_id, v.visit_no, v.reached, v.reason as gap, v.started_at, v.strong, sc.sha256, sc.vantage, sc.feed_key,
    sc.version_key, sc.complete, sc.truncated, sc.imported_at, n.first, n.last,
    sc.submitted_by = 'organization' or coalesce(sc.declared_by, '') = 'organization' as self_submitted,
    ${leased} as leased
  from need n
  join visit v on v.organization_id = $1 and v.asset_id = n.asset_id
  join scan sc on sc.organization_id = v.organization_id and sc.scan_id = v.scan_id and sc.quarantined_at is null
    and (n.prefix = sc.tool or starts_with(n.prefix, sc.tool || '-'))
  where v.scan_id <> all (n.scans);
analyze silent;
create temp table claim on commit drop as
  select s.*, c.coverage_no, c.method, c.credential, c.evidence, c.reason, c.assumptions, c.explicit,
    case k.kind when 'ids' then n.check_id = any (k.members)
      when 'all' then n.prefix = k.tool or starts_with(n.prefix, k.tool || '-')
      else n.prefix = k.tool and n.number is not null and k.numbers @> n.number end
    and (c.within is null or n.locus = any (c.within)
      or (not c.explicit or c.evidence = 0) and exists (select from unnest(c.within) place where starts_with(n.locus, place || '#'))) as names_check
  from silent s join need n using (finding_id)
  join coverage c on c.organization_id = $1 and c.asset_id = n.asset_id and c.scan_id = s.scan_id and c.visit_no = s.visit_no
    and c.transport = n.transport and c.ports @> n.port
  join check_set k using (check_set_id);
analyze claim;
`;

/**
 * One answer for each finding and scan: core's `answerOf`. A veto (E0) outranks everything else in its scan;
 * then the further step wins; then stronger evidence, then the earlier time, then the reason that stands first.
 */
const ANSWERS = `
create temp table answer on commit drop as
with judged as (
  select c.finding_id, c.scan_id, c.visit_no, c.coverage_no, c.sha256, c.vantage, c.imported_at, c.started_at as at,
    c.first, c.last, c.evidence, c.evidence = 0 as veto, j.code / 100 as step, nullif(j.code % 100, ${NO_REASON}) as reason
  from claim c join need n using (finding_id), lateral (${NEED_AT}) m, lateral (select ${JUDGE} as code offset 0) j
  where c.names_check and (c.reached or c.evidence = 0)
  union all
  select s.finding_id, s.scan_id, s.visit_no, null, s.sha256, s.vantage, s.imported_at, s.started_at, s.first, s.last, null, false,
    case when not s.reached then ${step('reached')} when p.named is null then ${step('examined')} else ${step('checked')} end,
    case when not s.reached then coalesce(s.gap, ${reason('NO_HOST')})
      when s.truncated or not s.complete then ${reason('INCOMPLETE')}
      else coalesce(s.gap, case when p.named is null then ${reason('PORT_OUTSIDE')} else ${reason('CHECK_NOT_RUN')} end) end
  from silent s left join (select finding_id, scan_id, visit_no, bool_or(names_check) as named from claim group by 1, 2, 3) p
    using (finding_id, scan_id, visit_no)
  where not s.reached or p.named is not true)
select distinct on (finding_id, scan_id) *, step = ${step('covers')} as covers, coalesce(at, imported_at) as sort_at,
  null::jsonb as stand_in
from judged
order by finding_id, scan_id, veto desc, step desc, case when step = ${step('covers')} then evidence end desc nulls last,
  case when step = ${step('covers')} then at end, reason, at nulls last, visit_no, coverage_no`;

const STAND_IN_ANSWERS = standInAnswers({
  needAt: NEED_AT,
  judge: JUDGE,
  covers: { code: COVERS, step: step('covers') },
});

/** Where one absence is enough everywhere: the first of each place. */
const FIRST_ABSENCES = `
  select distinct on (a.finding_id, a.vantage) a.* from answer a
  where a.covers and a.at > a.last
  order by a.finding_id, a.vantage, a.at, a.evidence desc, a.sha256`;

/** core/reconcile/samples.ts `enoughAbsences`. */
const ENOUGH_ABSENCES = `
  select * from (
    select r.*, min(nth) filter (where nth >= samples and at >= first_at + hours * interval '1 hour')
      over (partition by finding_id, vantage) as last_nth
    from (
      select a.*, s.samples, s.hours, row_number() over place as nth, first_value(a.at) over place as first_at
      from answer a left join sampled s using (finding_id)
      where a.covers and a.at > a.last
      window place as (partition by a.finding_id, a.vantage order by a.at, a.evidence desc, a.sha256)) r) t
  where case when samples is null then nth = 1 else nth < samples and last_nth is not null or nth = last_nth end`;

/** At how many places an absence after the last presence covers. */
const SHOWN = 'count(distinct a.vantage) filter (where a.covers and a.at > a.last)';

/** core/reconcile/fold.ts `foldFinding`. A touched finding without a row here has no presence left. */
const folded = (after: string, shown: string, sampled: string): string => `
create temp table folded on commit drop as
with after as (${after}),
closing as (
  select finding_id, count(distinct vantage) as places,
    jsonb_agg(jsonb_build_object('scanId', scan_id::text, 'visitNo', visit_no, 'coverageNo', coverage_no, 'standIn', stand_in)
      order by at, evidence desc, sha256) as witnesses,
    array_agg(scan_id order by at, evidence desc, sha256) as witness_scans,
    (array_agg(scan_id order by at desc, evidence, sha256 desc))[1] as scan_id,
    (array_agg(evidence order by at desc, evidence, sha256 desc))[1] as evidence,
    max(at) as at
  from after group by finding_id),
summary as (
  select a.finding_id, bool_or(a.covers and a.at < a.last) as returned,
    bool_or(a.step in (${step('independent')}, ${step('stated')}) and a.at > a.last) as likely,
    ${shown} as shown
  from answer a group by a.finding_id),
why as (
  select distinct on (a.finding_id) a.finding_id, a.scan_id, a.covers, a.reason
  from answer a
  where case when a.covers then a.at > a.last else a.step = ${step('fresh')} or a.sort_at >= a.first end
  order by a.finding_id, a.sort_at desc, a.sha256 desc)
select n.finding_id, n.first, d.samples, d.unsteady,
  case when c.places = cardinality(n.vantages) then 'verified-fixed' when s.returned then 'regressed'
    when s.likely or s.shown = cardinality(n.vantages) then 'fixed-unverified' else 'open' end as state,
  case when c.places = cardinality(n.vantages) then null
    when not w.covers then w.reason
    when s.shown = cardinality(n.vantages) then case when d.unsteady is null then ${reason('IDENTITY_CONFLICT')} else ${reason('UNSTEADY')} end
    when w.covers then ${reason('OTHER_VANTAGE')} end as reason,
  case when c.places = cardinality(n.vantages) then null else w.scan_id end as reason_scan_id,
  c.witnesses, c.witness_scans, c.scan_id, c.evidence, c.at
from need n
left join closing c using (finding_id) left join summary s using (finding_id) left join why w using (finding_id)
left join ${sampled} d using (finding_id)
union all
select finding_id, first, null, null, 'open', null, null, null, null, null, null, null from seen_in join past using (presences) where not missed`;

const NONE_SAMPLED = '(select null::bigint as finding_id, null::int as samples, null::text[] as unsteady)';

/** Says of a visit `v` whether its address is leased (core/cover/claim.ts `visitOf`). */
async function leasedVisits(tx: Tx, organizationId: number): Promise<string> {
  const dhcpRanges = await dhcpRangesOf(tx, organizationId);
  if (dhcpRanges.length === 0) return 'false';
  const { isLeased } = registered({ dhcpRanges });
  const { rows } = await tx.query<{ asset_id: string; identity: string }>(
    `select asset_id, identity from asset where organization_id = $1 and starts_with(identity, 'ip:') and asset_id in (
       select asset_id from need union all select v.named_asset_id from visit v
       where v.organization_id = $1 and v.asset_id in (select asset_id from need) and v.named_asset_id is not null)`,
    [organizationId],
  );
  const leased = rows.filter((row) => isLeased(row.identity)).map((row) => row.asset_id);
  await tx.query(
    'create temp table leased on commit drop as select one as asset_id from unnest($1::bigint[]) one',
    [leased],
  );
  return '(exists (select from leased l where l.asset_id in (v.asset_id, v.named_asset_id)))';
}

/**
 * Folds the findings in `touched` anew from all that is stored, into `folded`; writes nothing else.
 * The one statement serves import, quarantine and the full refold, so that they cannot disagree; it says
 * in SQL what core/reconcile says for one finding (differential test: refold.test.ts).
 */
export async function refoldTouched(tx: Tx, organizationId: number): Promise<void> {
  const masks = METHODS.map(answeredMethods);
  const missing = Object.fromEntries(
    Object.entries(MISSING_PART).map(([name, code]) => [name, reason(code)]),
  );
  // These are several statements each, which take no parameters: the id is a number of our own making.
  const own = (script: string): string => script.replaceAll('$1', `${Math.trunc(organizationId)}`);
  const crossTool = await isCrossTool(tx, organizationId);
  await tx.query(own(NEED));
  const leased = await leasedVisits(tx, organizationId);
  await tx.query(own(silent(leased)));
  if (crossTool) await tx.query(own(standInClaims(leased)));
  const judging = [masks, JSON.stringify(missing)];
  await tx.query(ANSWERS, judging);
  if (crossTool) await tx.query(STAND_IN_ANSWERS, judging);
  await tx.query('analyze answer');
  const sampled = await findSampled(tx, organizationId, { judge: JUDGE, covers: COVERS, values: judging });
  await tx.query(
    sampled ? folded(ENOUGH_ABSENCES, SHOWN, 'sampled') : folded(FIRST_ABSENCES, '0', NONE_SAMPLED),
  );
  await tx.query('analyze folded');
}

/** Puts the findings of these assets into `touched` and folds them anew. */
export async function refoldAssets(tx: Tx, organizationId: number, assets: readonly string[]): Promise<void> {
  await tx.query('create temp table touched (finding_id bigint) on commit drop');
  await tx.query(
    'insert into touched select finding_id from finding where organization_id = $1 and asset_id = any ($2::bigint[])',
    [organizationId, assets],
  );
  await tx.query('analyze touched');
  await refoldTouched(tx, organizationId);
}
