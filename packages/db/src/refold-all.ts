import type { Instant } from '@backcheck/core';
import { deriveIdentifiers } from './identifiers.ts';
import type { Tx } from './pool.ts';
import { refoldAssets, refoldTouched } from './refold.ts';
import { settle } from './settle.ts';
import { lockOrganization } from './store-scan.ts';

/**
 * Folds every finding of an organization from all that is stored and returns how many differ from what the
 * findings say: the nightly check that imports one by one and the whole history agree (I14). Writes nothing.
 */
export async function differencesOnRefold(tx: Tx, organizationId: number): Promise<number> {
  await tx.query(`set local work_mem = '256MB'; set local default_statistics_target = 20`);
  await tx.query(
    `create temp table touched on commit drop as select finding_id from finding where organization_id = ${Math.trunc(organizationId)}`,
  );
  await tx.query('analyze touched');
  await refoldTouched(tx, organizationId);
  const { rows } = await tx.query<{ count: string }>(
    `select count(*) from finding f left join folded d using (finding_id)
     left join certificate c on c.organization_id = f.organization_id and c.certificate_id = f.certificate_id
     where f.organization_id = $1 and (f.state, f.reason, f.reason_scan_id, f.first_seen, c.witness_scans, c.at, c.evidence, c.asset_id, c.unsteady)
       is distinct from (d.state, d.reason::smallint, d.reason_scan_id, d.first,
         case when d.state = 'verified-fixed' then d.witness_scans end, case when d.state = 'verified-fixed' then d.at end,
         case when d.state = 'verified-fixed' then d.evidence::smallint end,
         case when d.state = 'verified-fixed' then f.asset_id end, case when d.state = 'verified-fixed' then d.unsteady end)`,
    [organizationId],
  );
  return Number(rows[0]?.count);
}

/** Takes a scan out as if it had never been imported (I8); what it had closed is reopened in the same transaction. */
export async function quarantineScan(
  tx: Tx,
  scan: { organizationId: number; scanId: string },
  at: Instant,
): Promise<void> {
  const name = await lockOrganization(tx, scan.organizationId);
  const { rows } = await tx.query<{ sha256: string }>(
    `update scan set quarantined_at = $3 where organization_id = $1 and scan_id = $2 and quarantined_at is null returning encode(sha256, 'hex') as sha256`,
    [scan.organizationId, scan.scanId, at],
  );
  const taken = rows[0];
  if (taken === undefined) return;
  const visited = await tx.query<{ asset_id: string }>(
    'select distinct asset_id from visit where organization_id = $1 and scan_id = $2',
    [scan.organizationId, scan.scanId],
  );
  const assets = visited.rows.map((row) => row.asset_id);
  await deriveIdentifiers(tx, scan.organizationId, assets);
  await refoldAssets(tx, scan.organizationId, assets);
  await settle(tx, { organizationId: scan.organizationId, kind: 'quarantine', at, scan: taken.sha256 }, name);
}
