import {
  EMPTY_ROOT,
  entryHash,
  type LedgerEntry,
  type LedgerKind,
  merkleTree,
  NO_ENTRY,
  type Sha256,
} from '@backcheck/core';
import type { Tx } from './pool.ts';

export interface LedgerHead {
  readonly seq: number;
  readonly previous: Sha256;
}

/** Where the next entry goes. The chain must be locked by the caller: two writers would take the same number. */
export async function ledgerHead(tx: Tx, organizationId: number): Promise<LedgerHead> {
  const { rows } = await tx.query<{ seq: number; hash: Buffer }>(
    'select seq, hash from ledger where organization_id = $1 order by seq desc limit 1',
    [organizationId],
  );
  const last = rows[0];
  return last === undefined
    ? { seq: 1, previous: NO_ENTRY }
    : { seq: last.seq + 1, previous: last.hash.toString('hex') };
}

export interface LedgerCause {
  readonly organizationId: number;
  readonly kind: LedgerKind;
  readonly at: string;
  /** SHA-256 of the scan file, hex; null where no scan is the cause. */
  readonly scan: Sha256 | null;
}

/** Adds the entry with the root over these leaves. */
export async function appendToLedger(
  tx: Tx,
  { organizationId, kind, at, scan }: LedgerCause,
  { seq, previous }: LedgerHead,
  leaves: readonly Sha256[],
): Promise<LedgerEntry> {
  const root = leaves.length === 0 ? EMPTY_ROOT : merkleTree(leaves).root;
  const organization = `${organizationId}`;
  const entry: LedgerEntry = { organization, seq, previous, kind, at, scan, leaves: leaves.length, root };
  await tx.query(
    'insert into ledger (organization_id, seq, entry, hash) values ($1, $2, $3, decode($4, $5))',
    [organizationId, seq, JSON.stringify(entry), entryHash(entry), 'hex'],
  );
  return entry;
}
