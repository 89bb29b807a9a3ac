import type { Text } from '@backcheck/contract';
import type { Cell } from '@backcheck/core';
import { withoutNeutralising } from '../../platform/neutralise.ts';

/** One row that holds something. `row` is the number that a spreadsheet program shows beside it. */
export interface SheetRow {
  readonly row: number;
  /** From column A on; may be shorter than the header. */
  readonly cells: readonly Cell[];
}

export interface Sheet {
  /** As its tab says; '' in a CSV file, which has one sheet and no name for it. */
  readonly name: string;
  /**
   * Reads the sheet from its start, in batches, with memory that does not grow with it; `each` is awaited.
   * Gives the reason when the rest cannot be read; rows before it were given, so nothing may be kept then.
   */
  walk(each: (rows: readonly SheetRow[]) => Promise<void>): Promise<SpreadsheetRefusal | null>;
}

export interface Spreadsheet {
  readonly format: 'xlsx' | 'csv';
  /** Sheets that are hidden in the file are left out. */
  readonly sheets: readonly Sheet[];
}

/** A file that is not taken. `place` is in words of a spreadsheet program: sheet, row and column. */
export interface SpreadsheetRefusal {
  readonly refused: SpreadsheetRefusalCode;
  readonly place?: { readonly sheet: string; readonly row: number; readonly column?: string };
}

export const MAX_FILE_BYTES = 64 * 1024 ** 2;
/** 100,000 rows of assets have about 130 MB of XML. */
export const MAX_UNPACKED_BYTES = 512 * 1024 ** 2;
export const MAX_SHEETS = 50;
export const MAX_ROWS = 100_000;
export const MAX_COLUMNS = 200;
/** Excel's own bound is 32,767 characters. */
export const MAX_CELL_CHARACTERS = 32_767;

export const SPREADSHEET_REFUSALS = {
  SPREADSHEET_EMPTY: { zh: '文件中没有内容', en: 'There is nothing in the file' },
  SPREADSHEET_UNREADABLE: {
    zh: '无法读取此文件：请提供 XLSX 或 CSV 文件',
    en: 'This file cannot be read: send an XLSX or a CSV file',
  },
  SPREADSHEET_DAMAGED: {
    zh: '文件已损坏或不完整：请在表格软件中重新保存',
    en: 'The file is cut or damaged: save it again in a spreadsheet program',
  },
  SPREADSHEET_LOCKED_OR_OLD: {
    zh: '文件有密码或为旧的 XLS 格式：请去掉密码并另存为 XLSX',
    en: 'The file has a password or is an old XLS: save it as XLSX without a password',
  },
  SPREADSHEET_ENCODING: {
    zh: '文件的字符编码无法识别：请另存为 UTF-8 的 CSV 或 XLSX',
    en: 'The text of the file is in no known encoding: save it as CSV in UTF-8, or as XLSX',
  },
  SPREADSHEET_TOO_LARGE: {
    zh: '文件过大：最大 64 MB，解压后最大 512 MB，最多 50 个工作表',
    en: 'The file is too large: at most 64 MB, 512 MB unpacked, 50 sheets',
  },
  SPREADSHEET_TOO_MANY_ROWS: {
    zh: '行数过多：每个工作表最多 100,000 行',
    en: 'Too many rows: at most 100,000 in a sheet',
  },
  SPREADSHEET_TOO_MANY_COLUMNS: { zh: '列数过多：最多 200 列', en: 'Too many columns: at most 200' },
  SPREADSHEET_CELL_TOO_LONG: {
    zh: '单元格内容过长：最多 32,767 个字符',
    en: 'A cell is too long: at most 32,767 characters',
  },
} as const satisfies Record<string, Text>;
export type SpreadsheetRefusalCode = keyof typeof SPREADSHEET_REFUSALS;

/** Leaves a reader at the first thing that makes the file unusable; never seen outside of this folder. */
export class Refused extends Error {
  readonly refusal: SpreadsheetRefusal;
  constructor(refused: SpreadsheetRefusalCode, place?: SpreadsheetRefusal['place'], cause?: unknown) {
    super(refused, { cause });
    this.refusal = place === undefined ? { refused } : { refused, place };
  }
}

/** "A" for 0, "AA" for 26. */
export function columnLetter(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnLetter(Math.floor(column / 26) - 1) + last;
}

/** Collects rows within the bounds, for a sheet that is being walked. */
export class RowBatch {
  readonly #sheet: string;
  #rows: SheetRow[] = [];
  #count = 0;

  constructor(sheet: string) {
    this.#sheet = sheet;
  }

  /** A row of empty cells is none. */
  add(row: number, cells: readonly Cell[]): void {
    const width = cells.findLastIndex((cell) => cell !== null && cell !== '') + 1;
    if (width === 0) return;
    this.#count += 1;
    if (this.#count > MAX_ROWS) this.#refuse('SPREADSHEET_TOO_MANY_ROWS', row);
    if (width > MAX_COLUMNS) this.#refuse('SPREADSHEET_TOO_MANY_COLUMNS', row);
    const long = cells.findIndex((cell) => typeof cell === 'string' && cell.length > MAX_CELL_CHARACTERS);
    if (long >= 0) this.#refuse('SPREADSHEET_CELL_TOO_LONG', row, columnLetter(long));
    this.#rows.push({ row, cells: cells.slice(0, width).map(plain) });
  }

  take(): SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #refuse(code: SpreadsheetRefusalCode, row: number, column?: string): never {
    throw new Refused(code, { sheet: this.#sheet, row, ...(column === undefined ? {} : { column }) });
  }
}

/** The text before `neutralised`, as a database takes it. */
function plain(cell: Cell): Cell {
  if (typeof cell !== 'string') return cell;
  return storable(withoutNeutralising(cell));
}

/** Without what PostgreSQL keeps in no text: NUL and halves of a surrogate pair. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '');
