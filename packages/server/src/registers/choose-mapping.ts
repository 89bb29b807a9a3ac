import type { RegisterMapping } from '@backcheck/contract';
import { fieldOf } from '@backcheck/core';
import { type RegisterImportRow, rememberMapping, type StoredSheet, type Tx } from '@backcheck/db';
import { Problem, requestInvalid } from '../platform/problem.ts';
import { ownerOf } from './create-register-import.ts';
import { headersOf, missingKeys, VERSION } from './describe-sheets.ts';

/** The sheets as a person says that they are; the choice is remembered for the same headers. */
export async function chooseMapping(
  tx: Tx,
  row: RegisterImportRow,
  { chosen, accountId }: { readonly chosen: RegisterMapping; readonly accountId: number },
): Promise<StoredSheet[]> {
  if (chosen.sheets.length !== row.sheets.length) {
    throw requestInvalid([{ field: 'sheets', message: `must be ${row.sheets.length}, one for each sheet` }]);
  }
  const sheets = row.sheets.map((sheet, at) => chosenSheet(sheet, chosen.sheets[at], at));
  for (const sheet of sheets) refuseIncomplete(sheet, row.organizationId !== null);
  const owner = ownerOf({ organizationId: row.organizationId, accountId });
  for (const sheet of sheets) await rememberMapping(tx, owner, { ...sheet, headers: headersOf(sheet) });
  return sheets;
}

function chosenSheet(
  sheet: StoredSheet,
  choice: RegisterMapping['sheets'][number] | undefined,
  at: number,
): StoredSheet {
  const { kind = null, columns = [] } = choice ?? {};
  const wrong = (message: string) => requestInvalid([{ field: `sheets.${at}.columns`, message }]);
  if (columns.length > sheet.headers.length) throw wrong(`the sheet has ${sheet.headers.length} columns`);
  const fields = columns.filter((field) => field !== null);
  const unknown = fields.find(
    (field) => kind !== null && field !== VERSION.key && fieldOf(kind, field) === undefined,
  );
  if (unknown !== undefined) throw wrong(`there is no field ${unknown}`);
  if (new Set(fields).size !== fields.length) throw wrong('a field can be in one column only');
  // What a survey's sheet says for all its rows holds for the register that it is for.
  const preset = kind === sheet.kind ? sheet.preset : {};
  return { ...sheet, kind, preset, columns: sheet.headers.map((_, column) => columns[column] ?? null) };
}

function refuseIncomplete(sheet: StoredSheet, inOrganization: boolean): void {
  const { kind } = sheet;
  if (kind === null) return;
  const labels = missingKeys(sheet, inOrganization).flatMap((key) => fieldOf(kind, key)?.label ?? []);
  if (labels.length === 0) return;
  throw new Problem('REGISTER_COLUMNS_MISSING', {
    sheet: sheet.name,
    fieldsZh: labels.map(({ zh }) => zh).join('、'),
    fieldsEn: labels.map(({ en }) => en).join(', '),
  });
}
