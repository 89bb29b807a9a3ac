import type { CreateRegisterImportFields } from '@backcheck/contract';
import {
  findOrganization,
  insertRegisterImport,
  type MappingOwner,
  type RegisterImportRow,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf, scopeOf } from '../platform/access/guard.ts';
import type { Upload } from '../platform/files/receive-form.ts';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { describeSheets, recallMappings } from './describe-sheets.ts';
import { openStored } from './open-stored.ts';
import { IMPORT_RULE } from './permissions.ts';
import { SPREADSHEET_REFUSALS, type SpreadsheetRefusal } from './spreadsheet/spreadsheet.ts';

/** Keeps the file, and says what its sheets and columns seem to be. */
export async function createRegisterImport(
  { files }: Pick<Parts, 'files'>,
  request: FastifyRequest,
  { file, fileName, fields }: Upload<CreateRegisterImportFields>,
): Promise<RegisterImportRow> {
  const { accountId } = callerOf(request).account;
  const organizationId =
    fields.organizationId === undefined ? onlyNode(request) : Number(fields.organizationId);
  await request.inScope((tx) => requireVisible(tx, organizationId));
  await file.keep();
  const opened = await openStored(files, file.sha256);
  const found = 'refused' in opened ? opened : await describeSheets(opened);
  if ('refused' in found) throw refusalOf(found);
  const owner = ownerOf({ organizationId, accountId });
  return request.inScope(async (tx) =>
    insertRegisterImport(tx, {
      organizationId,
      createdBy: accountId,
      fileName,
      sizeBytes: file.sizeBytes,
      sha256: file.sha256,
      sheets: await recallMappings(tx, owner, found),
    }),
  );
}

/** Whose choice of columns is remembered. */
export const ownerOf = ({
  organizationId,
  accountId,
}: {
  readonly organizationId: number | null;
  readonly accountId: number;
}): MappingOwner => (organizationId === null ? { accountId } : { organizationId });

/** Whoever works for one node need not name it. */
function onlyNode(request: FastifyRequest): number | null {
  const { grants: allowing } = scopeOf(request, IMPORT_RULE);
  const nodes = (request.grants ?? [])
    .filter(({ grantId }) => allowing.includes(grantId))
    .map((grant) => grant.organizationId);
  const [node = null] = nodes;
  return nodes.every((one) => one === node) ? node : null;
}

async function requireVisible(tx: Tx, organizationId: number | null): Promise<void> {
  if (organizationId === null || (await findOrganization(tx, organizationId)) !== null) return;
  throw new Problem('ORGANIZATION_UNKNOWN', { organizationId });
}

function refusalOf({ refused, place }: SpreadsheetRefusal): Problem {
  const { zh, en } = SPREADSHEET_REFUSALS[refused];
  const at =
    place === undefined
      ? ''
      : ` (${[place.sheet, `${place.column ?? ''}${place.row}`].filter(Boolean).join(' ')})`;
  return new Problem('REGISTER_FILE_UNREADABLE', { zh: `${zh}${at}`, en: `${en}${at}` });
}
