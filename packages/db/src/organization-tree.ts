import type { Severity } from '@backcheck/core';
import { ORGANIZATION, type OrganizationRow } from './organizations.ts';
import type { Db } from './pool.ts';
import { prepared } from './prepared.ts';

export interface TreeNode extends OrganizationRow {
  /** How many lie directly below it. */
  readonly children: number;
}

/** `parentId` null: the topmost that the transaction sees. In the order of their codes; `after` is such a code. */
export async function childrenOf(
  db: Db,
  {
    parentId,
    after = '',
    limit,
  }: { readonly parentId: number | null; readonly after?: string | undefined; readonly limit: number },
): Promise<TreeNode[]> {
  const { rows } = await db.query<TreeNode>(
    prepared(
      `with page as materialized (select organization_id from (${parentId === null ? TOPMOST : DIRECTLY_BELOW}) o order by org_code limit $2)
     select ${ORGANIZATION}, (select count(*)::int from organization c where c.parent_id = o.organization_id) as children
     from page join organization o using (organization_id) order by o.org_code`,
      [after, limit, ...(parentId === null ? [] : [parentId])],
    ),
  );
  return rows;
}

const DIRECTLY_BELOW =
  'select organization_id, org_code from organization where parent_id = $3 and org_code > $1';

/** For whoever sees everything the second part is not even begun: a parent is never missing then. */
const TOPMOST = `
  select organization_id, org_code from organization where parent_id is null and org_code > $1
  union all
  select o.organization_id, o.org_code
  from (select organization_id from visible_organization union select organization_id from visible_system) v join organization o using (organization_id)
  where current_user <> 'backcheck_wide' and o.parent_id is not null and o.org_code > $1 and not exists (select from organization p where p.organization_id = o.parent_id)`;

export interface Ancestor {
  readonly organizationId: number;
  readonly name: string;
  readonly nameZh: string | null;
}

/** The visible nodes above it, from the top. */
export async function ancestorsOf(db: Db, organizationId: number): Promise<Ancestor[]> {
  const { rows } = await db.query<Ancestor>(
    prepared(
      `select o.organization_id as "organizationId", o.name, o.name_zh as "nameZh"
     from organization_ancestor a join organization o on o.organization_id = a.ancestor_id
     where a.organization_id = $1 and a.depth > 0 order by a.depth desc`,
      [organizationId],
    ),
  );
  return rows;
}

/** How many visible organizations lie below it. */
export async function organizationsBelow(db: Db, organizationId: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    prepared(
      `select count(*)::int as count from organization_ancestor a where a.ancestor_id = $1 and a.depth > 0
       and (current_user = 'backcheck_wide' or a.organization_id in (select organization_id from organization))`,
      [organizationId],
    ),
  );
  return rows[0]?.count ?? 0;
}

/** Findings that are not verified-fixed. */
export type OpenFindings = Readonly<Record<Severity, number>>;

export interface OrganizationCounts {
  readonly assets: number;
  readonly openFindings: OpenFindings;
}

interface CountRow extends OpenFindings {
  readonly id: number;
  readonly assets: number;
}

const NOTHING: OrganizationCounts = {
  assets: 0,
  openFindings: { info: 0, low: 0, medium: 0, high: 0, critical: 0 },
};

const SUMS = ['assets', 'info', 'low', 'medium', 'high', 'critical']
  .map((column) => `coalesce(sum(c.${column}), 0)::int as ${column}`)
  .join(', ');

const countsFrom = (rows: readonly CountRow[], ids: readonly number[]): Map<number, OrganizationCounts> => {
  const found = new Map(rows.map(({ id, assets, ...openFindings }) => [id, { assets, openFindings }]));
  return new Map(ids.map((id) => [id, found.get(id) ?? NOTHING]));
};

/** Of each node together with the visible ones below it. */
export async function countsBelow(db: Db, ids: readonly number[]): Promise<Map<number, OrganizationCounts>> {
  // Not prepared: a plan for any node looks up each of ten thousand organizations below the top, which takes twice as long.
  const { rows } = await db.query<CountRow>(
    `select a.ancestor_id as id, ${SUMS} from organization_ancestor a join organization_count c using (organization_id)
     where a.ancestor_id = any ($1::int[]) group by a.ancestor_id`,
    [ids],
  );
  return countsFrom(rows, ids);
}

/** Of the organization itself. */
export async function ownCounts(db: Db, id: number): Promise<OrganizationCounts> {
  const { rows } = await db.query<CountRow>(
    prepared(
      `select c.organization_id as id, ${SUMS} from organization_count c where c.organization_id = $1 group by c.organization_id`,
      [id],
    ),
  );
  return countsFrom(rows, [id]).get(id) ?? NOTHING;
}
