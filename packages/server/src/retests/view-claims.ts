import type { FixClaim } from '@backcheck/contract';
import { type FixClaimRow, openClaims, type Tx } from '@backcheck/db';
import { viewFixClaim } from './view.ts';

/** In their order, each with whether it can still be signed. */
export async function viewClaims(tx: Tx, rows: readonly FixClaimRow[], now: Date): Promise<FixClaim[]> {
  const open = await openClaims(tx, rows, now.toISOString());
  return rows.map((row) => viewFixClaim(row, open.has(row.id)));
}

export async function viewClaim(tx: Tx, row: FixClaimRow, now: Date): Promise<FixClaim> {
  const open = await openClaims(tx, [row], now.toISOString());
  return viewFixClaim(row, open.has(row.id));
}
