import type { WarningRecord } from '@backcheck/core';
import { decodeText, wrongBytes } from './decode.ts';
import { walkJson } from './json.ts';

/** One record of a file of JSON Lines or of a JSON array. */
export interface JsonRecord {
  readonly value: unknown;
  /** Where it starts, from 1. */
  readonly line: number;
}

export interface JsonRecordsEnd {
  /** The file is cut or holds something that is no JSON: nothing in it closes. */
  readonly truncated: boolean;
  /** TRUNCATED, BAD_RECORD and WRONG_BYTES, each with its line. */
  readonly warnings: readonly WarningRecord[];
}

/** Characters of one line: of nothing but brackets, JSON.parse makes twenty times their memory. */
const MAX_LINE = 8 * 1024 * 1024;
/** After so many bad lines the file is not what it claims to be. */
const MAX_BAD_LINES = 1000;

/**
 * Walks the records of a file that is a JSON array or one JSON value per line: many tools write either, by option.
 * Memory does not grow with the file. A bad record is left out with a warning, and `truncated` is set.
 */
export async function* walkJsonRecords(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<JsonRecord[], JsonRecordsEnd> {
  const { first, all } = await peek(bytes);
  if (!/^\s*\[/.test(first)) return yield* walkJsonLines(all);
  const walk = walkJson(all, ['']);
  for (;;) {
    const step = await walk.next();
    if (step.done === true) return { truncated: step.value.truncated, warnings: step.value.warnings };
    yield step.value.elements.map(({ value, line }) => ({ value, line }));
  }
}

/** One JSON value per line (jsonlines.org); empty lines are skipped. */
export async function* walkJsonLines(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<JsonRecord[], JsonRecordsEnd> {
  const lines = new Lines();
  let replaced: WarningRecord | undefined;
  for await (const piece of decodeText(bytes)) {
    replaced ??= wrongBytes(piece, lines.line);
    const records = lines.write(piece);
    if (records.length > 0) yield records;
    if (lines.warnings.length > MAX_BAD_LINES) break;
  }
  const last = lines.end();
  if (last.length > 0) yield last;
  const { warnings } = lines;
  const truncated = warnings.length > 0;
  return { truncated, warnings: replaced === undefined ? warnings : [...warnings, replaced] };
}

class Lines {
  readonly warnings: WarningRecord[] = [];
  line = 1;
  #rest: string[] = [];
  #restLength = 0;

  write(piece: string): JsonRecord[] {
    const records: JsonRecord[] = [];
    let from = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      this.#keep(piece.slice(from, end));
      records.push(...this.#take('BAD_RECORD', 'the line is not valid JSON and was left out'));
      this.line += 1;
      from = end + 1;
    }
    this.#keep(piece.slice(from));
    return records;
  }

  /** What stands behind the last line break: a whole record, or one that was cut. */
  end(): JsonRecord[] {
    return this.#take('TRUNCATED', 'the last line is cut');
  }

  #keep(text: string): void {
    this.#restLength += text.length;
    if (this.#restLength <= MAX_LINE) this.#rest.push(text);
    else this.#rest = [];
  }

  #take(code: string, message: string): JsonRecord[] {
    const text = this.#rest.join('').trim();
    const tooLong = this.#restLength > MAX_LINE;
    this.#rest = [];
    this.#restLength = 0;
    if (tooLong) {
      this.#warn(
        'BAD_RECORD',
        `a line is longer than ${MAX_LINE / 1024 / 1024} million characters and was left out`,
      );
      return [];
    }
    if (text === '') return [];
    try {
      return [{ value: JSON.parse(text), line: this.line }];
    } catch {
      this.#warn(code, message);
      return [];
    }
  }

  #warn(code: string, message: string): void {
    this.warnings.push({ record: 'warning', code, message, line: this.line });
  }
}

async function peek(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ first: string; all: AsyncIterable<Uint8Array> }> {
  const source = bytes[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let first = '';
  while (first.trim() === '') {
    const step = await source.next();
    if (step.done === true) break;
    chunks.push(step.value);
    first += Buffer.from(step.value.subarray(0, 1024))
      .toString('utf8')
      .replaceAll(/[\0\ufeff\ufffd]/g, '');
  }
  async function* again(): AsyncGenerator<Uint8Array> {
    yield* chunks;
    for (let step = await source.next(); step.done !== true; step = await source.next()) yield step.value;
  }
  return { first, all: again() };
}
