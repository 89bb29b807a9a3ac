import type { RegisterRecord } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';
import { prepared } from './prepared.ts';
import { type JsonRow, namesOf, recordOf, writtenOf } from './record-columns.ts';
import { type Columns, type FieldChanges, updateRecord } from './records.ts';

export interface OrganizationRow {
  readonly organizationId: number;
  readonly code: string;
  readonly name: string;
  readonly nameZh: string | null;
  /** Null also where the caller may not see it. */
  readonly parentId: number | null;
  readonly status: 'active' | 'merged' | 'dissolved';
  readonly collecting: boolean;
  readonly crossTool: boolean;
  readonly steadyProof: boolean;
}

/** Columns of an organization `o`. The id of a parent that the transaction may not see tells nothing; it is left out. */
export const ORGANIZATION = `o.organization_id as "organizationId", o.org_code as code, o.name, o.name_zh as "nameZh",
  (select p.organization_id from organization p where p.organization_id = o.parent_id) as "parentId", o.status, o.collecting,
  o.cross_tool as "crossTool", o.steady_proof as "steadyProof"`;

export interface OrganizationFilter {
  /** Part of a name, the short name, the code or the social credit code. */
  readonly q?: string | undefined;
  /** This node and what is below it. */
  readonly below?: number | undefined;
  /** Code of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** In the order of their codes. */
export async function searchOrganizations(
  db: Db,
  { q, below, after = '', limit }: OrganizationFilter,
): Promise<OrganizationRow[]> {
  const values: unknown[] = [after, limit];
  const conditions: string[] = ['o.org_code > $1'];
  if (q !== undefined)
    conditions.push(`position($${values.push(q.normalize('NFKC').toLowerCase())} in o.search_text) > 0`);
  if (below !== undefined) {
    conditions.push(
      `o.organization_id in (select organization_id from organization_ancestor where ancestor_id = $${values.push(below)})`,
    );
  }
  // The page is found in an index that holds nothing but these columns.
  const { rows } = await db.query<OrganizationRow>(
    prepared(
      `with page as materialized (
       select o.organization_id from organization o where ${conditions.join(' and ')} order by o.org_code limit $2)
     select ${ORGANIZATION} from page join organization o using (organization_id) order by o.org_code`,
      values,
    ),
  );
  return rows;
}

export async function findOrganization(db: Db, organizationId: number): Promise<OrganizationRow | null> {
  const { rows } = await db.query<OrganizationRow>(
    prepared(`select ${ORGANIZATION} from organization o where o.organization_id = $1`, [organizationId]),
  );
  return rows[0] ?? null;
}

export async function organizationExists(db: Db, organizationId: number): Promise<boolean> {
  const found = await db.query('select from organization where organization_id = $1', [organizationId]);
  return found.rowCount === 1;
}

export interface OrganizationRecord {
  readonly record: RegisterRecord;
  readonly version: number;
  readonly mergedInto: number | null;
}

/** What the register says of it; without the code of its parent. */
export async function organizationRecord(db: Db, organizationId: number): Promise<OrganizationRecord | null> {
  const { rows } = await db.query<{ row: JsonRow; version: number; merged_into: number | null }>(
    prepared(
      `select to_jsonb(o) as row, version, (select m.organization_id from organization m where m.organization_id = o.merged_into) as merged_into
     from organization o where o.organization_id = $1`,
      [organizationId],
    ),
  );
  const found = rows[0];
  if (found === undefined) return null;
  return {
    record: recordOf('organization', found.row),
    version: found.version,
    mergedInto: found.merged_into,
  };
}

export interface NewOrganization {
  readonly name: string;
  readonly nameZh: string | null;
  readonly parentId?: number | null;
  readonly changes?: FieldChanges;
}

/**
 * A text says what is taken: its code, or under the same parent its name. The parent must be visible, and only whoever sees
 * the whole installation can do without one.
 */
export async function insertOrganization(
  tx: Db,
  { name, nameZh, parentId = null, changes = {} }: NewOrganization,
): Promise<OrganizationRow | 'CODE_TAKEN' | 'NAME_TAKEN'> {
  const { columns, fields } = writtenOf('organization', changes);
  const drawn = await tx.query<{ id: number }>(
    `select nextval('organization_organization_id_seq')::int as id`,
  );
  const id = drawn.rows[0]?.id;
  if (id === undefined) throw new Error('no id was drawn for an organization');
  const given = { organization_id: id, name, name_zh: nameZh, parent_id: parentId, ...columns };
  const names = Object.keys(given);
  // Neither `returning` nor a named conflict: both would look at the row before the tree makes it visible.
  const { rowCount } = await tx.query(
    `insert into organization (${[...names, 'fields'].join(', ')}) overriding system value
     values (${names.map((_, at) => `$${at + 1}`).join(', ')}, jsonb_strip_nulls($${names.length + 1}::jsonb)) on conflict do nothing`,
    [...Object.values(given), JSON.stringify(fields)],
  );
  const row = rowCount === 1 ? await findOrganization(tx, id) : null;
  if (row !== null) return row;
  const sibling = await tx.query(
    'select from organization where parent_id is not distinct from $1 and name = $2',
    [parentId, name],
  );
  return 'organizationCode' in changes && sibling.rowCount === 0 ? 'CODE_TAKEN' : 'NAME_TAKEN';
}

/**
 * False: it has another version by now. `besides`: parent_id, merged_into, collecting.
 * @throws the database's error for a code or name that is taken, and for a circle (register-refusal.ts)
 */
export async function updateOrganization(
  tx: Tx,
  organizationId: number,
  {
    version,
    changes,
    besides,
  }: { readonly version: number; readonly changes: FieldChanges; readonly besides: Columns },
): Promise<boolean> {
  const named = 'name' in changes || 'nameZh' in changes;
  const names = named ? await changedNames(tx, organizationId, changes) : {};
  return updateRecord(tx, 'organization', {
    id: organizationId,
    version,
    changes,
    besides: { ...besides, ...names },
  });
}

async function changedNames(tx: Tx, organizationId: number, changes: FieldChanges): Promise<Columns> {
  const stored = (await organizationRecord(tx, organizationId))?.record ?? {};
  const merged = Object.fromEntries(
    Object.entries({ ...stored, ...changes }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value]],
    ),
  );
  return namesOf(merged);
}

/** Whether something may be put below this node: it is visible, or null and the transaction sees the installation. */
export async function mayLieBelow(tx: Tx, parentId: number | null): Promise<boolean> {
  if (parentId !== null) return organizationExists(tx, parentId);
  const { rows } = await tx.query<{ wide: boolean }>(`select current_user = 'backcheck_wide' as wide`);
  return rows[0]?.wide === true;
}
