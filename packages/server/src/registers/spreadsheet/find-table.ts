import {
  CATALOGUE,
  type Cell,
  fieldOf,
  mapColumns,
  REGISTER_KINDS,
  type RegisterKind,
} from '@backcheck/core';
import type { Sheet, SheetRow, SpreadsheetRefusal } from './spreadsheet.ts';
import { surveySheetNamed } from './survey-sheets.ts';

/** Titles and remarks stand above the header; nobody puts it lower than this. */
const HEADER_ROWS = 10;
/** Fewer known columns than this are a chance hit, not a table. */
const MIN_COLUMNS = 2;

/** How a sheet is read as records of one register. */
export interface Table {
  readonly kind: RegisterKind;
  /** The number of the header's row; records are below it. */
  readonly headerRow: number;
  readonly headers: readonly string[];
  /** The field's key of each column, from A on. */
  readonly mapping: readonly (string | null)[];
  /** Cells for fields that have no column, or where the row leaves it empty. */
  readonly preset: Readonly<Record<string, string>>;
}

/**
 * Finds the table of a sheet: of the first rows the one that maps best is the header. The sheet's name decides where
 * it is one of the survey's, else the register that knows most of the columns. null: no table is there.
 */
export async function findTable(sheet: Sheet): Promise<Table | SpreadsheetRefusal | null> {
  const head = await firstRows(sheet);
  if (!Array.isArray(head)) return head;
  const survey = surveySheetNamed(sheet.name);
  if (survey !== null && survey.feeds === null) return null;
  const feeds = survey?.feeds;
  const tables = (feeds === undefined || feeds === null ? REGISTER_KINDS : [feeds.kind]).flatMap((one) =>
    head.map((row) => tableAt(row, one, feeds?.preset ?? {})),
  );
  const best = tables.reduce<Table | null>(
    (found, one) => (found === null || weight(one, sheet) > weight(found, sheet) ? one : found),
    null,
  );
  return best === null || knownColumns(best) < MIN_COLUMNS ? null : best;
}

const knownColumns = ({ mapping }: Table): number => mapping.filter((key) => key !== null).length;

/** Known columns; that the one naming the records is there, and that the sheet is called so, decides between equals. */
function weight(table: Table, { name }: Sheet): number {
  const { kind, mapping } = table;
  const { key, label } = CATALOGUE[kind];
  const keys = key.filter((one) => mapping.includes(one)).length;
  const named = name === label.zh || name === label.en ? 1 : 0;
  return knownColumns(table) + keys / 4 + named / 8;
}

function tableAt({ row, cells }: SheetRow, kind: RegisterKind, preset: Table['preset']): Table {
  const headers = cells.map((cell) => (typeof cell === 'string' ? cell.trim() : ''));
  return { kind, headerRow: row, headers, mapping: mapColumns(headers, kind), preset };
}

/** Stops a walk once enough is read. */
class Enough extends Error {}

async function firstRows(sheet: Sheet): Promise<SheetRow[] | SpreadsheetRefusal> {
  const head: SheetRow[] = [];
  try {
    const refusal = await sheet.walk(async (rows) => {
      head.push(...rows.slice(0, HEADER_ROWS - head.length));
      if (head.length === HEADER_ROWS) throw new Enough();
    });
    return refusal ?? head;
  } catch (error) {
    if (error instanceof Enough) return head;
    throw error;
  }
}

/** The cells of a row by the keys of their fields, as `readRecord` takes them. */
export function cellsOf({ kind, mapping, preset }: Table, { cells }: SheetRow): Map<string, Cell> {
  const found = new Map<string, Cell>();
  for (const [column, key] of mapping.entries())
    if (key !== null && fieldOf(kind, key) !== undefined) found.set(key, cells[column] ?? null);
  for (const [key, value] of Object.entries(preset)) if ((found.get(key) ?? '') === '') found.set(key, value);
  return found;
}
