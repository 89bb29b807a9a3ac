import { walkCsvSheet } from './read-csv.ts';
import { walkXlsxSheet } from './read-xlsx.ts';
import {
  MAX_FILE_BYTES,
  Refused,
  type Sheet,
  type Spreadsheet,
  type SpreadsheetRefusal,
} from './spreadsheet.ts';
import { readWorkbookParts } from './xlsx-parts.ts';
import { ZipParts } from './zip-parts.ts';

const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** The container of old XLS and of XLSX with a password. */
const OLE2 = [0xd0, 0xcf, 0x11, 0xe0];
/** Web pages that call themselves XLS, and PDF. */
const NO_TABLE = /^(?:\ufeff|ï»¿)?\s*(<|%PDF|\{)/;

/**
 * Opens an XLSX or CSV file by its content. The sheets read from `bytes` while they are walked.
 * A file that is none, or beyond the bounds of spreadsheet.ts, is refused with a reason.
 *
 * hucre writes our sheets and knows Excel's dates, but does not read what strangers send: a file of 30 kB (rows with
 * one cell in the last column) takes it over a minute, one of 300 kB (40 million empty texts) over 3 GB.
 */
export async function openSpreadsheet(bytes: Uint8Array): Promise<Spreadsheet | SpreadsheetRefusal> {
  const starts = (magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte);
  if (bytes.length === 0) return { refused: 'SPREADSHEET_EMPTY' };
  if (bytes.length > MAX_FILE_BYTES) return { refused: 'SPREADSHEET_TOO_LARGE' };
  if (starts(OLE2)) return { refused: 'SPREADSHEET_LOCKED_OR_OLD' };
  if (starts(ZIP)) return openXlsx(bytes);
  if (NO_TABLE.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1')))
    return { refused: 'SPREADSHEET_UNREADABLE' };
  const walk: Sheet['walk'] = (each) => refusalOf(() => walkCsvSheet(bytes, each));
  return { format: 'csv', sheets: [{ name: '', walk }] };
}

async function openXlsx(bytes: Uint8Array): Promise<Spreadsheet | SpreadsheetRefusal> {
  let sheets: Sheet[] = [];
  const refusal = await refusalOf(async () => {
    const zip = new ZipParts(bytes);
    const workbook = await readWorkbookParts(zip);
    sheets = workbook.sheets.map(({ name, path }) => ({
      name,
      walk: (each) => refusalOf(() => walkXlsxSheet(zip.read(path), { name, workbook }, each)),
    }));
  });
  return refusal ?? { format: 'xlsx', sheets };
}

async function refusalOf(work: () => Promise<void>): Promise<SpreadsheetRefusal | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.refusal;
  }
}
