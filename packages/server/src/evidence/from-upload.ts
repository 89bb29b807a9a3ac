import { attachUpload, findUpload, type Tx } from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

/** A file of the store, as whoever cites it writes it down. */
export interface UploadedFile {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly fileName: string;
}

interface Wanted {
  readonly uploadId: string;
  readonly accountId: number;
}

/**
 * The file of a finished upload of this account, for a record that the same transaction writes. Refuses one that is not
 * whole, that the virus scanner has not passed, or that is another account's.
 *
 * @throws Problem UPLOAD_UNKNOWN, UPLOAD_UNFINISHED, UPLOAD_UNSCANNED, UPLOAD_INFECTED
 */
export async function fileOfUpload(
  tx: Tx,
  { clock, evidence }: Pick<Parts, 'clock' | 'evidence'>,
  { uploadId, accountId }: Wanted,
): Promise<UploadedFile> {
  const upload = await findUpload(tx, uploadId, accountId);
  if (upload === null) throw new Problem('UPLOAD_UNKNOWN', { upload: uploadId });
  const { state, sha256, sizeBytes, fileName, verdict } = upload;
  if (state === 'infected') throw new Problem('UPLOAD_INFECTED', { file: fileName, found: verdict ?? '' });
  if (sha256 === null) throw new Problem('UPLOAD_UNFINISHED', { file: fileName });
  if (state === 'unscanned' && !evidence.takeUnscanned)
    throw new Problem('UPLOAD_UNSCANNED', { file: fileName });
  if (!(await attachUpload(tx, uploadId, clock().toISOString())))
    throw new Problem('UPLOAD_UNKNOWN', { upload: uploadId });
  return { sha256, sizeBytes, fileName };
}
