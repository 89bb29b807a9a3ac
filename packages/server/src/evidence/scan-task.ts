import {
  citationsOf,
  insertAuditEntry,
  inTransaction,
  noteVerdict,
  type UploadRow,
  uploadOfJob,
} from '@backcheck/db';
import type { Task } from 'graphile-worker';
import { z } from 'zod';
import type { Parts } from '../platform/parts.ts';

const Payload = z.object({ uploadId: z.string() });

type Needs = Pick<Parts, 'files' | 'evidence' | 'widePool' | 'clock' | 'log'>;

/**
 * The queue's task `scan-upload` (queue_scan in 0022_evidence.sql). While the scanner is away the queue tries again, later
 * each time, and the file waits.
 */
export const scanTask =
  (parts: Needs): Task =>
  async (payload) => {
    const upload = await uploadOfJob(parts.widePool, Payload.parse(payload).uploadId);
    if (upload?.state === 'unscanned') await scanUpload(parts, upload);
  };

async function scanUpload(parts: Needs, { sha256, ...upload }: UploadRow): Promise<void> {
  const { files, evidence, widePool, clock } = parts;
  const { uploadId } = upload;
  if (sha256 === null) throw new Error(`The upload ${uploadId} is to be scanned and has no hash`);
  try {
    // Its setting may have been taken away while this one waited.
    const found = evidence.scanner === null ? null : (await evidence.scanner(files.read(sha256))).found;
    if (found !== null) await refuse(parts, { ...upload, sha256 }, found);
    else await noteVerdict(widePool, uploadId, { state: 'ready', verdict: null, at: clock().toISOString() });
  } catch (error) {
    const verdict = error instanceof Error ? error.message : String(error);
    await noteVerdict(widePool, uploadId, { state: null, verdict, at: clock().toISOString() });
    throw error;
  }
}

/** Its bytes go at once, unless something cites the same ones, which the scanner passed at their time. */
async function refuse(
  { files, widePool, clock, log }: Needs,
  { uploadId, sha256, accountId }: Pick<UploadRow, 'uploadId' | 'accountId'> & { readonly sha256: string },
  found: string,
): Promise<void> {
  log.warn({ uploadId, sha256, accountId, found }, 'the virus scanner refused an upload');
  const at = clock().toISOString();
  const deletes = await inTransaction(widePool, async (tx) => {
    await noteVerdict(tx, uploadId, { state: 'infected', verdict: found, at });
    const isCited = (await citationsOf(tx, [sha256])).length > 0;
    const details = {
      operation: 'scan-upload',
      outcome: 'infected',
      found: found.slice(0, 200),
      sha256,
      uploadedBy: String(accountId),
      deleted: !isCited,
    };
    await insertAuditEntry(tx, {
      ...{ organizationId: null, at, account: null, via: 'job', address: null },
      ...{ action: 'update', object: 'settings', objectId: `uploads/${uploadId}`, details },
    });
    return !isCited;
  });
  // Somebody who sends the same bytes at this moment waits for the scanner as well.
  if (deletes) await files.remove(sha256, new Date(clock().getTime() + 60_000));
}
