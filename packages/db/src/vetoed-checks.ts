import type { Instant } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import type { Db, Tx } from './pool.ts';

export interface VetoedCheckRow {
  readonly id: string;
  /** Null: the whole installation. */
  readonly organizationId: number | null;
  readonly check: string;
  readonly reason: string;
  readonly setBy: Signer | null;
  readonly setAt: Date;
}

const VETOED = `
select vetoed_check_id::text as id, organization_id as "organizationId", check_name as "check", reason,
  case when set_by is not null then jsonb_build_object('id', set_by::text, 'name', coalesce(account_name(set_by), '')) end as "setBy",
  set_at as "setAt"
from vetoed_check where removed_at is null`;

/** Those in force that hold at a node the caller sees, by check; at most `most`. */
export async function listVetoedChecks(db: Db, most: number): Promise<VetoedCheckRow[]> {
  const { rows } = await db.query<VetoedCheckRow>(
    `${VETOED} order by check_name, organization_id nulls first limit $1`,
    [most],
  );
  return rows;
}

export async function findVetoedCheck(db: Db, id: string): Promise<VetoedCheckRow | null> {
  const { rows } = await db.query<VetoedCheckRow>(`${VETOED} and vetoed_check_id = $1`, [id]);
  return rows[0] ?? null;
}

/** Null: it is on the list for this node already. */
export async function insertVetoedCheck(
  tx: Tx,
  veto: Omit<VetoedCheckRow, 'id' | 'setBy' | 'setAt'> & { readonly setBy: number; readonly setAt: Instant },
): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into vetoed_check (organization_id, check_name, reason, set_by, set_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning vetoed_check_id::text as id`,
    [veto.organizationId, veto.check, veto.reason, veto.setBy, veto.setAt],
  );
  return rows[0]?.id ?? null;
}

/** False: there is none that the caller may take off. */
export async function removeVetoedCheck(tx: Tx, id: string, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update vetoed_check set removed_at = $2 where vetoed_check_id = $1 and removed_at is null',
    [id, at],
  );
  return rowCount === 1;
}
