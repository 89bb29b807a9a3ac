import type pg from 'pg';
import type { Db, Tx } from './pool.ts';
import { prepared } from './prepared.ts';

/** Under which grants somebody works: what a transaction can see and change. */
export interface Scope {
  readonly accountId: number;
  readonly via: 'session' | 'api-key' | 'job';
  /** Ids of the grants that allow what is about to be done. */
  readonly grants: readonly number[];
  /** One of them covers the whole installation: the transaction sees every organization. */
  readonly wide: boolean;
}

/**
 * Runs `work` in one transaction that sees what the scope shows and nothing else, by row-level security
 * (0007_access.sql). Any throw rolls all of it back and is thrown on. `pool` is one of `createPool`: outside of this
 * function it sees no row of any organization.
 *
 * The settings travel with the `begin`, in one text: a round trip of their own cost 25 % of a short query.
 */
export async function inScope<T>(pool: pg.Pool, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(beginOf(scope));
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** Text and not parameters, because it is several statements; so every value is made sure of here. */
function beginOf({ accountId, via, grants, wide }: Scope): string {
  const ids = [accountId, ...grants];
  if (!ids.every(Number.isSafeInteger)) throw new Error(`a scope of ids that are no numbers: ${ids.join()}`);
  const role = wide ? 'set local role backcheck_wide; ' : '';
  const origin = via === 'api-key' || via === 'job' ? via : 'session';
  return (
    `begin; ${role}set local "app.grants" = '{${grants.join()}}'; ` +
    `set local "app.account" = '${accountId}'; set local "app.via" = '${origin}'`
  );
}

/** More of them would no longer be found faster by their own index than by the order of a list. */
export const FEW_ORGANIZATIONS = 50;

const VISIBLE = `
select case when current_user <> 'backcheck_wide' then array(
  select organization_id from (select organization_id from visible_organization union select organization_id from visible_system) v
  limit $1 + 1) end as ids`;

/** The organizations that this transaction sees; null where they are more than `most`, or all. */
export async function visibleOrganizationsUpTo(db: Db, most: number): Promise<number[] | null> {
  const { rows } = await db.query<{ ids: number[] | null }>(prepared(VISIBLE, [most]));
  const ids = rows[0]?.ids ?? null;
  return ids === null || ids.length > most ? null : ids;
}

/**
 * The organizations that this transaction sees, where they are few; null where they are many or all. Row-level security
 * filters a list as it is read in its order, and a caller with one organization of ten thousand would have it read to
 * the end. Said in the query itself, their organizations are found by an index.
 */
export const fewOrganizations = (db: Db): Promise<number[] | null> =>
  visibleOrganizationsUpTo(db, FEW_ORGANIZATIONS);

/** A county's. Named, their rows are found by the keys of the tables; left to row-level security, all are read and most left out. */
const SOME_ORGANIZATIONS = 1000;

/** The organizations that this transaction sees, where they are not too many to be named; null where they are more, or all. */
export const someOrganizations = (db: Db): Promise<number[] | null> =>
  visibleOrganizationsUpTo(db, SOME_ORGANIZATIONS);

/**
 * That a column is among these, with the value that stands for `parameter`. One is said as one: the planner takes any list for
 * ten, and would plan anew each time to find that it is shorter.
 */
export const amongOrganizations = (
  ids: readonly number[],
  parameter: string,
): readonly [text: string, value: unknown] =>
  ids.length === 1 ? [`= ${parameter}::int`, ids[0]] : [`= any (${parameter}::int[])`, ids];

/** Where an organization stands: itself and all nodes above it, and the campaigns that it is in. */
export async function placeOfOrganization(
  tx: Tx,
  organizationId: number,
): Promise<{ readonly nodes: readonly number[]; readonly campaigns: readonly number[] }> {
  const { rows } = await tx.query<{ nodes: number[]; campaigns: number[] }>(
    `select array(select ancestor_id from organization_ancestor where organization_id = $1) as nodes,
       array(select campaign_id from campaign_unit where organization_id = $1) as campaigns`,
    [organizationId],
  );
  return rows[0] ?? { nodes: [], campaigns: [] };
}
