import type { Instant } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';
import { prepared } from './prepared.ts';

/** A role on a node of the tree; which roles there are is core's. */
export interface NewGrant {
  readonly role: string;
  /** Null: the whole installation. */
  readonly organizationId: number | null;
  readonly systemId: number | null;
  readonly campaignId: number | null;
  readonly expiresAt: Instant | null;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A grant that holds, as people read it. */
export interface GrantRow {
  readonly grantId: number;
  readonly accountId: number;
  readonly role: string;
  readonly organization: (Named & { readonly nameZh: string | null }) | null;
  readonly system: Named | null;
  readonly campaign: Named | null;
  readonly expiresAt: Date | null;
  readonly grantedAt: Date;
  /** Name of the account. */
  readonly grantedBy: string | null;
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

const GRANTS = `
select g.access_grant_id as "grantId", g.account_id as "accountId", g.role,
  case when o.organization_id is not null then jsonb_build_object('id', o.organization_id::text, 'name', o.name, 'nameZh', o.name_zh) end as organization,
  case when s.system_id is not null then jsonb_build_object('id', s.system_id::text, 'name', s.name) end as system,
  case when c.campaign_id is not null then jsonb_build_object('id', c.campaign_id::text, 'name', c.title) end as campaign,
  g.expires_at as "expiresAt", g.granted_at as "grantedAt", b.name as "grantedBy"
from access_grant g
left join organization o on o.organization_id = g.organization_id
left join system s on s.organization_id = g.organization_id and s.system_id = g.system_id
left join campaign c on c.campaign_id = g.campaign_id
left join account b on b.account_id = g.granted_by`;

/** Also those whose end has passed, which a screen shows as such; what was revoked is history. */
export async function listGrants(db: Db, accountId: number): Promise<GrantRow[]> {
  const { rows } = await db.query<GrantRow>(
    `${GRANTS} where g.account_id = $1::bigint and g.revoked_at is null order by g.access_grant_id`,
    [accountId],
  );
  return rows;
}

export async function findGrant(db: Db, grantId: number): Promise<GrantRow | null> {
  const { rows } = await db.query<GrantRow>(
    `${GRANTS} where g.access_grant_id = $1::bigint and g.revoked_at is null`,
    [grantId],
  );
  return rows[0] ?? null;
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
    prepared(
      `select access_grant_id as "grantId", role, organization_id as "organizationId", system_id as "systemId", campaign_id as "campaignId"
     from access_grant where account_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
     order by access_grant_id`,
      [accountId, at],
    ),
  );
  return rows;
}

/** Whether an organization has this system, as far as the transaction sees it. */
export async function systemExists(tx: Tx, organizationId: number, systemId: number): Promise<boolean> {
  const { rowCount } = await tx.query('select from system where organization_id = $1 and system_id = $2', [
    organizationId,
    systemId,
  ]);
  return rowCount === 1;
}
