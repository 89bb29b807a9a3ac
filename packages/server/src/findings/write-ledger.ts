import { buffer } from 'node:stream/consumers';
import { FINDING_LEDGER, FINDING_LEDGER_WORDS, type Language } from '@backcheck/contract';
import { type CellStyle, type CellValue, type ColumnDef, writeXlsxStream } from 'hucre';
import { csvCell, xlsxCell } from '../registers/spreadsheet/write-table.ts';

/** Rows as they come out of the database, a page at a time. */
export type LedgerPages = AsyncIterable<readonly (readonly string[])[]>;

interface Form {
  readonly format: 'xlsx' | 'csv';
  readonly language: Language;
}

/**
 * Each page is written when it comes, and others are served before the next: a ledger of thousands of rows written at once
 * kept the server from everybody for seconds. In memory is the file as far as it is written, a workbook packed.
 */
export const writeLedger = (pages: LedgerPages, { format, language }: Form): Promise<Buffer> =>
  buffer(format === 'csv' ? csvOf(pages, language) : workbookOf(pages, language));

/** RFC 4180, UTF-8 with the mark that Excel needs to see it. */
async function* csvOf(pages: LedgerPages, language: Language): AsyncGenerator<Buffer> {
  const line = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`;
  yield Buffer.from(`\ufeff${line(Object.values(FINDING_LEDGER).map(({ label }) => label[language]))}`);
  for await (const page of pages) yield Buffer.from(page.map(line).join(''));
}

const HEADER: CellStyle = {
  font: { bold: true },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'E8EEF7' } },
};
/** A program that guesses makes a number of a long id and a date of a version. */
const TEXT: CellStyle = { numFmt: '@' };

function workbookOf(pages: LedgerPages, language: Language): ReadableStream<Uint8Array> {
  const columns: ColumnDef[] = Object.values(FINDING_LEDGER).map(({ label, width }) => ({
    header: label[language],
    width,
    style: HEADER,
  }));
  async function* rows(): AsyncGenerator<CellValue[]> {
    // A cell looks as its column does when it is written: the header is written before the first row is asked for.
    for (const column of columns) column.style = TEXT;
    for await (const page of pages) yield* page.map((row) => row.map(xlsxCell));
  }
  return writeXlsxStream(rows(), {
    name: FINDING_LEDGER_WORDS.title[language],
    columns,
    freezePane: { rows: 1 },
  });
}
