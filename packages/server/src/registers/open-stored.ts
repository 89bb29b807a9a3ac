import type { Parts } from '../platform/parts.ts';
import { openSpreadsheet } from './spreadsheet/open-spreadsheet.ts';
import type { Spreadsheet, SpreadsheetRefusal } from './spreadsheet/spreadsheet.ts';

/** Twenty megabytes packed are some 100,000 rows of assets. */
export const MAX_REGISTER_BYTES = 20 * 1024 ** 2;

/** A file of the store as a spreadsheet; it is held in memory. */
export async function openStored(
  files: Parts['files'],
  sha256: string,
): Promise<Spreadsheet | SpreadsheetRefusal> {
  const chunks: Buffer[] = [];
  for await (const chunk of files.read(sha256)) chunks.push(chunk);
  return openSpreadsheet(Buffer.concat(chunks));
}
