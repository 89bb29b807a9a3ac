import type { Tx } from './pool.ts';

/** Whether the organization lets one tool's proof close another's finding. */
export async function isCrossTool(tx: Tx, organizationId: number): Promise<boolean> {
  const { rows } = await tx.query<{ cross_tool: boolean }>(
    'select cross_tool from organization where organization_id = $1',
    [organizationId],
  );
  return rows[0]?.cross_tool === true;
}

/** Findings of other tools that this scan may close by standing in; those of its own tool are in `touched` already. */
export const TOUCHED_BY_STAND_IN = `
insert into touched
  select f.finding_id from finding f join check_definition d using (check_id)
  join equivalence_member o on o.check_name = d.name and o.locus = f.locus and o.closes
  where f.organization_id = $1 and f.asset_id in (select asset_id from visited_before)
    and exists (select from equivalence_member b where b.equivalence = o.equivalence and b.closes and b.rank >= o.rank
      and (split_part(b.check_name, ':', 1) = $2 or starts_with(b.check_name, $2 || '-')))
    and not exists (select from touched t where t.finding_id = f.finding_id)`;

/**
 * Core's `standInAnswer` in bulk: for the findings in `need`, the claims of scans of other tools about the checks
 * that may stand in. A scan that saw the weakness by any check of it is left out; `problem` is equal exactly for
 * the findings of one equivalence at one service of an asset. `leased` is that of the answers of the own tool.
 */
export const standInClaims = (leased: string): string => `
create temp table stand_in on commit drop as
  select d.check_id, o.locus, b.check_name as by_check, b.locus as by_locus, b.equivalence, k.check_id as by_check_id,
    split_part(b.check_name, ':', 1) as by_prefix, substring(b.check_name from '^[^:]*:(\\d{1,9})$')::int as by_number
  from equivalence_member o join check_definition d on d.name = o.check_name
  join equivalence_member b on b.equivalence = o.equivalence and b.closes and b.rank >= o.rank
    and (b.check_name, b.locus) <> (o.check_name, o.locus)
  left join check_definition k on k.name = b.check_name
  where o.closes;
analyze stand_in;
create temp table weakness_seen on commit drop as
  select distinct n.finding_id, g.scan_id
  from need n join finding f on f.organization_id = $1 and f.finding_id = n.finding_id
  join finding t on t.organization_id = f.organization_id and t.asset_id = f.asset_id and t.problem = f.problem
  join sighting g on g.organization_id = t.organization_id and g.asset_id = t.asset_id and t.finding_id = any (g.finding_ids)
  where (n.check_id, n.locus) in (select check_id, locus from stand_in);
analyze weakness_seen;
create temp table stand_in_claim on commit drop as
  select n.finding_id, v.scan_id, v.visit_no, v.reached, v.started_at, v.strong, sc.sha256, sc.vantage, sc.imported_at,
    sc.complete, sc.truncated, sc.submitted_by = 'organization' or coalesce(sc.declared_by, '') = 'organization' as self_submitted,
    ${leased} as leased,
    null::text as feed_key, null::text as version_key,
    s.by_check, s.by_locus, jsonb_build_object('check', s.by_check, 'locus', s.by_locus, 'equivalence', s.equivalence,
      'number', s.by_number) as stand_in,
    c.coverage_no, c.method, c.credential, c.evidence, c.reason, c.assumptions, c.explicit
  from need n
  join stand_in s on s.check_id = n.check_id and s.locus = n.locus
  join visit v on v.organization_id = $1 and v.asset_id = n.asset_id
  join scan sc on sc.organization_id = v.organization_id and sc.scan_id = v.scan_id and sc.quarantined_at is null
    and (s.by_prefix = sc.tool or starts_with(s.by_prefix, sc.tool || '-'))
    and not (n.prefix = sc.tool or starts_with(n.prefix, sc.tool || '-'))
  join coverage c on c.organization_id = $1 and c.asset_id = n.asset_id and c.scan_id = v.scan_id and c.visit_no = v.visit_no
    and c.transport = n.transport and c.ports @> n.port
  join check_set k using (check_set_id)
  where case k.kind when 'ids' then s.by_check_id = any (k.members)
      when 'all' then s.by_prefix = k.tool or starts_with(s.by_prefix, k.tool || '-')
      else s.by_prefix = k.tool and s.by_number is not null and k.numbers @> s.by_number end
    and (c.within is null or s.by_locus = any (c.within)
      or (not c.explicit or c.evidence = 0) and exists (select from unnest(c.within) place where starts_with(s.by_locus, place || '#')))
    and not exists (select from weakness_seen w where w.finding_id = n.finding_id and w.scan_id = v.scan_id);
analyze stand_in_claim;
`;

/** The parts of refold.ts that this statement shares with the answers of the finding's own tool. */
export interface JudgeParts {
  readonly needAt: string;
  readonly judge: string;
  /** The code that `judge` gives to a covering claim, and its step. */
  readonly covers: { readonly code: string; readonly step: number };
}

/** Only what covers becomes an answer: that another tool failed explains nothing. */
export const standInAnswers = ({ needAt, judge, covers }: JudgeParts): string => `
insert into answer (finding_id, scan_id, visit_no, coverage_no, sha256, vantage, imported_at, at, first, last, evidence, veto, step, reason,
  covers, sort_at, stand_in)
select distinct on (finding_id, scan_id) finding_id, scan_id, visit_no, coverage_no, sha256, vantage, imported_at, started_at, first, last, evidence,
  false, ${covers.step}, null::int, true, started_at, stand_in
from (
  select c.*, n.first, n.last, j.code, bool_or(c.evidence = 0) over (partition by c.finding_id, c.scan_id, c.by_check, c.by_locus) as vetoed
  from stand_in_claim c join need n using (finding_id),
    lateral (select methods, credential, null::text as feed_key, null::text as version_key, vantages, strong, last from (${needAt}) x) m,
    lateral (select ${judge} as code offset 0) j) one
where code = ${covers.code} and reached and not vetoed
order by finding_id, scan_id, evidence desc, started_at, by_check collate "C", by_locus collate "C", visit_no, coverage_no`;
