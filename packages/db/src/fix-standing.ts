import { LAST_SEEN } from './overlays.ts';
import type { Db, Tx } from './pool.ts';
import { prepared } from './prepared.ts';
import { amongOrganizations } from './scope.ts';

/** A claim holds until a scan sees the finding after it, as core's `decidedOverlay` says. What only tells of an end ends no claim. */
export const CLAIMED = `coalesce((
  select x.kind = 'claimed' and x.decided_at > coalesce((${LAST_SEEN}), f.first_seen) from decision x
  where x.organization_id = f.organization_id and x.finding_id = f.finding_id and x.expires_at is distinct from x.decided_at
  order by x.decided_at desc, x.decision_id desc limit 1), false)`;

/** The rows of `fix_standing`, counted from the findings `f`. `which` chooses among `finding_fix` m. */
const COUNTED = (which: string): string => `
select m.organization_id, m.fix_id, count(*)::int as findings, count(*) filter (where f.state <> 'verified-fixed')::int as open,
  count(*) filter (where f.state <> 'verified-fixed' and ${CLAIMED})::int as claimed,
  count(distinct f.asset_id)::int as assets, max(f.severity) as worst, min(u.priority) as priority, min(u.due_at) as due_at,
  min(d.title collate "C") as first_title, max(d.title collate "C") as last_title
from finding_fix m
join finding f on f.organization_id = m.organization_id and f.finding_id = m.finding_id
left join description d on d.description_id = f.description_id
left join finding_due u on u.organization_id = m.organization_id and u.finding_id = m.finding_id
where ${which} group by m.organization_id, m.fix_id`;

const SUMS = `sum(findings)::int as findings, sum(open)::int as open, sum(claimed)::int as claimed, sum(assets)::int as assets, max(worst) as worst,
  min(priority) as priority, min(due_at) as due_at, min(first_title) as first_title, max(last_title) as last_title`;
const OF_ONE = 'count(*)::int as organizations, (count(*) filter (where open > 0))::int as open_in';
const ITS_COLUMNS = 'findings, open, claimed, assets, worst, priority, due_at, first_title, last_title';
const COLUMNS = `organizations, open_in, ${ITS_COLUMNS}`;
const of = (table: string, columns: string): string => columns.replaceAll(/\w+/g, `${table}.$&`);

/**
 * From what a caller's sums are read. Of few organizations the findings are counted, to the moment; of more the rows that
 * `sum-fixes` keeps, which are at most minutes old. `organizations`: they make up no node of the tree.
 */
export type FixSource =
  | { readonly from: 'findings'; readonly ids: readonly number[] | null }
  | { readonly from: 'organizations'; readonly ids: null }
  | { readonly from: 'nodes'; readonly ids: readonly number[] };

const FEW = 50;
const SOURCE = `
select wide, exists (select from visible_system) as systems,
  array(select organization_id from organization limit ${FEW + 1}) as seen,
  case when wide then '{0}' when not exists (select from current_grant where organization_id is null or system_id is not null or campaign_id is not null)
    then array(select distinct g.organization_id from current_grant g where not exists (
      select from organization_ancestor a join current_grant above on above.organization_id = a.ancestor_id
      where a.organization_id = g.organization_id and a.ancestor_id <> g.organization_id)) end as nodes
from (select current_user = 'backcheck_wide' as wide) caller`;

export async function fixSourceOf(db: Db, organizationId: string | null): Promise<FixSource> {
  if (organizationId !== null) return { from: 'findings', ids: [Number(organizationId)] };
  const { rows } = await db.query<{ systems: boolean; seen: number[]; nodes: number[] | null }>(
    prepared(SOURCE, []),
  );
  const { systems = true, seen = [], nodes = null } = rows[0] ?? {};
  if (seen.length <= FEW) return { from: 'findings', ids: seen };
  // Of a single system's assets nothing is summed.
  if (systems) return { from: 'findings', ids: null };
  return nodes === null ? { from: 'organizations', ids: null } : { from: 'nodes', ids: nodes };
}

/** A measure among the rows of `fix_standing`; all of them. */
type WhichFix = 'fix_id = $2::bigint' | 'true';

/** Measures with their sums, in a form that takes conditions and an order. `$1` the ids of the source. */
export function fixSums(source: FixSource, one: WhichFix): string {
  if (source.from === 'nodes') {
    // One row for each measure is there already: read in its order by the index.
    if (source.ids.length === 1)
      return `select fix_id, ${COLUMNS} from fix_standing_below where node = ($1::int[])[1] and ${one}`;
    // What has nothing below it has the row of its organization only.
    return `select fix_id, sum(organizations)::int as organizations, sum(open_in)::int as open_in, ${SUMS} from (
        select fix_id, ${COLUMNS} from fix_standing_below where node = any ($1::int[]) and ${one}
        union all
        select fix_id, 1, (open > 0)::int, ${ITS_COLUMNS} from fix_standing s where organization_id = any ($1::int[]) and ${one}
          and not exists (select from fix_standing_below b where b.node = s.organization_id and b.fix_id = s.fix_id)) b
      group by fix_id`;
  }
  return `select fix_id, ${OF_ONE}, ${SUMS} from (${fixStandings(source, one)}) s group by fix_id`;
}

/** What stands for `$1`. */
export const idsOf = ({ from, ids }: FixSource): unknown =>
  from === 'findings' && ids !== null ? amongOrganizations(ids, '$1')[1] : ids;

/** Rows of `fix_standing` for each organization of a source, kept or counted. */
export function fixStandings({ from, ids }: FixSource, one: WhichFix): string {
  return from === 'findings'
    ? COUNTED(
        `${ids === null ? '$1::int[] is null' : `m.organization_id ${amongOrganizations(ids, '$1')[0]}`} and ${one.replaceAll('fix_id', 'm.fix_id')}`,
      )
    : `select * from fix_standing where ($1::int[] is null or true) and ${one}`;
}

/** Only what differs is written; gives the measures whose sums differ now. */
const REFRESH = `
with counted as materialized (${COUNTED('($1::int[] is null or m.organization_id = any ($1))')}),
gone as (
  delete from fix_standing s where ($1::int[] is null or s.organization_id = any ($1))
    and not exists (select from counted c where c.organization_id = s.organization_id and c.fix_id = s.fix_id)
  returning s.fix_id),
written as (
  insert into fix_standing as s (organization_id, fix_id, ${ITS_COLUMNS}) select organization_id, fix_id, ${ITS_COLUMNS} from counted c
  where not exists (select from fix_standing s where s.organization_id = c.organization_id and s.fix_id = c.fix_id
    and (${of('s', ITS_COLUMNS)}) is not distinct from (${of('c', ITS_COLUMNS)}))
  on conflict (organization_id, fix_id) do update set (${ITS_COLUMNS}) = row(${of('excluded', ITS_COLUMNS)})
  returning s.fix_id)
select fix_id from gone union select fix_id from written`;

/** Of the nodes above `$1` (null: all nodes) and the measures `$2` (null: all). */
const REFRESH_BELOW = `
with node as materialized (
  select distinct a.ancestor_id as node from organization_ancestor a
  where ($1::int[] is null or a.organization_id = any ($1)) and exists (select from organization o where o.parent_id = a.ancestor_id)),
summed as materialized (
  select n.node, s.fix_id, ${OF_ONE}, ${SUMS}
  from node n join organization_ancestor a on a.ancestor_id = n.node join fix_standing s on s.organization_id = a.organization_id
  where $2::int[] is null or s.fix_id = any ($2) group by n.node, s.fix_id
  union all
  select 0, fix_id, ${OF_ONE}, ${SUMS} from fix_standing where $2::int[] is null or fix_id = any ($2) group by fix_id),
gone as (
  delete from fix_standing_below b where ($2::int[] is null or b.fix_id = any ($2))
    and ($1::int[] is null or b.node = 0 or b.node in (select node from node))
    and not exists (select from summed s where s.node = b.node and s.fix_id = b.fix_id))
insert into fix_standing_below as b (node, fix_id, ${COLUMNS}) select node, fix_id, ${COLUMNS} from summed s
where not exists (select from fix_standing_below b where b.node = s.node and b.fix_id = s.fix_id
  and (${of('b', COLUMNS)}) is not distinct from (${of('s', COLUMNS)}))
on conflict (node, fix_id) do update set (${COLUMNS}) = row(${of('excluded', COLUMNS)})`;

/**
 * Brings the sums to where the findings are, of the organizations where something changed since. Takes what others told
 * by their committed transactions, and undoes that with everything else when it fails. `all`: whether told or not.
 */
export async function sumFixes(tx: Tx, all = false): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('fix-standing'))`);
  const { rows } = await tx.query<{ node: number }>(
    'with told as (delete from fix_unsummed returning node) select distinct node from told',
  );
  if (rows.length === 0 && !all) return;
  // Of a table that looked empty when it was last analyzed the planner would read all for each row that it writes there.
  if (all) await tx.query('set local enable_nestloop = off');
  const changed = rows.map(({ node }) => node);
  const ids = all || changed.includes(0) ? null : changed;
  const { rows: fixes } = await tx.query<{ fix_id: number }>(REFRESH, [ids]);
  if (ids !== null && fixes.length === 0) return;
  await tx.query(REFRESH_BELOW, [ids, ids === null ? null : fixes.map(({ fix_id }) => fix_id)]);
}
