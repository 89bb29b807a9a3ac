import type { Cell } from '@backcheck/core';
import type { CellValue, WriteSheet } from 'hucre';
import { neutralised } from '../../platform/neutralise.ts';

/** A table to be read and not imported: the first row holds the headers. */
export interface Table {
  readonly name: string;
  readonly columns: readonly { readonly header: string; readonly width: number }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** RFC 4180, UTF-8 with the mark that Excel needs to see it. */
export function writeTableCsv({ columns, rows }: Pick<Table, 'columns' | 'rows'>): Uint8Array {
  const lines = [columns.map(({ header }) => header), ...rows].map((row) => row.map(csvCell).join(','));
  return Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`);
}

export function headed(name: string, headers: readonly string[], rows: CellValue[][]): WriteSheet {
  const style = {
    font: { bold: true },
    fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'E8EEF7' } },
    // A header must not have the text format of its column.
    numFmt: 'General',
  } as const;
  const cells = new Map(headers.map((value, column) => [`0,${column}`, { value, style }]));
  return { name, rows: [[...headers], ...rows], cells, freezePane: { rows: 1 } };
}

/** Characters that XML has no place for; a sheet with one of them opens nowhere. */
const NOT_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** They are escaped, and so is a text that looks like such an escape (ECMA-376 part 1, 22.9.2.19). */
export const xlsxCell = (cell: Cell): CellValue =>
  typeof cell === 'string'
    ? neutralised(cell)
        .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
        .replace(NOT_IN_XML, (one) => `_x${one.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}_`)
    : cell;

export function csvCell(cell: Cell): string {
  const text = cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? '');
  const safe = typeof cell === 'string' ? neutralised(text) : text;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
