import type { Tx } from './pool.ts';

/** Less than this is planned well enough by whatever is known. */
const FEW_VISITS = 200;
const FEW_PRESENCES = 5000;

/** Whether this import adds more than a fifth to what the statistics know. A table that was never analyzed has -1. */
const OUTGROWN = `
select bool_or(rows > few and rows > 0.2 * greatest(c.reltuples, 0)) as outgrown
from (values ('visit', (select count(*) from v), ${FEW_VISITS}), ('finding', (select count(*) from seen), ${FEW_PRESENCES})) one(name, rows, few)
join pg_class c on c.oid = one.name::regclass`;

/**
 * Analyzes the tables of the walk in the middle of a large import. Without it the planner took tables that this
 * very transaction had filled for empty and compared all with all: 97 s instead of 0.1 s for one step of a
 * million observations, 64 s instead of 8 s for a second import right after the first.
 * ANALYZE locks out other ANALYZE until the commit, so an import that is small beside the tables goes without.
 */
export async function refreshStatistics(tx: Tx): Promise<void> {
  const { rows } = await tx.query<{ outgrown: boolean }>(OUTGROWN);
  if (rows[0]?.outgrown === true) await tx.query('select refresh_statistics()');
}
