import type { RegisterImport, RegisterMapping, RegisterSheet } from '@backcheck/contract';
import { CATALOGUE, mapColumns, type RegisterKind } from '@backcheck/core';

/** What one sheet is taken for, as a person changes it: its register, and the field of each column. */
export type SheetMapping = RegisterMapping['sheets'][number];

/** What our own export writes beside a record; it is no field of a register, and no person chooses it. */
export const VERSION = 'version';

export const mappingOf = ({ kind, columns }: RegisterSheet): SheetMapping => ({
  kind,
  columns: columns.map(({ field }) => field),
});

/** A field stands once: the column that gets it takes it from the one that had it. */
export function putField(
  { kind, columns }: SheetMapping,
  column: number,
  field: string | null,
): SheetMapping {
  return {
    kind,
    columns: columns.map((before, at) => {
      if (at === column) return field;
      return field !== null && before === field ? null : before;
    }),
  };
}

/** Another register has other fields, so its columns are proposed by their headers again. */
export function putKind({ columns }: RegisterSheet, kind: RegisterKind | null): SheetMapping {
  if (kind === null) return { kind, columns: columns.map(() => null) };
  const proposed = mapColumns(
    columns.map(({ header }) => header),
    kind,
  );
  return {
    kind,
    columns: columns.map(({ field }, at) => proposed[at] ?? (field === VERSION ? VERSION : null)),
  };
}

export interface Unfed {
  /** They name the record: without them no row of the sheet can be read. */
  readonly keys: readonly string[];
  /** Known records keep what they have there; new ones cannot be made. */
  readonly required: readonly string[];
}

/** Required fields that no column feeds. The organization may be the one that the import names. */
export function unfedFields({ kind, columns }: SheetMapping, inOrganization: boolean): Unfed {
  if (kind === null) return { keys: [], required: [] };
  const { key, fields } = CATALOGUE[kind];
  const given = (field: string): boolean =>
    columns.includes(field) || (inOrganization && kind !== 'organization' && field === 'organizationCode');
  const required = fields.filter((field) => field.required && !key.includes(field.key));
  return {
    keys: key.filter((field) => !given(field)),
    required: required.map((field) => field.key).filter((field) => !given(field)),
  };
}

/** A corrected file has the columns of the one before, so nobody has to be asked about them again. */
export function carriedOver(
  before: Pick<RegisterImport, 'sheets'>,
  corrected: Pick<RegisterImport, 'sheets'>,
): RegisterMapping | null {
  const same =
    before.sheets.length === corrected.sheets.length &&
    corrected.sheets.every((sheet, at) => headersOf(sheet) === headersOf(before.sheets[at]));
  return same ? { sheets: before.sheets.map(mappingOf) } : null;
}

const headersOf = (sheet: RegisterSheet | undefined): string =>
  JSON.stringify([sheet?.name, sheet?.columns.map(({ header }) => header)]);
