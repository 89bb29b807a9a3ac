import type { Tx } from './pool.ts';

/** The assets with the names that links give to them; `met`: the receiver has an asset of that identity, `into_id`. */
const GOING = `
create temp table going on commit drop as
select one.*, coalesce(e.asset_id, one.asset_id) as into_id, e.asset_id is not null as met
from (
  select a.asset_id, a.identity, a.asset_id as leader from asset a where a.organization_id = $1 and a.asset_id = any ($3::bigint[])
  union
  select n.asset_id, n.identity, a.asset_id
  from asset a join asset_link l on l.organization_id = $1 and l.target = a.identity and l.withdrawn_at is null
  join asset n on n.organization_id = $1 and n.identity = l.identity
  where a.organization_id = $1 and a.asset_id = any ($3::bigint[])) one
left join asset e on e.organization_id = $2 and e.identity = one.identity`;

/**
 * Taken out of `going`: an asset whose scans count for another at some time, or one of whose names stands for something
 * else as well, here or over there. A person splits it first.
 */
const TAKE_OUT_LINKED = `
with tied as (
  select g.leader from going g join going x on x.asset_id = g.leader and x.leader = g.leader
  where exists (select from asset_link l where l.organization_id = $1 and l.withdrawn_at is null
      and (l.identity = g.identity and (g.asset_id = g.leader or l.target <> x.identity) or l.target = g.identity and g.asset_id <> g.leader))
    or exists (select from asset_link l where l.organization_id = $2 and l.withdrawn_at is null
      and (l.identity = g.identity or l.target = g.identity and g.asset_id <> g.leader))
    or g.asset_id <> g.leader and exists (select from visit v
      where v.organization_id = $1 and v.asset_id = g.asset_id or v.organization_id = $2 and v.asset_id = g.into_id))
delete from going where leader in (select leader from tied) returning leader`;

/**
 * Taken out, too: an asset that one side knows from a file which the other put into quarantine. In one row of that file
 * the finding of the one would vanish, or what the other does not trust would count.
 */
const TAKE_OUT_DISTRUSTED = `
delete from going where leader in (
  select g.leader from going g join visit v on v.organization_id = $1 and v.asset_id = g.asset_id
  join scan s on s.organization_id = $1 and s.scan_id = v.scan_id
  join scan o on o.organization_id = $2 and o.sha256 = s.sha256 and o.started_at is not distinct from s.started_at
  where (o.quarantined_at is null) <> (s.quarantined_at is null))
returning leader`;

const MOVE_LINKS = `
with gone as (
  update asset_link l set withdrawn_at = $3 from going g
  where l.organization_id = $1 and l.identity = g.identity and g.asset_id <> g.leader and l.withdrawn_at is null
  returning l.*)
insert into asset_link (organization_id, identity, target, valid_from, valid_until, decided_at, decided_by, note)
  select $2::int, identity, target, valid_from, valid_until, decided_at, decided_by, note from gone`;

/** Why an asset of the giver does not go (hand-over.ts). */
export type Obstacle = 'LINKED' | 'DISTRUSTED';

/** Puts those assets that can be handed over into `going`. Returns the others by their ids. */
export async function collectGoing(
  tx: Tx,
  { from, to, assets }: { readonly from: number; readonly to: number; readonly assets: readonly string[] },
): Promise<Map<string, Obstacle>> {
  await tx.query(GOING, [from, to, assets]);
  const linked = await tx.query<{ leader: string }>(TAKE_OUT_LINKED, [from, to]);
  const distrusted = await tx.query<{ leader: string }>(TAKE_OUT_DISTRUSTED, [from, to]);
  await tx.query('analyze going');
  return new Map([
    ...linked.rows.map(({ leader }) => [leader, 'LINKED'] as const),
    ...distrusted.rows.map(({ leader }) => [leader, 'DISTRUSTED'] as const),
  ]);
}

/** What people said of their names goes along; here it ends. */
export async function moveLinks(
  tx: Tx,
  { from, to, at }: { from: number; to: number; at: string },
): Promise<void> {
  await tx.query(MOVE_LINKS, [from, to, at]);
}
