import { auditLeaf, type Instant } from '@backcheck/core';
import { AUDIT_COLUMNS, type AuditColumns, auditEntryOf } from './audit.ts';
import { appendToLedger, ledgerHead } from './ledger.ts';
import type { Pool } from './owner-pool.ts';
import { inTransaction, type Tx } from './pool.ts';

/** The chain of what belongs to no organization. */
export const INSTALLATION = 0;

/** Leaves of one ledger entry at most: what was not sealed for a long time becomes several. */
const MOST_LEAVES = 10_000;

/**
 * Writes each chain's unsealed entries as leaves of one new ledger entry of kind audit and returns how many entries it
 * sealed. Each chain is a transaction of its own: a kill loses nothing and seals nothing twice. A chain that an import
 * or another sealer holds is left for the next time. `pool` is one of `createWidePool`.
 */
export async function sealAudit(pool: Pool, at: Instant): Promise<number> {
  const { rows } = await pool.query<{ chain: number }>(
    `select distinct coalesce(organization_id, ${INSTALLATION}) as chain from audit_entry where ledger_seq is null order by 1`,
  );
  let total = 0;
  for (const { chain } of rows) {
    for (;;) {
      const sealed = await inTransaction(pool, (tx) => sealChain(tx, chain, at));
      total += sealed;
      if (sealed < MOST_LEAVES) break;
    }
  }
  return total;
}

/** Seals one chain in the caller's transaction. */
export async function sealChain(tx: Tx, chain: number, at: Instant): Promise<number> {
  if (!(await lockChain(tx, chain))) return 0;
  const { rows } = await tx.query<AuditColumns>(
    `select ${AUDIT_COLUMNS} from audit_entry
     where ledger_seq is null and coalesce(organization_id, ${INSTALLATION}) = $1
     order by audit_entry_id limit ${MOST_LEAVES}`,
    [chain],
  );
  if (rows.length === 0) return 0;
  const head = await ledgerHead(tx, chain);
  const leaves = rows.map((row) => auditLeaf(auditEntryOf(row)));
  await appendToLedger(tx, { organizationId: chain, kind: 'audit', at, scan: null }, head, leaves);
  const { rowCount } = await tx.query(
    `update audit_entry e set ledger_seq = $1, leaf_index = n.place - 1
     from unnest($2::bigint[]) with ordinality as n(id, place) where e.audit_entry_id = n.id and e.ledger_seq is null`,
    [head.seq, rows.map((row) => row.audit_entry_id)],
  );
  if (rowCount !== rows.length)
    throw new Error(`${rowCount} of ${rows.length} entries of chain ${chain} could be sealed`);
  return rows.length;
}

/** The lock under which a chain grows; false when somebody else has it. */
async function lockChain(tx: Tx, chain: number): Promise<boolean> {
  const { rows } = await tx.query<{ locked: boolean }>(
    chain === INSTALLATION
      ? 'select pg_try_advisory_xact_lock(3, $1) as locked'
      : 'select true as locked from organization where organization_id = $1 for no key update skip locked',
    [chain],
  );
  return rows[0]?.locked === true;
}
