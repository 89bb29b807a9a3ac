import { type LedgerEntry, verifyChain } from '@backcheck/core';
import { differencesOnRefold, type HandOverResult, handOver, inTransaction } from '@backcheck/db';
import type pg from 'pg';
import { expect } from 'vitest';

export const HAND_OVER = {
  at: '2026-11-21T03:00:00.000Z',
  by: 'a coordinator',
  note: 'it stands in their room',
};

/** Ids by identity. */
export async function assetsOf(pool: pg.Pool, organizationId: number): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ identity: string; id: string }>(
    'select identity, asset_id as id from asset where organization_id = $1 order by asset_id',
    [organizationId],
  );
  return new Map(rows.map(({ identity, id }) => [identity, id]));
}

export interface Given {
  readonly from: number;
  readonly to: number;
  readonly assets: readonly string[];
}

export const give = (pool: pg.Pool, given: Given): Promise<HandOverResult> =>
  inTransaction(pool, (tx) => handOver(tx, { ...given, decision: HAND_OVER }));

/** The ledger is whole, and a full refold finds nothing that the changes left different. */
export async function isSound(pool: pg.Pool, organizationId: number): Promise<void> {
  expect(await inTransaction(pool, (tx) => differencesOnRefold(tx, organizationId))).toBe(0);
  const { rows } = await pool.query<{ entry: LedgerEntry }>(
    'select entry from ledger where organization_id = $1 order by seq',
    [organizationId],
  );
  expect(verifyChain(rows.map((row) => row.entry))).toMatchObject({ intact: true });
}
