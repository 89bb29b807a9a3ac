import type { WarningRecord } from '@backcheck/core';
import { CsvCutter, type CsvRow } from './csv-cutter.ts';
import { decodeText, wrongBytes } from './decode.ts';

export type { CsvRow } from './csv-cutter.ts';

export interface CsvEnd {
  /** The file is cut (no line break at its end, an open quote) or holds a row beyond all bounds: nothing in it closes. */
  readonly truncated: boolean;
  /** TRUNCATED and WRONG_BYTES, each with its line. */
  readonly warnings: readonly WarningRecord[];
}

/**
 * Walks a CSV file once (RFC 4180; comma, semicolon or tab, whichever the first line has most of), with memory
 * that does not grow with it. The header is a row like any other: `columnsOf` reads it. Rows may be shorter
 * than the header. A file that does not end with a line break is taken for cut: nothing else shows a cut.
 */
export async function* walkCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow[], CsvEnd> {
  let cutter: CsvCutter | undefined;
  let replaced: WarningRecord | undefined;
  let last = '\n';
  for await (const piece of decodeText(bytes)) {
    cutter ??= new CsvCutter(separatorOf(piece));
    replaced ??= wrongBytes(piece, cutter.line);
    last = piece.at(-1) ?? last;
    const rows = cutter.write(piece);
    if (rows.length > 0) yield rows;
    if (cutter.tooLong) break;
  }
  const line = cutter?.line ?? 1;
  const { rows, open } = cutter?.end() ?? { rows: [], open: false };
  if (rows.length > 0) yield rows;
  const warnings = replaced === undefined ? [] : [replaced];
  const message = damageOf(cutter?.tooLong === true, open, last);
  if (message === undefined) return { truncated: false, warnings };
  const cut: WarningRecord = { record: 'warning', code: 'TRUNCATED', message, line };
  return { truncated: true, warnings: [...warnings, cut] };
}

function damageOf(tooLong: boolean, open: boolean, last: string): string | undefined {
  if (tooLong) return 'one row is longer than 16 million characters';
  if (open) return 'the CSV is cut or not well-formed: a quote is not closed';
  return last === '\n' || last === '\r' ? undefined : 'the last row has no line break: the CSV may be cut';
}

/** The cell of a row under one of these names, the first that the header has; '' where there is none. */
export type Cell = (row: CsvRow, ...names: readonly string[]) => string;

/** Reads a header: names are compared without case and outer space. */
export function columnsOf(header: CsvRow): Cell {
  const places = new Map(header.cells.map((name, index) => [name.trim().toLowerCase(), index]));
  return ({ cells }, ...names) => {
    const place = names.map((name) => places.get(name.toLowerCase())).find((index) => index !== undefined);
    return place === undefined ? '' : (cells[place] ?? '').trim();
  };
}

/** The names of a header in the first line of a file, lower case and without quotes, for detection. */
export function headerNames(head: string): string[] {
  const line = firstLine(head);
  return line.split(separatorOf(line)).map((name) => name.trim().replace(/^"|"$/g, '').trim().toLowerCase());
}

function firstLine(text: string): string {
  return text.trimStart().split(/\r?\n/, 1)[0] ?? '';
}

function separatorOf(text: string): string {
  const line = firstLine(text);
  const count = (mark: string): number => line.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
