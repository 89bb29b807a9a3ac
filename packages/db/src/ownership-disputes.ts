import type { Instant } from '@backcheck/core';
import type { Tx } from './pool.ts';

/** Who says so, when and why. */
export interface OwnershipWord {
  readonly at: Instant;
  readonly by: string;
  readonly note: string;
}

const DISPUTE = `
insert into ownership_dispute (organization_id, asset_id, disputed_at, disputed_by, reason, state_before)
  select a.organization_id, a.asset_id, $2::timestamptz, $3, $4, a.register_state from asset a where a.asset_id = $1
  on conflict (organization_id, asset_id) where ended_at is null do nothing`;

/**
 * "Not ours": the asset goes into the queue; its findings stay as they are. Said twice it stands as it was said first.
 * False: there is no such asset.
 */
export async function disputeAsset(
  tx: Tx,
  assetId: string,
  { at, by, note }: OwnershipWord,
): Promise<boolean> {
  // One after the other: whoever hands it over or says the contrary.
  const { rowCount } = await tx.query('select from asset where asset_id = $1 for no key update', [assetId]);
  if (rowCount === 0) return false;
  await tx.query(DISPUTE, [assetId, at, by, note]);
  await tx.query(
    `update asset set register_state = 'disputed' where asset_id = $1 and register_state is distinct from 'disputed'`,
    [assetId],
  );
  return true;
}

const END = `
update ownership_dispute d set ended_at = $2, ended_by = $3, ended_as = 'ours', note = $4
  from asset a where a.asset_id = $1 and d.organization_id = a.organization_id and d.asset_id = a.asset_id and d.ended_at is null
  returning d.state_before`;

/** "Ours after all": it is in the register as it was before. Null: there is no such asset; false: nobody disputes it. */
export async function endDispute(
  tx: Tx,
  assetId: string,
  { at, by, note }: OwnershipWord,
): Promise<boolean | null> {
  const asset = await tx.query('select from asset where asset_id = $1 for no key update', [assetId]);
  if (asset.rowCount === 0) return null;
  const { rows } = await tx.query<{ state_before: string | null }>(END, [assetId, at, by, note]);
  const [ended] = rows;
  if (ended === undefined) return false;
  await tx.query('update asset set register_state = $2 where asset_id = $1', [assetId, ended.state_before]);
  return true;
}
