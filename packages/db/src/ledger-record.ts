import { canonical, entryHash, type Instant, leafOf, type Sha256 } from '@backcheck/core';
import { INSTALLATION } from './audit-seal.ts';
import { appendToLedger, ledgerHead } from './ledger.ts';
import type { Tx } from './pool.ts';
import { lockOrganization } from './store-scan.ts';

/** What is said in public of a look-back (docs/look-back.md) or of a notice (docs/notices.md): the members of each kind are there. */
export interface LedgerRecord {
  readonly kind: 'look-back-publication' | 'look-back-draw' | 'notice-issued' | 'notice-withdrawn';
  readonly at: Instant;
}

export interface WrittenEntry {
  readonly seq: number;
  /** Of the entry. */
  readonly hash: Sha256;
  /** Of the record in it. */
  readonly leaf: Sha256;
}

/**
 * Adds one ledger entry of kind `decision` whose only leaf is the record. `chain`: an organization's id, or 0 for the
 * installation, which only a transaction that sees all organizations may write. A chain that is busy is waited for.
 */
export async function writeLedgerRecord<R extends LedgerRecord>(
  tx: Tx,
  chain: number,
  record: R,
): Promise<WrittenEntry> {
  if (chain === INSTALLATION) await tx.query('select pg_advisory_xact_lock(3, $1)', [INSTALLATION]);
  else await lockOrganization(tx, chain);
  const head = await ledgerHead(tx, chain);
  const leaf = leafOf(record);
  await tx.query(
    `insert into ledger_leaf (organization_id, seq, leaf_index, hash, record) values ($1, $2, 0, decode($3, 'hex'), $4)`,
    [chain, head.seq, leaf, canonical(record)],
  );
  const cause = { organizationId: chain, kind: 'decision', at: record.at, scan: null } as const;
  const entry = await appendToLedger(tx, cause, head, [leaf]);
  return { seq: head.seq, hash: entryHash(entry), leaf };
}
