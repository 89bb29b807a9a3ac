import type { Db } from './pool.ts';

export interface OrganizationRow {
  readonly organizationId: number;
  readonly name: string;
  readonly nameZh: string | null;
  readonly crossTool: boolean;
}

const ORGANIZATION = `organization_id as "organizationId", name, name_zh as "nameZh", cross_tool as "crossTool"`;

/** By id; the tree and its paging come with the registers. */
export async function listOrganizations(db: Db): Promise<OrganizationRow[]> {
  const found = await db.query<OrganizationRow>(
    `select ${ORGANIZATION} from organization order by organization_id`,
  );
  return found.rows;
}

/** Null when the name is taken. */
export async function insertOrganization(
  db: Db,
  organization: { readonly name: string; readonly nameZh: string | null },
): Promise<OrganizationRow | null> {
  const inserted = await db.query<OrganizationRow>(
    `insert into organization (name, name_zh) values ($1, $2) on conflict (parent_id, name) do nothing returning ${ORGANIZATION}`,
    [organization.name, organization.nameZh],
  );
  return inserted.rows[0] ?? null;
}

export async function findOrganization(db: Db, organizationId: number): Promise<OrganizationRow | null> {
  const found = await db.query<OrganizationRow>(
    `select ${ORGANIZATION} from organization where organization_id = $1`,
    [organizationId],
  );
  return found.rows[0] ?? null;
}

export async function organizationExists(db: Db, organizationId: number): Promise<boolean> {
  const found = await db.query('select from organization where organization_id = $1', [organizationId]);
  return found.rowCount === 1;
}
