import type { FieldValue, Instant } from '@backcheck/core';
import type { Db } from './pool.ts';
import { fieldName, type JsonRow } from './record-columns.ts';

export type RecordKind = 'organization' | 'system' | 'asset' | 'contact' | 'key_list';

export interface RecordChange {
  readonly id: string;
  readonly at: Instant;
  readonly by: { readonly accountId: number; readonly name: string } | null;
  readonly via: 'session' | 'api-key' | 'job' | null;
  readonly registerImportId: string | null;
  readonly kind: RecordKind;
  readonly recordId: string;
  readonly action: 'created' | 'updated' | 'deleted';
  readonly fields: readonly {
    readonly field: string;
    readonly before: FieldValue | null;
    readonly after: FieldValue | null;
  }[];
}

interface Row extends Omit<RecordChange, 'at' | 'by' | 'fields'> {
  readonly at: Date;
  readonly account_id: number | null;
  readonly account_name: string | null;
  readonly before: JsonRow;
  readonly after: JsonRow;
}

export interface ChangeFilter {
  readonly organizationId: number;
  readonly kinds: readonly RecordKind[];
  readonly recordId?: string | undefined;
  /** Id of the last one of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Latest first. */
export async function listChanges(
  db: Db,
  { organizationId, kinds, recordId, before, limit }: ChangeFilter,
): Promise<RecordChange[]> {
  const { rows } = await db.query<Row>(
    `select c.register_change_id as id, c.at, c.account_id, account_name(c.account_id) as account_name, c.via,
       c.register_import_id as "registerImportId", c.record_kind as kind, c.record_id as "recordId", c.action, c.before, c.after
     from register_change c
     where c.organization_id = $1 and c.record_kind = any ($2) and ($3::bigint is null or c.record_id = $3)
       and ($4::bigint is null or c.register_change_id < $4)
     order by c.register_change_id desc limit $5`,
    [organizationId, kinds, recordId ?? null, before ?? null, limit],
  );
  return (await withoutForeign(db, rows)).map(changeOf);
}

/** Columns that name an organization. */
const NAMING = ['organization_id', 'parent_id', 'merged_into'];

/** A record may have come from an organization, or gone to one, that the transaction does not see. */
async function withoutForeign(db: Db, rows: readonly Row[]): Promise<readonly Row[]> {
  const named = rows.flatMap(({ before, after }) =>
    NAMING.flatMap((column) => [before[column] ?? [], after[column] ?? []].flat()),
  );
  if (named.length === 0) return rows;
  const seen = await db.query<{ id: number }>(
    'select organization_id as id from organization where organization_id = any ($1::int[])',
    [named],
  );
  const ids = new Set<unknown>(seen.rows.map(({ id }) => id));
  const shown = (side: JsonRow): JsonRow =>
    Object.fromEntries(
      Object.entries(side).filter(([column, value]) => !NAMING.includes(column) || ids.has(value)),
    );
  return rows.map((row) => ({ ...row, before: shown(row.before), after: shown(row.after) }));
}

function changeOf({ at, account_id, account_name, before, after, ...row }: Row): RecordChange {
  const columns = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return {
    ...row,
    at: at.toISOString(),
    by: account_id === null ? null : { accountId: account_id, name: account_name ?? '' },
    fields: columns
      .filter((column) => !OWN_ID.has(column))
      .map((column) => ({
        field: fieldName(row.kind, column),
        before: shownValue(before[column]),
        after: shownValue(after[column]),
      })),
  };
}

/** The record's own id is said already. */
const OWN_ID = new Set(['asset_id', 'contact_id', 'key_list_id']);

function shownValue(value: unknown): FieldValue | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.map(String) : JSON.stringify(value);
}
