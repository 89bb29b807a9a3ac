import {
  type Instant,
  OBJECTION_GROUNDS,
  type Policy,
  REPLY_KINDS,
  type ReplyStanding,
  type Severity,
  USUAL_EXTENSION,
} from '@backcheck/core';
import { severityCode } from './codes.ts';
import type { Db } from './pool.ts';
import { PROBLEM_JOINS } from './problem-key.ts';

/** A finding that somebody answers, with everything that core's limits ask for. */
export interface FindingToAnswer extends ReplyStanding {
  readonly findingId: string;
  readonly organizationId: number;
  readonly assetId: string;
  /** Proven gone once, and seen again. */
  readonly returned: boolean;
  /** By which ids it was asked for: its own, and those of findings that it absorbed. */
  readonly askedIds: readonly string[];
  /** IANA name, of the policy; dates are said in it. */
  readonly timeZone: string;
}

/**
 * Whether veto `c` holds for finding `f`: for its check or one of its CVEs; for a check that an equivalence calls the
 * same weakness; for a check that found the same problem at the same asset. Another tool's name is no way around it.
 */
const VETOES = `(c.check_name = k.name
  or exists (select from finding n ${PROBLEM_JOINS} where n.organization_id = f.organization_id and n.finding_id = f.finding_id
    and (c.check_name = any (pd.cve) or exists (select from equivalence_member m where m.check_name = c.check_name
      and m.equivalence = coalesce(pe.equivalence, pb.equivalence, pa.equivalence))))
  or exists (select from finding s join check_definition o on o.check_id = s.check_id
    where s.organization_id = f.organization_id and s.asset_id = f.asset_id and s.problem = f.problem and o.name = c.check_name))`;

/**
 * `term` is of the latest determination in this cycle that no extension had moved: an extension is at most as long as
 * what was given first without any pause, and never as long as what an extension made of it.
 */
const TO_ANSWER = `
with named as (
  select one, coalesce((select into_finding_id from absorbed_finding where finding_id = one limit 1), one) as finding_id
  from unnest($1::bigint[]) one),
asked as (
  select f.finding_id, f.organization_id, f.asset_id, f.severity, f.state, f.check_id, f.problem from finding f
  where f.finding_id in (select finding_id from named)),
standing as (
  select s.* from (select organization_id, array_agg(finding_id) as ids from asked group by organization_id) g
  cross join lateral reply_standing(g.organization_id, g.ids) s)
select f.finding_id as "findingId", f.organization_id as "organizationId", f.asset_id as "assetId", f.severity,
  f.state = 'verified-fixed' as closed, f.state = 'regressed' as returned, u.due_at as "dueAt", u.paused is not null as paused, n.term, p.content -> 'extension' as extension,
  coalesce(p.content ->> 'timeZone', 'UTC') as "timeZone", s.pending, s.grounds, s.extensions, s.interim, v.reason as vetoed,
  array(select distinct one::text from named where named.finding_id = f.finding_id) as "askedIds"
from asked f
join check_definition k on k.check_id = f.check_id
left join standing s on s.finding_id = f.finding_id
left join finding_due u on u.organization_id = f.organization_id and u.finding_id = f.finding_id
left join finding_determination d on d.organization_id = u.organization_id and d.finding_id = u.finding_id
  and d.determination_no = u.determination_no
left join deadline_policy p on p.deadline_policy_id = d.deadline_policy_id
left join lateral (
  select extract(epoch from (w.determination ->> 'dueAt')::timestamptz - (w.determination ->> 'clockStart')::timestamptz)::float8 * 1000
      - coalesce((w.determination ->> 'pausedSeconds')::float8, 0) * 1000 as term
  from finding_determination w
  where w.organization_id = d.organization_id and w.finding_id = d.finding_id and w.cycle_start = d.cycle_start
    and w.determination ->> 'extendedTo' is null and w.determination ->> 'dueAt' is not null
  order by w.determination_no desc limit 1) n on true
left join lateral (
  select case when c.check_name = k.name then c.reason else c.reason || ' (' || c.check_name || ')' end as reason from vetoed_check c
  where c.removed_at is null and (c.organization_id is null
    or c.organization_id in (select ancestor_id from organization_ancestor a where a.organization_id = f.organization_id))
    and ${VETOES}
  order by c.check_name = k.name desc, c.vetoed_check_id limit 1) v on true
order by f.finding_id`;

interface Row
  extends Omit<FindingToAnswer, 'severity' | 'dueAt' | 'extension' | 'pending' | 'grounds' | 'extensions'> {
  readonly severity: number;
  readonly dueAt: Date | null;
  readonly extension: Policy['extension'] | null;
  readonly pending: readonly string[] | null;
  readonly grounds: readonly string[] | null;
  readonly extensions: number | null;
}

/** Those of the asked that this transaction sees, by id; in place of one that was absorbed the one that absorbed it. */
export async function findingsToAnswer(db: Db, findingIds: readonly string[]): Promise<FindingToAnswer[]> {
  const { rows } = await db.query<Row>(TO_ANSWER, [findingIds]);
  return rows.map((row) => ({
    ...row,
    severity: severityCode.decode(row.severity),
    dueAt: row.dueAt?.toISOString() ?? null,
    extension: row.extension ?? USUAL_EXTENSION,
    pending: REPLY_KINDS.filter((kind) => row.pending?.includes(kind)),
    grounds: OBJECTION_GROUNDS.filter((ground) => row.grounds?.includes(ground)),
    extensions: row.extensions ?? 0,
  }));
}

/** The accounts that brought in the scan in which each of these findings was seen first. */
export async function findersOf(
  db: Db,
  organizationId: number,
  findingIds: readonly string[],
): Promise<number[]> {
  const { rows } = await db.query<{ account: number }>(
    `select distinct i.created_by as account from finding f
     cross join lateral (
       select s.scan_id from sighting s join scan c on c.organization_id = s.organization_id and c.scan_id = s.scan_id
       where s.organization_id = f.organization_id and s.asset_id = f.asset_id and f.finding_id = any (s.finding_ids)
         and c.quarantined_at is null
       order by coalesce(c.started_at, c.imported_at), c.scan_id limit 1) first
     join import i on i.organization_id = f.organization_id and i.scan_id = first.scan_id and not i.already_imported
     where f.organization_id = $1 and f.finding_id = any ($2::bigint[])`,
    [organizationId, findingIds],
  );
  return rows.map(({ account }) => account);
}

/** A finding of a reply, as it is shown beside it. */
export interface AnsweredFindingRow {
  readonly id: string;
  readonly severity: Severity;
  readonly dueAt: Instant | null;
  /** A CVE of it is known to be exploited. */
  readonly listed: boolean;
}

/** Date and urgency of the findings of a reply; `listFindings` knows the rest of them. */
export async function urgencyOf(
  db: Db,
  organizationId: number,
  findingIds: readonly string[],
): Promise<Map<string, Pick<AnsweredFindingRow, 'dueAt' | 'listed'>>> {
  const { rows } = await db.query<{ id: string; dueAt: Date | null; listed: boolean }>(
    `select f.finding_id as id, u.due_at as "dueAt",
       exists (select from known_exploited x where x.cve = any (d.cve)) as listed
     from finding f join description d on d.description_id = f.description_id
     left join finding_due u on u.organization_id = f.organization_id and u.finding_id = f.finding_id
     where f.organization_id = $1 and f.finding_id = any ($2::bigint[])`,
    [organizationId, findingIds],
  );
  return new Map(rows.map(({ id, dueAt, listed }) => [id, { dueAt: dueAt?.toISOString() ?? null, listed }]));
}
