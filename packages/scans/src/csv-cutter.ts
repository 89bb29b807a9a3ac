/** One row of a CSV file; `line` is where it ends, from 1. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Characters of one row. The longest plugin output of a scanner has some hundred thousand. */
const MAX_ROW = 16 * 1024 * 1024;

const QUOTE = 0x22;
const LINE_BREAK = 0x0a;
const RETURN = 0x0d;

/**
 * Cuts a CSV text (RFC 4180) that arrives in pieces into rows. A quote inside of a quoted cell closes it only in front
 * of a separator or a line break: many tools forget to double those in their own texts. Empty lines are no rows.
 *
 * An own scanner, because csv-parse builds an error with its stack for each row that is shorter or longer than the
 * first, and a hundred thousand of those take it five seconds.
 */
export class CsvCutter {
  /** One row is beyond all bounds; nothing behind it is read. */
  tooLong = false;
  /** From 1. */
  line = 1;
  readonly #separator: number;
  #rows: CsvRow[] = [];
  #cells: string[] = [];
  /** Of the cell that is being read: what is known of it, and what kind of character may come. */
  #cell = '';
  #state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  #rowLength = 0;

  /** `separator` is one character. */
  constructor(separator: string) {
    this.#separator = separator.charCodeAt(0);
  }

  /** The rows that end in this piece. */
  write(piece: string): CsvRow[] {
    for (let at = 0; at < piece.length && !this.tooLong; ) at = this.#step(piece, at);
    return this.#take();
  }

  /** The row that has no line break, and whether a quote was left open. */
  end(): { readonly rows: CsvRow[]; readonly open: boolean } {
    const open = this.#state === 'quoted';
    if (this.#state === 'quote') this.#state = 'plain';
    if (!open && !this.tooLong) this.#endRow();
    return { rows: this.#take(), open };
  }

  /** Reads from `at` as far as one state goes; returns where it stopped. */
  #step(piece: string, at: number): number {
    const code = piece.charCodeAt(at);
    switch (this.#state) {
      case 'start':
        if (code === QUOTE) {
          this.#state = 'quoted';
          return at + 1;
        }
        this.#state = 'plain';
        return at;
      case 'plain':
        return this.#plain(piece, at);
      case 'quoted':
        return this.#quoted(piece, at);
      case 'quote':
        return this.#afterQuote(code, at);
    }
  }

  #plain(piece: string, from: number): number {
    let at = from;
    for (; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === this.#separator || code === LINE_BREAK) break;
    }
    this.#append(piece.slice(from, at));
    if (at === piece.length) return at;
    if (piece.charCodeAt(at) === LINE_BREAK) this.#endRow();
    else this.#endCell();
    return at + 1;
  }

  #quoted(piece: string, from: number): number {
    const quote = piece.indexOf('"', from);
    const text = piece.slice(from, quote < 0 ? piece.length : quote);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.line += 1;
    this.#append(text);
    if (quote < 0) return piece.length;
    this.#state = 'quote';
    return quote + 1;
  }

  /** Behind a quote in a quoted cell: its end, a doubled quote, or a quote that was not doubled. */
  #afterQuote(code: number, at: number): number {
    if (code === this.#separator || code === LINE_BREAK || code === RETURN) {
      this.#state = 'plain';
      return at;
    }
    this.#state = 'quoted';
    this.#append('"');
    return code === QUOTE ? at + 1 : at;
  }

  #append(text: string): void {
    this.#cell += text;
    this.#rowLength += text.length;
    if (this.#rowLength > MAX_ROW) this.tooLong = true;
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    // A separator is a character too: a row of nothing else must not grow without end.
    this.#rowLength += 1;
    this.#cell = '';
    this.#state = 'start';
  }

  #endRow(): void {
    if (this.#cell.endsWith('\r')) this.#cell = this.#cell.slice(0, -1);
    this.#endCell();
    const empty = this.#cells.length === 1 && this.#cells[0] === '';
    if (!empty) this.#rows.push({ cells: this.#cells, line: this.line });
    this.#cells = [];
    this.#rowLength = 0;
    this.line += 1;
  }

  #take(): CsvRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}
