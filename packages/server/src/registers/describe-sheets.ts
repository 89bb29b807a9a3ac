import { createHash } from 'node:crypto';
import { CATALOGUE, type Cell, type Field } from '@backcheck/core';
import { type MappingOwner, recallMapping, type StoredSheet, type Tx } from '@backcheck/db';
import { findTable } from './spreadsheet/find-table.ts';
import type { Sheet, Spreadsheet, SpreadsheetRefusal } from './spreadsheet/spreadsheet.ts';

/** The column of our exports that tells which version of a record stood in it. */
export const VERSION: Field = {
  key: 'version',
  label: { zh: '记录版本', en: 'Record version' },
  synonyms: [],
  type: { kind: 'integer', min: 1, max: 1_000_000_000 },
  required: false,
};

/** Rows of one file, all sheets together: they are compared in memory. */
export const MAX_IMPORT_ROWS = 100_000;
const SAMPLES = 3;
const SAMPLE_LENGTH = 60;

export const cellText = (cell: Cell | undefined): string =>
  cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? '');

/** Reads every sheet once for its size, its headers and a few values, and proposes what they are. */
export async function describeSheets(file: Spreadsheet): Promise<StoredSheet[] | SpreadsheetRefusal> {
  const sheets: StoredSheet[] = [];
  let rows = 0;
  for (const sheet of file.sheets) {
    const one = await describeSheet(sheet);
    if ('refused' in one) return one;
    sheets.push(one);
    rows += one.rows;
    if (rows > MAX_IMPORT_ROWS) return { refused: 'SPREADSHEET_TOO_MANY_ROWS' };
  }
  return sheets;
}

async function describeSheet(sheet: Sheet): Promise<StoredSheet | SpreadsheetRefusal> {
  const table = await findTable(sheet);
  if (table !== null && 'refused' in table) return table;
  let headerRow = table?.headerRow ?? 0;
  let headers = table?.headers ?? [];
  let rows = 0;
  const samples: string[][] = [];
  const refusal = await sheet.walk(async (batch) => {
    for (const { row, cells } of batch) {
      if (headerRow === 0) {
        // Nothing is known of this sheet: its first row may be a header.
        headerRow = row;
        headers = cells.map((cell) => cellText(cell).trim());
      }
      if (row <= headerRow) continue;
      rows += 1;
      if (samples.length < SAMPLES)
        samples.push(headers.map((_, at) => cellText(cells[at]).slice(0, SAMPLE_LENGTH)));
    }
  });
  if (refusal !== null) return refusal;
  const columns = headers.map(
    (header, at) => table?.mapping[at] ?? (table && isVersion(header) ? VERSION.key : null),
  );
  const { kind = null, preset = {} } = table ?? {};
  return { name: sheet.name, rows, headerRow, headers, samples, preset, kind, columns, remembered: false };
}

const isVersion = (header: string): boolean => header === VERSION.label.zh || header === VERSION.label.en;

/** Which headers a sheet has; the same ones get the same mapping. */
export const headersOf = ({ headers }: Pick<StoredSheet, 'headers'>): string =>
  createHash('sha256').update(JSON.stringify(headers)).digest('hex');

/** Puts what was chosen for the same headers before in place of the proposal. */
export async function recallMappings(
  tx: Tx,
  owner: MappingOwner,
  sheets: readonly StoredSheet[],
): Promise<StoredSheet[]> {
  const recalled: StoredSheet[] = [];
  for (const sheet of sheets) {
    const known = await recallMapping(tx, owner, headersOf(sheet));
    recalled.push(known === null ? sheet : { ...sheet, ...known, remembered: true });
  }
  return recalled;
}

/** Fields that name the record and that no column fills. The organization may be the one that the import names. */
export function missingKeys(
  { kind, columns, preset }: Pick<StoredSheet, 'kind' | 'columns' | 'preset'>,
  inOrganization: boolean,
): string[] {
  if (kind === null) return [];
  return CATALOGUE[kind].key.filter(
    (key) =>
      !columns.includes(key) &&
      preset[key] === undefined &&
      !(inOrganization && kind !== 'organization' && key === 'organizationCode'),
  );
}
