import { pipeline, Readable } from 'node:stream';
import type { WarningRecord } from '@backcheck/core';
import { type CsvError, parse } from 'csv-parse';
import { decodeText, wrongBytes } from './decode.ts';

/** One row of a CSV file; `line` is where it ends, from 1. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly line: number;
}

export interface CsvEnd {
  /** The file is cut (no line break at its end, an open quote) or holds a row beyond all bounds: nothing in it closes. */
  readonly truncated: boolean;
  /** TRUNCATED and WRONG_BYTES, each with its line. */
  readonly warnings: readonly WarningRecord[];
}

/** Characters of one row. The longest plugin output of a scanner has some hundred thousand. */
const MAX_ROW = 16 * 1024 * 1024;
const BATCH = 500;

/**
 * Walks a CSV file once (RFC 4180; comma, semicolon or tab, whichever the first line has most of), with memory
 * that does not grow with it. The header is a row like any other: `columnsOf` reads it. Rows may be shorter
 * than the header. A file that does not end with a line break is taken for cut: nothing else shows a cut.
 */
export async function* walkCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow[], CsvEnd> {
  const source = new CsvSource(decodeText(bytes));
  const parser = parse({
    delimiter: delimiterOf(await source.firstPiece()),
    info: true,
    // Found by itself it would be that of the first line only.
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW,
    skip_records_with_error: true,
    on_skip: (error) => source.stopAt(error),
  });
  // An error of the source reaches the loop through the parser.
  pipeline(Readable.from(source.pieces()), parser, () => undefined);
  let rows: CsvRow[] = [];
  let line = 1;
  for await (const { record, info } of parser as AsyncIterable<Parsed>) {
    line = info.lines;
    rows.push({ cells: record, line });
    if (rows.length < BATCH) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
  const replaced = source.replaced === undefined ? [] : [source.replaced];
  const damage = source.damage();
  if (damage === undefined) return { truncated: false, warnings: replaced };
  const cut: WarningRecord = { record: 'warning', code: 'TRUNCATED', message: damage, line };
  return { truncated: true, warnings: [...replaced, cut] };
}

/** What the parser gives with `info`. */
interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
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
  return line.split(delimiterOf(line)).map((name) => name.trim().replace(/^"|"$/g, '').trim().toLowerCase());
}

function firstLine(text: string): string {
  return text.trimStart().split(/\r?\n/, 1)[0] ?? '';
}

function delimiterOf(text: string): string {
  const line = firstLine(text);
  const count = (mark: string): number => line.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** The text on its way into the parser: knows how it ended. */
class CsvSource {
  /** Says where bytes were replaced. */
  replaced: WarningRecord | undefined;
  readonly #text: AsyncGenerator<string>;
  #first: string | undefined;
  #last = '\n';
  #line = 1;
  #error: string | undefined;

  constructor(text: AsyncGenerator<string>) {
    this.#text = text;
  }

  async firstPiece(): Promise<string> {
    const step = await this.#text.next();
    this.#first = step.done === true ? '' : step.value;
    return this.#first;
  }

  async *pieces(): AsyncGenerator<string> {
    if (this.#first !== undefined && this.#first !== '') yield this.#noted(this.#first);
    for await (const piece of this.#text) {
      if (this.#error !== undefined) return;
      yield this.#noted(piece);
    }
  }

  /** Called by the parser for a row that it cannot read. */
  stopAt(error: CsvError | undefined): undefined {
    const tooLong = error?.code === 'CSV_MAX_RECORD_SIZE';
    this.#error ??= tooLong
      ? `one row is longer than ${MAX_ROW / 1024 / 1024} million characters`
      : 'the CSV is cut or not well-formed: a quote is not closed';
    return undefined;
  }

  damage(): string | undefined {
    if (this.#error !== undefined) return this.#error;
    return /[\r\n]/.test(this.#last) ? undefined : 'the last row has no line break: the CSV may be cut';
  }

  #noted(piece: string): string {
    this.replaced ??= wrongBytes(piece, this.#line);
    this.#line += piece.split('\n').length - 1;
    this.#last = piece.at(-1) ?? this.#last;
    return piece;
  }
}
