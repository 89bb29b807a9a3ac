import type { Identifier, RegisterKind, RegisterRecord } from '@backcheck/core';
import type { Db } from './pool.ts';
import { type JsonRow, recordOf, TABLES } from './record-columns.ts';

/** A node as the checks of the tree need it. */
export interface VisibleOrganization {
  readonly organizationId: number;
  readonly code: string;
  /** Null: it has none, or one that is not visible here. */
  readonly parentCode: string | null;
  readonly parentId: number | null;
  readonly name: string;
}

/** All that this scope shows: ids and names only, some 100 bytes each. */
export async function visibleOrganizations(db: Db): Promise<VisibleOrganization[]> {
  const { rows } = await db.query<VisibleOrganization>(
    `select o.organization_id as "organizationId", o.org_code as code, p.org_code as "parentCode", o.parent_id as "parentId", o.name
     from organization o left join organization p on p.organization_id = o.parent_id`,
  );
  return rows;
}

export interface StoredRecord {
  readonly organizationId: number;
  readonly recordId: string;
  readonly version: number;
  /** Of assets: as scans name it, and whether one has met it. */
  readonly identity: string | null;
  readonly identifiers: readonly Identifier[];
  readonly visited: boolean;
  /** As the catalogue has it, with the codes that it refers to. */
  readonly record: RegisterRecord;
}

interface Row {
  readonly row: JsonRow;
  readonly identifiers: readonly Identifier[];
  readonly visited: boolean;
  /** Codes of what it refers to; null where there is none. */
  readonly refers: Readonly<Record<string, string | null>>;
}

const REFERS: Readonly<Record<RegisterKind, { readonly codes: string; readonly joins: string }>> = {
  organization: {
    codes: `'organizationCode', t.org_code, 'parentCode', p.org_code`,
    joins: 'left join organization p on p.organization_id = t.parent_id',
  },
  system: {
    codes: `'organizationCode', o.org_code`,
    joins: 'join organization o on o.organization_id = t.organization_id',
  },
  asset: {
    codes: `'organizationCode', o.org_code, 'systemCode', s.sys_code`,
    joins: `join organization o on o.organization_id = t.organization_id
      left join system s on s.organization_id = t.organization_id and s.system_id = t.system_id`,
  },
  contact: {
    codes: `'organizationCode', o.org_code`,
    joins: 'join organization o on o.organization_id = t.organization_id',
  },
};

const VISITED =
  'exists (select from visit v where v.organization_id = t.organization_id and v.asset_id = t.asset_id)';

/** `t`: the record. */
export const selectRecords = (kind: RegisterKind): { readonly columns: string; readonly from: string } => ({
  columns: `to_jsonb(t) as row, jsonb_strip_nulls(jsonb_build_object(${REFERS[kind].codes})) as refers,
    ${kind === 'asset' ? `t.identifiers, ${VISITED} as visited` : `'[]'::jsonb as identifiers, false as visited`}`,
  from: `${TABLES[kind].table} t ${REFERS[kind].joins}`,
});

export function storedRecord(kind: RegisterKind, { row, refers, identifiers, visited }: Row): StoredRecord {
  return {
    organizationId: Number(row['organization_id']),
    recordId: String(row[TABLES[kind].id]),
    version: Number(row['version']),
    identity: typeof row['identity'] === 'string' ? row['identity'] : null,
    identifiers,
    visited,
    record: { ...recordOf(kind, row), ...(refers as RegisterRecord) },
  };
}

const CODE: Readonly<Partial<Record<RegisterKind, string>>> = {
  organization: 'org_code',
  system: 'sys_code',
  asset: 'asset_code',
};

/** Which of these codes an organization has that may not be visible here. `wide` sees all of them. */
export async function takenOrganizationCodes(wide: Db, codes: readonly string[]): Promise<Set<string>> {
  const { rows } = await wide.query<{ code: string }>(
    'select org_code as code from organization where org_code = any ($1)',
    [codes],
  );
  return new Set(rows.map(({ code }) => code));
}

export interface RecordKey {
  readonly organizationId: number;
  readonly code: string;
}

/** The stored records of these names. Contacts have no code: all of their organizations are given. */
export async function storedRecords(
  db: Db,
  kind: RegisterKind,
  keys: readonly RecordKey[],
): Promise<StoredRecord[]> {
  const organizations = keys.map(({ organizationId }) => organizationId);
  const { columns, from } = selectRecords(kind);
  const code = CODE[kind];
  const { rows } =
    code === undefined
      ? await db.query<Row>(`select ${columns} from ${from} where t.organization_id = any ($1)`, [
          organizations,
        ])
      : await db.query<Row>(
          `select ${columns} from unnest($1::int[], $2::text[]) as k(organization_id, code)
           join ${from} on true where t.organization_id = k.organization_id and t.${code} = k.code collate "C"`,
          [organizations, keys.map((key) => key.code)],
        );
  return rows.map((row) => storedRecord(kind, row));
}

/** A name by which a scan may know an asset: "ip:192.0.2.7". `place` is the caller's own number of the row. */
export interface AssetName {
  readonly place: number;
  readonly organizationId: number;
  readonly identity: string;
}

/** Assets that carry one of these names as their own, or carried one that machines keep (a MAC, a serial number, ...). */
export async function assetsNamed(
  db: Db,
  names: readonly AssetName[],
): Promise<(StoredRecord & { readonly place: number })[]> {
  const { columns, from } = selectRecords('asset');
  const { rows } = await db.query<Row & { readonly place: number }>(
    `with named as (select * from unnest($1::int[], $2::int[], $3::text[]) as n(place, organization_id, identity)),
     found as (
       select n.place, a.organization_id, a.asset_id from named n join asset a using (organization_id, identity)
       union
       select n.place, i.organization_id, i.asset_id from named n join asset_identifier i
         on i.organization_id = n.organization_id and i.value = substr(n.identity, strpos(n.identity, ':') + 1)
         and i.kind = split_part(n.identity, ':', 1) and i.kind <> 'ip')
     select f.place, ${columns} from found f join ${from} on true
     where t.organization_id = f.organization_id and t.asset_id = f.asset_id`,
    [
      names.map(({ place }) => place),
      names.map(({ organizationId }) => organizationId),
      names.map(({ identity }) => identity),
    ],
  );
  return rows.map(({ place, ...row }) => ({ place, ...storedRecord('asset', row) }));
}
