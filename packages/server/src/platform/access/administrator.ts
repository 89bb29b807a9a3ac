import type { Role } from '@backcheck/core';
import { insertGrants, inTransaction, liveGrants, type Pool } from '@backcheck/db';

/**
 * What the person who starts an installation may do in all of it, until they give parts of it to others: everything
 * that it takes to set it up, to keep the registers, to import scans and to look into the audit log.
 */
const FIRST_ROLES: readonly Role[] = [
  'platform-administrator',
  'security-auditor',
  'campaign-manager',
  'finding-analyst',
];

/**
 * Gives the account of whoever starts the server these grants, where it has none: whoever has the machine can always
 * get in again, and the log says so.
 */
export async function grantAdministrator(widePool: Pool, accountId: number, now: Date): Promise<void> {
  if ((await liveGrants(widePool, accountId, now)).length > 0) return;
  const grants = FIRST_ROLES.map((role) => ({
    role,
    organizationId: null,
    systemId: null,
    campaignId: null,
    expiresAt: null,
  }));
  await inTransaction(widePool, (tx) =>
    insertGrants(tx, accountId, { grants, grantedBy: null, at: now.toISOString() }),
  );
}
