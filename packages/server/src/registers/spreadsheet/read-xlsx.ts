import type { Cell } from '@backcheck/core';
import { serialToDate } from 'hucre';
import { MAX_COLUMNS, Refused, RowBatch, type SheetRow } from './spreadsheet.ts';
import { unescaped, type WorkbookParts, walkPart } from './xlsx-parts.ts';

/** Excel's last column, XFD. */
const LAST_COLUMN = 16_384;
/** What stands for a formula that no program has computed yet. */
const UNCALCULATED = '#UNCALCULATED';

/** Walks the rows of one sheet of an XLSX file. Throws `Refused`. */
export async function walkXlsxSheet(
  bytes: AsyncIterable<Uint8Array>,
  { name, workbook }: { readonly name: string; readonly workbook: WorkbookParts },
  each: (rows: readonly SheetRow[]) => Promise<void>,
): Promise<void> {
  const batch = new RowBatch(name);
  const reader = new SheetReader(workbook, batch, name);
  await walkPart(bytes, reader, async () => {
    const rows = batch.take();
    if (rows.length > 0) await each(rows);
  });
}

class SheetReader {
  readonly #workbook: WorkbookParts;
  readonly #batch: RowBatch;
  readonly #sheet: string;
  #row = 0;
  #cells: Cell[] = [];
  #column = -1;
  #type = '';
  #style = -1;
  #text: string | null = null;
  #formula = false;
  #phonetic = false;

  constructor(workbook: WorkbookParts, batch: RowBatch, sheet: string) {
    this.#workbook = workbook;
    this.#batch = batch;
    this.#sheet = sheet;
  }

  open(name: string, attributes: Readonly<Record<string, string | undefined>>): boolean {
    switch (name) {
      case 'row':
        this.#row = rowOf(attributes['r']) ?? this.#row + 1;
        this.#cells = [];
        this.#column = -1;
        return false;
      case 'c':
        this.#column = columnOf(attributes['r']) ?? this.#column + 1;
        this.#type = attributes['t'] ?? 'n';
        this.#style = Number(attributes['s'] ?? -1);
        this.#text = null;
        this.#formula = false;
        return false;
      case 'f':
        this.#formula = true;
        return false;
      case 'rPh':
        this.#phonetic = true;
        return false;
      default:
        return name === 'v' || name === 't';
    }
  }

  close(name: string, text: string): void {
    if (name === 'rPh') this.#phonetic = false;
    else if (name === 'v' || (name === 't' && !this.#phonetic)) this.#text = (this.#text ?? '') + text;
    else if (name === 'c') this.#endCell();
    else if (name === 'row') this.#batch.add(this.#row, this.#cells);
  }

  /** Cells that only have a format may stand anywhere; one that says something may not stand beyond the bound. */
  #endCell(): void {
    const value = this.#value();
    if (value === null || value === '') return;
    if (this.#column >= MAX_COLUMNS)
      throw new Refused('SPREADSHEET_TOO_MANY_COLUMNS', { sheet: this.#sheet, row: this.#row });
    while (this.#cells.length < this.#column) this.#cells.push(null);
    this.#cells[this.#column] = value;
  }

  /** ECMA-376 part 1, 18.18.11. */
  #value(): Cell {
    const text = this.#text;
    if (text === null || text === '') return this.#formula && text === null ? UNCALCULATED : null;
    switch (this.#type) {
      case 's':
        return this.#workbook.strings[Number(text)] ?? null;
      case 'b':
        return text === '1' || text === 'true';
      case 'n':
        return this.#number(Number(text), text);
      default:
        return unescaped(text);
    }
  }

  #number(value: number, text: string): Cell {
    if (!Number.isFinite(value)) return text;
    return this.#workbook.dateFormats[this.#style] === true
      ? serialToDate(value, this.#workbook.from1904)
      : value;
  }
}

function rowOf(reference: string | undefined): number | undefined {
  return /^\d{1,7}$/.test(reference ?? '') ? Number(reference) : undefined;
}

/** 0 for "A7"; undefined when the reference is missing or none. */
function columnOf(reference: string | undefined): number | undefined {
  const [, letters] = /^([A-Z]{1,3})\d+$/.exec(reference ?? '') ?? [];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return Math.min(column, LAST_COLUMN) - 1;
}
