import { mayLieBelow, type Tx } from '@backcheck/db';
import { Problem } from '../platform/problem.ts';

/** Whoever writes a rule for a node stands at it or above it; null: for the whole installation. */
export async function mustReach(tx: Tx, node: number | null): Promise<void> {
  if (await mayLieBelow(tx, node)) return;
  throw node === null
    ? new Problem('ORGANIZATION_PARENT_NEEDED')
    : new Problem('ORGANIZATION_UNKNOWN', { organizationId: node });
}
