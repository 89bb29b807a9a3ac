import type { Instant } from '@backcheck/core';
import type { Tx } from './pool.ts';
import { refoldTouched } from './refold.ts';
import { settle } from './settle.ts';
import { lockOrganization } from './store-scan.ts';

/** What an organization decides about proofs: its column, and every finding whose state may hang on it. */
const RULES = {
  crossTool: {
    column: 'cross_tool',
    touches: `select distinct f.finding_id from finding f join check_definition d using (check_id)
      join equivalence_member m on m.check_name = d.name and m.locus = f.locus and m.closes
      where f.organization_id = $1`,
  },
  steadyProof: {
    column: 'steady_proof',
    touches: `select u.finding_id from sighting s cross join lateral unnest(s.finding_ids) as u(finding_id)
      where s.organization_id = $1 group by u.finding_id having count(distinct s.scan_id) > 1`,
  },
} as const;

interface Switch {
  readonly organizationId: number;
  readonly rule: keyof typeof RULES;
  readonly on: boolean;
}

/**
 * Settles in the same transaction what follows for the findings that are there: certificates that the rule no longer
 * bears out cease to stand.
 */
async function switchRule(tx: Tx, { organizationId, rule, on }: Switch, at: Instant): Promise<void> {
  const { column, touches } = RULES[rule];
  const name = await lockOrganization(tx, organizationId);
  const changed = await tx.query(
    `update organization set ${column} = $2 where organization_id = $1 and ${column} <> $2`,
    [organizationId, on],
  );
  if (changed.rowCount === 0) return;
  await tx.query('create temp table touched (finding_id bigint) on commit drop');
  await tx.query(`insert into touched ${touches}`, [organizationId]);
  await tx.query('analyze touched');
  await refoldTouched(tx, organizationId);
  await settle(tx, { organizationId, kind: 'decision', at, scan: null }, name);
}

/** Lets one tool's proof close another's findings, or no longer lets it. */
export async function setCrossTool(
  tx: Tx,
  { organizationId, crossTool }: { readonly organizationId: number; readonly crossTool: boolean },
  at: Instant,
): Promise<void> {
  await switchRule(tx, { organizationId, rule: 'crossTool', on: crossTool }, at);
}

/** Asks several absences of findings that flap or that scans disagree about, or no longer asks them. */
export async function setSteadyProof(
  tx: Tx,
  { organizationId, steadyProof }: { readonly organizationId: number; readonly steadyProof: boolean },
  at: Instant,
): Promise<void> {
  await switchRule(tx, { organizationId, rule: 'steadyProof', on: steadyProof }, at);
}
