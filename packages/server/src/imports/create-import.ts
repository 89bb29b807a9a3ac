import {
  findImportByKey,
  findScanProfile,
  type ImportRow,
  insertImport,
  type NewImport,
  organizationExists,
  type Tx,
} from '@backcheck/db';
import { isFuture } from '@backcheck/scans';
import { requestSha256 } from '../platform/idempotency-key.ts';
import { Problem } from '../platform/problem.ts';
import type { ScanUpload } from './receive-upload.ts';

export interface Sender {
  readonly accountId: number;
  /** The Idempotency-Key header. */
  readonly key: string | null;
}

/**
 * Keeps the file and queues its import; the row and its job are one transaction, after the bytes are safe on
 * the disk. The same request again, by its key, gives the first import again.
 */
export async function createImport(
  tx: Tx,
  now: Date,
  { upload, sender }: { readonly upload: ScanUpload; readonly sender: Sender },
): Promise<ImportRow> {
  const { fields } = upload;
  if (!(await organizationExists(tx, Number(fields.organizationId)))) {
    throw new Problem('ORGANIZATION_UNKNOWN', { organizationId: fields.organizationId });
  }
  if (fields.declaredAt !== undefined && isFuture(fields.declaredAt, now.toISOString())) {
    throw new Problem('SCAN_FROM_FUTURE', { at: fields.declaredAt });
  }
  await refuseUnknownProfile(tx, fields);
  await upload.file.keep();
  const row = newImport(upload, sender);
  return (await insertImport(tx, row)) ?? firstImport(tx, row);
}

async function refuseUnknownProfile(
  tx: Tx,
  { profile, organizationId }: ScanUpload['fields'],
): Promise<void> {
  if (profile === undefined) return;
  const found = await findScanProfile(tx, { id: Number(profile), organizationId: Number(organizationId) });
  if (found === null || found.retiredAt !== null) throw new Problem('SCAN_PROFILE_UNKNOWN', { profile });
}

function newImport({ file, fileName, fields }: ScanUpload, { accountId, key }: Sender): NewImport {
  const { sha256, sizeBytes } = file;
  const declaredAt = fields.declaredAt ?? null;
  return {
    organizationId: Number(fields.organizationId),
    createdBy: accountId,
    fileName,
    sizeBytes,
    sha256,
    declaredAt,
    declaredBy: declaredAt === null ? null : fields.declaredBy,
    vantage: fields.vantage,
    submittedBy: fields.submittedBy,
    scanProfileId: fields.profile === undefined ? null : Number(fields.profile),
    confirmed: fields.confirm === 'true',
    idempotencyKey: key,
    requestSha256: requestSha256([sha256, fileName, fields]),
  };
}

async function firstImport(tx: Tx, { createdBy, idempotencyKey, ...sent }: NewImport) {
  const first = idempotencyKey === null ? null : await findImportByKey(tx, createdBy, idempotencyKey);
  if (first === null) throw new Error('An import was neither inserted nor found by its key');
  if (first.requestSha256 !== sent.requestSha256) throw new Problem('IDEMPOTENCY_KEY_REUSED');
  return first;
}
