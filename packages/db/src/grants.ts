import type { Instant } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';

/** A role on a node of the tree; which roles there are is core's. */
export interface NewGrant {
  readonly role: string;
  /** Null: the whole installation. */
  readonly organizationId: number | null;
  readonly systemId: number | null;
  readonly campaignId: number | null;
  readonly expiresAt: Instant | null;
}

export interface GrantRow extends NewGrant {
  readonly grantId: number;
  readonly accountId: number;
  /** Names for the screen; null where the grant has no such limit. */
  readonly organizationName: string | null;
  readonly systemName: string | null;
  readonly campaignTitle: string | null;
  readonly grantedAt: Instant;
}

/** Returns the ids of the grants, in the order given. */
export async function insertGrants(
  tx: Tx,
  accountId: number,
  {
    grants,
    grantedBy,
    at,
  }: { readonly grants: readonly NewGrant[]; readonly grantedBy: number | null; readonly at: Instant },
): Promise<number[]> {
  const ids: number[] = [];
  for (const { role, organizationId, systemId, campaignId, expiresAt } of grants) {
    const { rows } = await tx.query<{ id: number }>(
      `insert into access_grant (account_id, role, organization_id, system_id, campaign_id, expires_at, granted_by, granted_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning access_grant_id as id`,
      [accountId, role, organizationId, systemId, campaignId, expiresAt, grantedBy, at],
    );
    ids.push(...rows.map(({ id }) => id));
  }
  return ids;
}

/** False: there is no such grant, or it was revoked before. */
export async function revokeGrant(
  tx: Tx,
  grantId: number,
  { revokedBy, at }: { readonly revokedBy: number; readonly at: Instant },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update access_grant set revoked_at = $2, revoked_by = $3 where access_grant_id = $1 and revoked_at is null',
    [grantId, at, revokedBy],
  );
  return rowCount === 1;
}

/** A grant that holds at this moment, as a request needs it. */
export interface LiveGrant {
  readonly grantId: number;
  readonly role: string;
  readonly organizationId: number | null;
  readonly systemId: number | null;
  readonly campaignId: number | null;
}

/** Asked at each request, so that an end or a revocation works at the very next one. */
export async function liveGrants(db: Db, accountId: number, at: Date): Promise<LiveGrant[]> {
  const { rows } = await db.query<LiveGrant>(
    `select access_grant_id as "grantId", role, organization_id as "organizationId", system_id as "systemId", campaign_id as "campaignId"
     from access_grant where account_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
     order by access_grant_id`,
    [accountId, at],
  );
  return rows;
}
