import type { Tx } from './pool.ts';
import type { StoredScanKey } from './resolve.ts';

/**
 * A file is imported of which a hand-over has brought a part: the whole file takes the place of the part. Returns the
 * assets of that part.
 */
export async function dropHandedOver(
  tx: Tx,
  { organizationId, scanId }: StoredScanKey,
): Promise<readonly string[]> {
  const scan = [organizationId, scanId];
  const { rows } = await tx.query<{ asset_id: string }>(
    'select distinct asset_id from visit where organization_id = $1 and scan_id = $2',
    scan,
  );
  if (rows.length === 0) return [];
  for (const table of ['sighting', 'coverage', 'visit']) {
    await tx.query(`delete from ${table} where organization_id = $1 and scan_id = $2`, scan);
  }
  return rows.map((row) => row.asset_id);
}

/** Adds to `touched` what is not in it. */
export async function touchFindingsOf(
  tx: Tx,
  organizationId: number,
  assets: readonly string[],
): Promise<void> {
  if (assets.length === 0) return;
  await tx.query(
    `insert into touched select f.finding_id from finding f
     where f.organization_id = $1 and f.asset_id = any ($2::bigint[]) and not exists (select from touched t where t.finding_id = f.finding_id)`,
    [organizationId, assets],
  );
  await tx.query('analyze touched');
}
