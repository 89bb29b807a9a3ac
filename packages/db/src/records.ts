import type { FieldValue, RegisterKind } from '@backcheck/core';
import type { Tx } from './pool.ts';
import { type ColumnValue, TABLES, writtenOf } from './record-columns.ts';

/** Fields of the catalogue with their new values; null clears. */
export type FieldChanges = Readonly<Record<string, FieldValue | null>>;
/** Columns that no field of the catalogue is for. */
export type Columns = Readonly<Record<string, ColumnValue>>;

/**
 * Writes what changed, if the record still has this version. False: it has another one, is gone, or is not visible.
 * Who did it and what stood there before is kept by triggers (0009_registers.sql).
 * @throws the database's error for a code or name that is taken (register-refusal.ts)
 */
export async function updateRecord(
  tx: Tx,
  kind: RegisterKind,
  {
    id,
    version,
    changes,
    besides = {},
  }: {
    readonly id: string | number;
    readonly version: number;
    readonly changes: FieldChanges;
    readonly besides?: Columns;
  },
): Promise<boolean> {
  const { columns, fields } = writtenOf(kind, changes);
  const values: unknown[] = [id, version];
  const sets = Object.entries({ ...columns, ...besides }).map(
    ([column, value]) => `${column} = $${values.push(value)}`,
  );
  if (Object.keys(fields).length > 0) {
    sets.push(`fields = jsonb_strip_nulls(fields || $${values.push(JSON.stringify(fields))}::jsonb)`);
  }
  const { table, id: key } = TABLES[kind];
  const set = sets.length === 0 ? 'fields = fields' : sets.join(', ');
  const { rowCount } = await tx.query(
    `update ${table} set ${set} where ${key} = $1 and version = $2`,
    values,
  );
  return rowCount === 1;
}

/** Returns the id. */
export async function insertRecord(
  tx: Tx,
  kind: RegisterKind,
  { changes, besides }: { readonly changes: FieldChanges; readonly besides: Columns },
): Promise<string> {
  const { columns, fields } = writtenOf(kind, changes);
  const given = { ...columns, ...besides };
  const { table, id } = TABLES[kind];
  const names = Object.keys(given);
  const { rows } = await tx.query<{ id: string }>(
    `insert into ${table} (${[...names, 'fields'].join(', ')})
     values (${names.map((_, at) => `$${at + 1}`).join(', ')}, jsonb_strip_nulls($${names.length + 1}::jsonb)) returning ${id}::text as id`,
    [...Object.values(given), JSON.stringify(fields)],
  );
  const made = rows[0]?.id;
  if (made === undefined) throw new Error(`insert into ${table} returned nothing`);
  return made;
}
