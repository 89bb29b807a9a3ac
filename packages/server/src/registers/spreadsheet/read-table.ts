import { type CellProblem, type FieldProblem, type ReadRecord, readRecord } from '@backcheck/core';
import { cellsOf, type Table } from './find-table.ts';
import { columnLetter, type Sheet, type SheetRow, type SpreadsheetRefusal } from './spreadsheet.ts';

/** A problem and where a person finds it: sheet 资产台账, row 17, column F. */
export interface PlacedProblem {
  readonly sheet: string;
  readonly row: number;
  /** null: the sheet has no column for the field. */
  readonly column: string | null;
  readonly field: string;
  readonly problem: CellProblem;
}

export interface TableRow {
  readonly row: number;
  readonly record: ReadRecord['record'];
  /** Fields whose cells are there and empty. */
  readonly empty: readonly string[];
  readonly problems: readonly PlacedProblem[];
  readonly warnings: readonly PlacedProblem[];
}

/** Reads every record below the header of a table. Batches come in the order of the sheet; `each` is awaited. */
export function readTable(
  sheet: Sheet,
  table: Table,
  each: (rows: readonly TableRow[]) => Promise<void>,
): Promise<SpreadsheetRefusal | null> {
  const columns = new Map(table.mapping.map((key, column) => [key, columnLetter(column)]));
  const placed = (row: number, { field, problem }: FieldProblem): PlacedProblem => ({
    sheet: sheet.name,
    row,
    column: columns.get(field) ?? null,
    field,
    problem,
  });
  const read = (line: SheetRow): TableRow => {
    const { record, empty, problems, warnings } = readRecord(table.kind, cellsOf(table, line));
    const place = (one: FieldProblem): PlacedProblem => placed(line.row, one);
    return { row: line.row, record, empty, problems: problems.map(place), warnings: warnings.map(place) };
  };
  return sheet.walk((rows) => each(rows.filter(({ row }) => row > table.headerRow).map(read)));
}
