import type { Instant } from '@backcheck/core';
import type { Tx } from './pool.ts';
import { refoldTouched } from './refold.ts';
import { settle } from './settle.ts';
import { lockOrganization } from './store-scan.ts';

/** Every finding that another tool may prove gone. */
const TOUCHED = `
insert into touched
  select distinct f.finding_id from finding f join check_definition d using (check_id)
  join equivalence_member m on m.check_name = d.name and m.locus = f.locus and m.closes
  where f.organization_id = $1`;

/**
 * Lets one tool's proof close another's findings, or no longer lets it, and settles in the same transaction what
 * follows for the findings that are there: certificates that rest on a stand-in cease to stand when it is switched off.
 */
export async function setCrossTool(
  tx: Tx,
  { organizationId, crossTool }: { readonly organizationId: number; readonly crossTool: boolean },
  at: Instant,
): Promise<void> {
  const name = await lockOrganization(tx, organizationId);
  const changed = await tx.query(
    'update organization set cross_tool = $2 where organization_id = $1 and cross_tool <> $2',
    [organizationId, crossTool],
  );
  if (changed.rowCount === 0) return;
  await tx.query('create temp table touched (finding_id bigint) on commit drop');
  await tx.query(TOUCHED, [organizationId]);
  await refoldTouched(tx, organizationId);
  await settle(tx, { organizationId, kind: 'decision', at, scan: null }, name);
}
