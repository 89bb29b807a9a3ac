import type { Instant } from '@backcheck/core';
import { ORGANIZATION, type OrganizationRow } from './organizations.ts';
import type { Db, Tx } from './pool.ts';

export interface CampaignRow {
  readonly id: string;
  /** The node whose campaign it is; null: of the installation. */
  readonly organizationId: number | null;
  readonly code: string;
  readonly title: string;
  /** Organizations in it that the transaction sees. */
  readonly units: number;
  readonly createdAt: Instant;
}

type Row = Omit<CampaignRow, 'createdAt'> & { readonly created_at: Date };

const CAMPAIGN = `select c.campaign_id::text as id, c.organization_id as "organizationId", c.code, c.title, c.created_at,
  (select count(*)::int from campaign_unit u where u.campaign_id = c.campaign_id) as units from campaign c`;

const campaignOf = ({ created_at, ...row }: Row): CampaignRow => ({
  ...row,
  createdAt: created_at.toISOString(),
});

/** Latest first; `before` is the id of the last one of the page before. */
export async function listCampaigns(
  db: Db,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<CampaignRow[]> {
  const { rows } = await db.query<Row>(
    `${CAMPAIGN} where $1::bigint is null or c.campaign_id < $1 order by c.campaign_id desc limit $2`,
    [before ?? null, limit],
  );
  return rows.map(campaignOf);
}

export async function findCampaign(db: Db, id: string): Promise<CampaignRow | null> {
  const { rows } = await db.query<Row>(`${CAMPAIGN} where c.campaign_id = $1::bigint`, [id]);
  return rows[0] === undefined ? null : campaignOf(rows[0]);
}

export interface NewCampaign {
  readonly organizationId: number | null;
  readonly code: string;
  readonly title: string;
  readonly units: readonly number[];
}

/**
 * Null: one of the units is not visible.
 * @throws the database's error for a code that is taken (register-refusal.ts)
 */
export async function insertCampaign(
  tx: Tx,
  { organizationId, code, title, units }: NewCampaign,
): Promise<CampaignRow | null> {
  const { rows } = await tx.query<{ id: string }>(
    'insert into campaign (organization_id, code, title) values ($1, $2, $3) returning campaign_id::text as id',
    [organizationId, code, title],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('insert into campaign returned nothing');
  const added = await tx.query(
    `insert into campaign_unit (organization_id, campaign_id)
     select organization_id, $1::int from organization where organization_id = any ($2::int[])`,
    [id, units],
  );
  return added.rowCount === new Set(units).size ? findCampaign(tx, id) : null;
}

/** In the order of their codes; `after` is such a code. */
export async function campaignUnits(
  db: Db,
  campaignId: string,
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<OrganizationRow[]> {
  const { rows } = await db.query<OrganizationRow>(
    `select ${ORGANIZATION} from campaign_unit u join organization o using (organization_id)
     where u.campaign_id = $1::bigint and o.org_code > $2 order by o.org_code limit $3`,
    [campaignId, after, limit],
  );
  return rows;
}
