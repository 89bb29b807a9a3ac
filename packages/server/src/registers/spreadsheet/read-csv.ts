import { isUtf8 } from 'node:buffer';
import { UnreadableScan, walkCsv } from '@backcheck/scans';
import { Refused, RowBatch, type SheetRow } from './spreadsheet.ts';

/**
 * A CSV file as a sheet: comma, semicolon or tab; UTF-8, UTF-16 or GB18030. All cells are text.
 * The numbers of rows are those that a spreadsheet program shows: empty rows count, line breaks in a cell do not.
 */
export async function walkCsvSheet(
  bytes: Uint8Array,
  each: (rows: readonly SheetRow[]) => Promise<void>,
): Promise<void> {
  const batch = new RowBatch('');
  const steps = walkCsv(closed(bytes));
  let inside = 0;
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done === true) {
        // U+FFFD may stand in the file itself.
        if (step.value.warnings.some(({ code }) => code === 'WRONG_BYTES') && !isUtf8(bytes))
          throw new Refused('SPREADSHEET_ENCODING');
        if (step.value.truncated) throw new Refused('SPREADSHEET_DAMAGED');
        return;
      }
      for (const { cells, line } of step.value) {
        for (const cell of cells) inside += breaksIn(cell);
        batch.add(line - inside, cells);
      }
      await each(batch.take());
    }
  } catch (error) {
    if (!(error instanceof UnreadableScan)) throw error;
    throw new Refused('SPREADSHEET_ENCODING', undefined, error);
  }
}

function breaksIn(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Sheets typed by people often lack the last line break, which in a scanner's file would mean that it was cut. */
async function* closed(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  const [first, second] = bytes;
  if (first === 0xff || (first !== 0 && second === 0)) yield Uint8Array.of(0x0a, 0);
  else if (first === 0xfe || first === 0) yield Uint8Array.of(0, 0x0a);
  else yield Uint8Array.of(0x0a);
}
