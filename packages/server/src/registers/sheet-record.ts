import {
  type CellProblem,
  fieldOf,
  type RegisterKind,
  type RegisterRecord,
  readRecord,
} from '@backcheck/core';
import type { StoredRowProblem, StoredSheet } from '@backcheck/db';
import { cellText, VERSION } from './describe-sheets.ts';
import { cellsOf, type Table } from './spreadsheet/find-table.ts';
import { columnLetter, type SheetRow } from './spreadsheet/spreadsheet.ts';

/** A sheet as its rows are read: which register it feeds, and where each field stands. */
export interface MappedSheet {
  readonly sheetNo: number;
  readonly name: string;
  readonly kind: RegisterKind;
  readonly table: Table;
  /** Column of each field; none for what is preset. */
  readonly letters: ReadonlyMap<string, string>;
}

/** Null: the sheet is ignored. */
export function mappedSheet(
  sheetNo: number,
  { name, kind, headerRow, headers, columns, preset }: StoredSheet,
  organizationCode: string | null,
): MappedSheet | null {
  if (kind === null) return null;
  const own = kind === 'organization' || organizationCode === null ? {} : { organizationCode };
  const table = { kind, headerRow, headers, mapping: columns, preset: { ...own, ...preset } };
  const letters = columns.flatMap((key, at) => (key === null ? [] : [[key, columnLetter(at)] as const]));
  return { sheetNo, name, kind, table, letters: new Map(letters) };
}

/** One row of a sheet as a record, before anything stored is looked at. */
export interface SheetRecord {
  readonly sheet: MappedSheet;
  readonly rowNo: number;
  /** What its cells say. */
  readonly record: RegisterRecord;
  /** Fields for which the row has a cell, empty ones too. */
  readonly given: readonly string[];
  /** It leaves the cell of its organization empty, and is taken for one of the import's. */
  readonly assumed: boolean;
  /** The version that our export wrote beside the record. */
  readonly exported: number | null;
  readonly problems: StoredRowProblem[];
  readonly warnings: readonly StoredRowProblem[];
}

export function readSheetRecord(sheet: MappedSheet, line: SheetRow): SheetRecord {
  const cells = cellsOf(sheet.table, line);
  const { record, problems, warnings } = readRecord(sheet.kind, cells);
  const placed = ({ field, problem }: { field: string; problem: CellProblem }) =>
    problemAt(sheet, { field, ...problem, value: cellText(cells.get(field)) });
  return {
    sheet,
    rowNo: line.row,
    record,
    given: [...cells.keys()].filter((key) => fieldOf(sheet.kind, key) !== undefined),
    assumed: isAssumed(sheet, line),
    exported: versionOf(sheet, line),
    // How cells fit together is looked at once it is known what the row changes.
    problems: problems.filter(({ problem }) => !problem.code.startsWith('ROW_')).map(placed),
    warnings: warnings.map(placed),
  };
}

function isAssumed({ table }: MappedSheet, { cells }: SheetRow): boolean {
  const column = table.mapping.indexOf('organizationCode');
  return table.kind !== 'organization' && column >= 0 && cellText(cells[column]).trim() === '';
}

function versionOf({ table }: MappedSheet, { cells }: SheetRow): number | null {
  const text = cellText(cells[table.mapping.indexOf(VERSION.key)]);
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** The longest value that a list of problems shows. */
const SHOWN = 80;

export function problemAt(
  { letters }: Pick<MappedSheet, 'letters'>,
  { field, code, facts, value }: Omit<StoredRowProblem, 'column'>,
): StoredRowProblem {
  const shown = value === null || value === '' ? null : value.slice(0, SHOWN);
  return { column: letters.get(field) ?? null, field, code, facts, value: shown };
}
