import type { RegisterKind } from '@backcheck/core';
import type { Tx } from './pool.ts';
import { TABLES } from './record-columns.ts';

/** From here on every version of a record says that this import made it. */
export async function nameRegisterImport(tx: Tx, id: string): Promise<void> {
  await tx.query(`select set_config('app.register_import', $1, true)`, [id]);
}

/**
 * Takes the organizations that the import changes, before anything of theirs: scan imports and hand-overs do so too, so
 * one waits for the other and neither holds what the other needs. The transaction must see all of them.
 */
export async function lockOrganizationsOf(tx: Tx, id: string): Promise<void> {
  await tx.query(
    `select from organization where organization_id in (select organization_id from register_import_row where register_import_id = $1)
       or org_code in (select organization_code from register_import_row where register_import_id = $1)
     order by organization_id for no key update`,
    [id],
  );
}

/** Rows that are to be applied; errors and conflicts never are. */
export interface ExpectedRows {
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  /** Of those changed, organizations that get another parent or status. */
  readonly placed: number;
}

const PLACED = `r.kind = 'organization' and r.outcome = 'changed' and r.changes ?| array['parentCode', 'status']`;

export async function expectedRows(tx: Tx, id: string): Promise<Map<RegisterKind, ExpectedRows>> {
  const { rows } = await tx.query<ExpectedRows & { kind: RegisterKind }>(
    `select kind, count(*) filter (where outcome = 'new')::int as new, count(*) filter (where outcome = 'changed')::int as changed,
       count(*) filter (where outcome = 'same')::int as same, count(*) filter (where ${PLACED})::int as placed
     from register_import_row r where register_import_id = $1 group by kind`,
    [id],
  );
  return new Map(rows.map((row) => [row.kind, row]));
}

/** r: a staged row of this import and kind; t: its record; x: the columns that it will have. */
const STAGED = 'r.register_import_id = $1 and r.kind = $2';
const STORED = (kind: RegisterKind) =>
  `t.organization_id = r.organization_id and t.${TABLES[kind].id} = r.record_id and t.version = r.version`;
const VALUES = (kind: RegisterKind) =>
  `cross join lateral jsonb_populate_record(null::${TABLES[kind].table}, r.columns) x`;

const columnsOf = (kind: RegisterKind): string[] => [
  ...Object.values(TABLES[kind].columns),
  ...(kind === 'organization' ? ['name', 'name_zh'] : []),
];

/** How many of the staged records are still as they were when the difference was made, and within this scope. */
export async function countUntouched(tx: Tx, id: string, kind: RegisterKind): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::int as count from register_import_row r join ${TABLES[kind].table} t on ${STORED(kind)}
     where ${STAGED} and r.outcome in ('same', 'changed')`,
    [id, kind],
  );
  return rows[0]?.count ?? 0;
}

/** How many organizations that get another parent or status are within this scope, the new parent too. */
export async function countPlaceable(tx: Tx, id: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::int as count from register_import_row r join organization t on ${STORED('organization')}
     where r.register_import_id = $1 and ${PLACED} and (not r.changes ? 'parentCode' or r.parent_code is null
       or exists (select from organization p where p.org_code = r.parent_code))`,
    [id],
  );
  return rows[0]?.count ?? 0;
}

/** What scans know of an asset is theirs; only one that none has met takes its name from the register. */
const UNVISITED =
  'not exists (select from visit v where v.organization_id = t.organization_id and v.asset_id = t.asset_id)';

const UPDATES: Readonly<Record<RegisterKind, { readonly joins: string; readonly sets: readonly string[] }>> =
  {
    organization: {
      joins: 'left join organization p on p.org_code = r.parent_code',
      sets: [
        `parent_id = case when r.changes ? 'parentCode' then p.organization_id else t.parent_id end`,
        `merged_into = case when x.status = 'merged' then t.merged_into end`,
      ],
    },
    system: { joins: '', sets: [] },
    asset: {
      joins: 'left join system s on s.organization_id = r.organization_id and s.sys_code = r.system_code',
      sets: [
        'system_id = s.system_id',
        'registered_at = coalesce(t.registered_at, now())',
        `identity = case when ${UNVISITED} then r.identity else t.identity end`,
        'identifiers = r.identifiers',
      ],
    },
    contact: {
      joins: '',
      // a sheet has the day only, and does not say who
      sets: [
        `last_verified_at = case when r.changes ? 'lastVerifiedAt' then x.last_verified_at else t.last_verified_at end`,
        `verified_by = case when r.changes ? 'lastVerifiedAt' then null else t.verified_by end`,
      ],
    },
  };

/** Returns how many were changed: fewer than expected when somebody else was faster. */
export async function applyChanged(tx: Tx, id: string, kind: RegisterKind): Promise<number> {
  const { joins, sets } = UPDATES[kind];
  const columns = columnsOf(kind)
    .filter((column) => column !== 'last_verified_at')
    .map((column) => `${column} = x.${column}`);
  const { rowCount } = await tx.query(
    `update ${TABLES[kind].table} t set ${[...columns, 'fields = r.fields', ...sets].join(', ')}
     from register_import_row r ${VALUES(kind)} ${joins} where ${STAGED} and r.outcome = 'changed' and ${STORED(kind)}`,
    [id, kind],
  );
  return rowCount ?? 0;
}

/** Inserts the new ones and returns how many. */
export async function applyNew(tx: Tx, id: string, kind: RegisterKind): Promise<number> {
  if (kind === 'organization') return applyNewOrganizations(tx, id);
  const columns = columnsOf(kind);
  const [more, values, joins] =
    kind === 'asset'
      ? [
          ', system_id, identity, identifiers, registered_at',
          ', s.system_id, r.identity, r.identifiers, now()',
          'left join system s on s.organization_id = o.organization_id and s.sys_code = r.system_code',
        ]
      : ['', '', ''];
  const { rowCount } = await tx.query(
    `insert into ${TABLES[kind].table} (organization_id, ${columns.join(', ')}, fields${more})
     select o.organization_id, ${columns.map((column) => `x.${column}`).join(', ')}, r.fields${values}
     from register_import_row r ${VALUES(kind)} join organization o on o.org_code = r.organization_code ${joins}
     where ${STAGED} and r.outcome = 'new' order by r.sheet_no, r.row_no`,
    [id, kind],
  );
  return rowCount ?? 0;
}

/** Level by level, because a parent may be new in the same file. */
async function applyNewOrganizations(tx: Tx, id: string): Promise<number> {
  const columns = columnsOf('organization');
  for (let total = 0; ; ) {
    const { rowCount } = await tx.query(
      `insert into organization (parent_id, ${columns.join(', ')}, fields)
       select p.organization_id, ${columns.map((column) => `x.${column}`).join(', ')}, r.fields
       from register_import_row r ${VALUES('organization')} left join organization p on p.org_code = r.parent_code
       where ${STAGED} and r.outcome = 'new' and (p.organization_id is null) = (r.parent_code is null)
         and not exists (select from organization o where o.org_code = r.organization_code)
       order by r.sheet_no, r.row_no`,
      [id, 'organization'],
    );
    if (!rowCount) return total;
    total += rowCount;
  }
}
