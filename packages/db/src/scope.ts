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
const FEW = 50;

const FEW_OF_THEM = `
select case when current_user <> 'backcheck_wide' then array(
  select organization_id from (select organization_id from visible_organization union select organization_id from visible_system) v
  limit ${FEW + 1}) end as ids`;

/**
 * The organizations that this transaction sees, where they are few; null where they are many or all. Row-level security
 * filters a list as it is read in its order, and a caller with one organization of ten thousand would have it read to
 * the end. Said in the query itself, their organizations are found by an index.
 */
export async function fewOrganizations(db: Db): Promise<number[] | null> {
  const { rows } = await db.query<{ ids: number[] | null }>(prepared(FEW_OF_THEM, []));
  const ids = rows[0]?.ids ?? null;
  return ids === null || ids.length > FEW ? null : ids;
}

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
