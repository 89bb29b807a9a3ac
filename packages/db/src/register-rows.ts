import type { BalancedAsset, Instant, Link } from '@backcheck/core';
import type { Db } from './pool.ts';

/** core/observe/register.ts `holds`, of a row `l` of asset_link and the start of a visit. */
export const linkHolds = (
  startedAt: string,
): string => `l.withdrawn_at is null and case when ${startedAt} is null
  then l.valid_from is null and l.valid_until is null
  else (l.valid_from is null or l.valid_from <= ${startedAt}) and (l.valid_until is null or ${startedAt} < l.valid_until) end`;

export interface LinkRow extends Link {
  readonly linkId: string;
}

interface Row {
  readonly asset_link_id: string;
  readonly identity: string;
  readonly target: string;
  readonly valid_from: Date | null;
  readonly valid_until: Date | null;
}

const instant = (time: Date | null): Instant | null => time?.toISOString() ?? null;

/** The links of an organization that stand. */
export async function linksOf(db: Db, organizationId: number): Promise<LinkRow[]> {
  const { rows } = await db.query<Row>(
    `select asset_link_id, identity, target, valid_from, valid_until from asset_link
     where organization_id = $1 and withdrawn_at is null order by identity, valid_from nulls first`,
    [organizationId],
  );
  return rows.map(({ asset_link_id, identity, target, valid_from, valid_until }) => ({
    linkId: asset_link_id,
    identity,
    target,
    from: instant(valid_from),
    until: instant(valid_until),
  }));
}

/** "192.0.2.0/24" */
export async function dhcpRangesOf(db: Db, organizationId: number): Promise<string[]> {
  const { rows } = await db.query<{ cidr: string }>(
    `select cidr::text as cidr from address_range where organization_id = $1 and kind = 'dhcp' order by cidr`,
    [organizationId],
  );
  return rows.map((row) => row.cidr);
}

export async function balancedAssetsOf(db: Db, organizationId: number): Promise<BalancedAsset[]> {
  const { rows } = await db.query<BalancedAsset>(
    'select identity, backends from balanced_asset where organization_id = $1 order by identity',
    [organizationId],
  );
  return rows;
}
