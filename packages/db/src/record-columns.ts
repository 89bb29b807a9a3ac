import type { FieldValue, RegisterKind, RegisterRecord } from '@backcheck/core';

/** A row of a register's table as `to_jsonb` writes it. */
export type JsonRow = Readonly<Record<string, unknown>>;

/** The tables of the registers, and which fields of the catalogue have a column (0009_registers.sql). */
export const TABLES = {
  organization: {
    table: 'organization',
    id: 'organization_id',
    columns: {
      organizationCode: 'org_code',
      kind: 'kind',
      sector: 'sector',
      regionCode: 'region_code',
      uscc: 'uscc',
      status: 'status',
    },
    // two columns that do not say which language a single name is in (namesOf)
    besides: ['nameZh', 'name', 'parentCode'],
  },
  system: {
    table: 'system',
    id: 'system_id',
    columns: {
      systemCode: 'sys_code',
      name: 'name',
      mlpsLevel: 'mlps_level',
      mlpsFilingNumber: 'mlps_filing_no',
      criticality: 'criticality',
      access: 'access',
      ownerPerson: 'owner_person',
    },
    besides: ['organizationCode'],
  },
  asset: {
    table: 'asset',
    id: 'asset_id',
    columns: {
      assetCode: 'asset_code',
      type: 'type',
      exposure: 'exposure',
      edgeDevice: 'edge_device',
      supportEndOn: 'support_end_on',
      state: 'register_state',
    },
    besides: ['organizationCode', 'systemCode'],
  },
  contact: {
    table: 'contact',
    id: 'contact_id',
    columns: {
      role: 'role',
      name: 'name',
      mobile: 'mobile',
      phone: 'phone',
      email: 'email',
      im: 'im',
      channel: 'channel',
      order: 'position',
      validFrom: 'valid_from',
      validTo: 'valid_to',
      lastVerifiedAt: 'last_verified_at',
    },
    besides: ['organizationCode'],
  },
} as const satisfies Record<
  RegisterKind,
  { table: string; id: string; columns: Record<string, string>; besides: readonly string[] }
>;

const columnsOf = (kind: RegisterKind): Readonly<Record<string, string>> => TABLES[kind].columns;
const besides = (kind: RegisterKind): readonly string[] => TABLES[kind].besides;

/** A contact without an order is called last. */
const LAST = 999;
/** The two registers' columns that are not empty when their field is. */
const WHEN_EMPTY: Readonly<Record<string, FieldValue>> = {
  position: LAST,
  status: 'active',
  register_state: 'confirmed',
};

export type ColumnValue = string | number | boolean | null;

/** What to write: values of columns, and the fields that have none. Null clears. */
export interface Written {
  readonly columns: Readonly<Record<string, ColumnValue>>;
  readonly fields: Readonly<Record<string, FieldValue | null>>;
}

/** `changes` are fields of the catalogue with their new values, null where they are cleared. */
export function writtenOf(kind: RegisterKind, changes: Readonly<Record<string, FieldValue | null>>): Written {
  const columns: Record<string, ColumnValue> = {};
  const fields: Record<string, FieldValue | null> = {};
  for (const [key, value] of Object.entries(changes)) {
    const column = columnsOf(kind)[key];
    if (column !== undefined) columns[column] = columnValue(column, value);
    else if (!besides(kind).includes(key)) fields[key] = value;
  }
  return { columns, fields };
}

function columnValue(column: string, value: FieldValue | null): ColumnValue {
  const stored = value ?? WHEN_EMPTY[column] ?? null;
  if (column === 'mlps_level') return stored === 'not-graded' || stored === null ? null : Number(stored);
  return typeof stored === 'object' ? null : stored;
}

/** The record that a row holds. */
export function recordOf(kind: RegisterKind, row: JsonRow): RegisterRecord {
  const record: Record<string, FieldValue> = {};
  for (const [key, column] of Object.entries(columnsOf(kind))) {
    const value = fieldOfColumn(column, row[column]);
    if (value !== null) record[key] = value;
  }
  if (kind === 'organization') Object.assign(record, namesOfRow(row));
  return { ...record, ...asFields(row['fields']) };
}

function fieldOfColumn(column: string, value: unknown): FieldValue | null {
  if (column === 'mlps_level') return typeof value === 'number' ? String(value) : 'not-graded';
  if (column === 'position' && value === LAST) return null;
  if (column === 'last_verified_at' && typeof value === 'string') return value.slice(0, 10);
  return isFieldValue(value) ? value : null;
}

const isFieldValue = (value: unknown): value is FieldValue =>
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (Array.isArray(value) && value.every((one) => typeof one === 'string'));

const asFields = (value: unknown): Record<string, FieldValue> =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([, one]) => isFieldValue(one)))
    : {};

/** Both names given: `name` is the English one. One given: it is `name`, whatever its language. */
export function namesOf({ name, nameZh }: RegisterRecord): {
  readonly name: string;
  readonly name_zh: string | null;
} {
  const [english, chinese] = [name, nameZh].map((one) => (typeof one === 'string' ? one : null));
  if (english != null && chinese != null) return { name: english, name_zh: chinese };
  return { name: english ?? chinese ?? '', name_zh: null };
}

function namesOfRow({ name, name_zh }: JsonRow): RegisterRecord {
  if (typeof name !== 'string') return {};
  if (typeof name_zh === 'string') return { name, nameZh: name_zh };
  return /\p{Script=Han}/u.test(name) ? { nameZh: name } : { name };
}

/** Names of columns in the history, as fields of the catalogue or, where there is none, in our own spelling. */
const OTHER_COLUMNS: Readonly<Record<string, string>> = {
  name_zh: 'nameZh',
  parent_id: 'parentId',
  merged_into: 'mergedInto',
  cross_tool: 'crossTool',
  steady_proof: 'steadyProof',
  organization_id: 'organizationId',
  system_id: 'systemId',
  exposure_declared_at: 'exposureDeclaredAt',
  exposure_declared_by: 'exposureDeclaredBy',
  verified_by: 'verifiedBy',
  approved_by: 'approvedBy',
  valid_from: 'validFrom',
  valid_to: 'validTo',
};

const FIELD_OF_COLUMN = new Map(
  Object.entries(TABLES).map(([kind, { columns }]) => [
    kind,
    new Map<string, string>(Object.entries(columns).map(([key, column]) => [column, key])),
  ]),
);

/** "org_code" -> "organizationCode" */
export const fieldName = (kind: string, column: string): string =>
  FIELD_OF_COLUMN.get(kind)?.get(column) ?? OTHER_COLUMNS[column] ?? column;
