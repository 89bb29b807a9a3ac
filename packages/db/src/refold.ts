import {
  answeredMethods,
  METHODS,
  MISSING_PART,
  REASONS,
  type Reason,
  STEPS,
  type Step,
} from '@backcheck/core';
import type { Tx } from './pool.ts';
import { isCrossTool, STAND_IN_CLAIMS, standInAnswers } from './stand-ins.ts';

const step = (name: Step): number => STEPS.indexOf(name);
const reason = (name: Reason): number => REASONS.indexOf(name);

/** A step and its reason in one number, because a CASE yields one value: step * 100 + reason. */
const NO_REASON = 99;
const verdict = (name: Step, why: Reason): string => `${step(name) * 100 + reason(why)}`;
const COVERS = `${step('covers') * 100 + NO_REASON}`;

/** core/cover/answer.ts `judgeClaim`, clause by clause and in its order. */
const JUDGE = `case
  when c.truncated then ${verdict('answered', 'INCOMPLETE')}
  when c.evidence = 0 then ${step('answered') * 100} + coalesce(c.reason, ${reason('CHECK_NOT_RUN')})
  when not c.complete and not c.explicit then ${verdict('answered', 'INCOMPLETE')}
  when (m.methods & ~($1::int[])[c.method + 1]) <> 0 or c.credential < m.credential then ${verdict('deep', 'WEAKER_METHOD')}
  when c.feed_key < m.feed_key or c.version_key < m.version_key then ${verdict('recent', 'OLDER_FEED')}
  when c.strong <> '{}' and exists (select from unnest(m.strong) one where one <> all (c.strong)
    and exists (select from unnest(c.strong) own where split_part(own, ':', 1) = split_part(one, ':', 1)))
    then ${verdict('identified', 'IDENTITY_CONFLICT')}
  when c.vantage <> all (m.vantages) then ${verdict('placed', 'OTHER_VANTAGE')}
  when c.started_at is null then ${verdict('timed', 'NO_TIME')}
  when c.started_at <= m.last then ${verdict('fresh', 'STALE')}
  when c.self_submitted then ${verdict('independent', 'SELF_SUBMITTED')}
  when c.evidence = 1 then ${step('stated') * 100} + coalesce((select min(coalesce(($2::jsonb ->> one)::int, ${reason('CHECK_NOT_RUN')}))
    from unnest(c.assumptions) one), ${reason('CHECK_NOT_RUN')})
  when (m.feed_key is not null and c.feed_key is null) or (m.version_key is not null and c.version_key is null)
    then ${verdict('stated', 'OLDER_FEED')}
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

/** Everything that ever saw the touched findings, and what it takes to close them (core/cover/need.ts). */
const NEED = `
create temp table pos on commit drop as
  select u.finding_id, s.scan_id, s.visit_no, s.method, s.credential, coalesce(v.finished_at, sc.imported_at) as at,
    sc.feed_key, sc.version_key, sc.vantage, v.strong
  from sighting s cross join lateral unnest(s.finding_ids) as u(finding_id)
  join touched t on t.finding_id = u.finding_id
  join visit v on v.organization_id = s.organization_id and v.scan_id = s.scan_id and v.visit_no = s.visit_no
  join scan sc on sc.organization_id = s.organization_id and sc.scan_id = s.scan_id
  where s.organization_id = $1 and s.asset_id in (select f.asset_id from finding f join touched using (finding_id) where f.organization_id = $1)
    and sc.quarantined_at is null;
create index on pos (finding_id);
analyze pos;
create temp table need on commit drop as
  select p.finding_id, p.first, p.last, p.methods, p.credential, p.feed_key, p.version_key, p.vantages,
    coalesce(s.strong, '{}') as strong, f.asset_id, f.transport, f.port, f.check_id, f.locus, d.prefix, d.number
  from (
    select finding_id, min(at) as first, max(at) as last, bit_or(1 << method) as methods, max(credential) as credential,
      max(feed_key) as feed_key, max(version_key) as version_key, array_agg(distinct vantage) as vantages
    from pos group by finding_id) p
  left join (select finding_id, array_agg(distinct one) as strong from pos cross join lateral unnest(strong) one group by finding_id) s
    using (finding_id)
  join finding f on f.organization_id = $1 and f.finding_id = p.finding_id
  join check_definition d using (check_id);
create index on need (finding_id);
analyze need;
`;

/**
 * The scans that visited the asset without seeing the finding, and what they claim of its port. Temporary
 * tables with statistics, not parts of one statement: as parts they were joined by nested loops, 7.5 s
 * instead of 0.1 s for 10,000 findings.
 */
const SILENT = `
create temp table silent on commit drop as
  select n.finding_id, v.scan_id, v.visit_no, v.reached, v.reason as gap, v.started_at, v.strong, sc.sha256, sc.vantage, sc.feed_key,
    sc.version_key, sc.complete, sc.truncated, sc.imported_at,
    sc.submitted_by = 'organization' or coalesce(sc.declared_by, '') = 'organization' as self_submitted
  from need n
  join visit v on v.organization_id = $1 and v.asset_id = n.asset_id
  join scan sc on sc.organization_id = v.organization_id and sc.scan_id = v.scan_id and sc.quarantined_at is null
    and (n.prefix = sc.tool or starts_with(n.prefix, sc.tool || '-'))
  where not exists (select from pos p where p.finding_id = n.finding_id and p.scan_id = v.scan_id);
analyze silent;
create temp table claim on commit drop as
  select s.*, c.coverage_no, c.method, c.credential, c.evidence, c.reason, c.assumptions, c.explicit,
    case k.kind when 'ids' then n.check_id = any (k.members)
      when 'all' then n.prefix = k.tool or starts_with(n.prefix, k.tool || '-')
      else n.prefix = k.tool and n.number is not null and k.numbers @> n.number end
    and (c.within is null or n.locus = any (c.within)
      or exists (select from unnest(c.within) place where starts_with(n.locus, place || '#'))) as names_check
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
    c.evidence, c.evidence = 0 as veto, j.code / 100 as step, nullif(j.code % 100, ${NO_REASON}) as reason
  from claim c join need n using (finding_id), lateral (${NEED_AT}) m, lateral (select ${JUDGE} as code offset 0) j
  where c.names_check and (c.reached or c.evidence = 0)
  union all
  select s.finding_id, s.scan_id, s.visit_no, null, s.sha256, s.vantage, s.imported_at, s.started_at, null, false,
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

/** core/reconcile/fold.ts `foldFinding`. A touched finding without a row here has no presence left. */
const FOLDED = `
create temp table folded on commit drop as
with after as (
  select distinct on (a.finding_id, a.vantage) a.* from answer a join need n using (finding_id)
  where a.covers and a.at > n.last
  order by a.finding_id, a.vantage, a.at, a.evidence desc, a.sha256),
closing as (
  select finding_id, count(*) as places,
    jsonb_agg(jsonb_build_object('scanId', scan_id::text, 'visitNo', visit_no, 'coverageNo', coverage_no, 'standIn', stand_in)
      order by at, evidence desc, sha256) as witnesses,
    (array_agg(scan_id order by at desc, evidence, sha256 desc))[1] as scan_id,
    (array_agg(evidence order by at desc, evidence, sha256 desc))[1] as evidence,
    max(at) as at
  from after group by finding_id),
summary as (
  select a.finding_id, bool_or(a.covers and a.at < n.last) as returned,
    bool_or(a.step in (${step('independent')}, ${step('stated')}) and a.at > n.last) as likely
  from answer a join need n using (finding_id) group by a.finding_id),
why as (
  select distinct on (a.finding_id) a.finding_id, a.scan_id, case when a.covers then ${reason('OTHER_VANTAGE')} else a.reason end as reason
  from answer a join need n using (finding_id)
  where case when a.covers then a.at > n.last else a.step = ${step('fresh')} or a.sort_at >= n.first end
  order by a.finding_id, a.sort_at desc, a.sha256 desc)
select n.finding_id, n.first, n.last, n.methods, n.credential, n.feed_key, n.version_key, n.vantages, n.strong,
  case when c.places = cardinality(n.vantages) then 'verified-fixed' when s.returned then 'regressed'
    when s.likely then 'fixed-unverified' else 'open' end as state,
  case when c.places = cardinality(n.vantages) then null else w.reason end as reason,
  case when c.places = cardinality(n.vantages) then null else w.scan_id end as reason_scan_id,
  c.witnesses, c.scan_id, c.evidence, c.at
from need n
left join closing c using (finding_id) left join summary s using (finding_id) left join why w using (finding_id)`;

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
  const crossTool = await isCrossTool(tx, organizationId);
  for (const script of [NEED, SILENT, ...(crossTool ? [STAND_IN_CLAIMS] : [])])
    await tx.query(script.replaceAll('$1', `${Math.trunc(organizationId)}`));
  const judging = [masks, JSON.stringify(missing)];
  await tx.query(ANSWERS, judging);
  if (crossTool) await tx.query(STAND_IN_ANSWERS, judging);
  await tx.query('analyze answer');
  await tx.query(FOLDED);
  await tx.query('create index on folded (finding_id)');
  await tx.query('analyze folded');
}
