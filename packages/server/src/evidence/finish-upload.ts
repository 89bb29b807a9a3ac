import { finishUpload, type Tx, type UploadRow } from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';

/** What is under way in this process: a client that asks twice waits for the first. */
const underWay = new Map<string, Promise<void>>();

type Needs = Pick<Parts, 'files' | 'evidence' | 'clock'>;

/**
 * Puts the parts of an upload together in the store, under the SHA-256 of all of them, and has the virus scanner look at
 * it. Nothing happens when it is not whole, or was finished before: a client that lost the answer asks again.
 */
export async function finishOnce(
  needs: Needs,
  upload: UploadRow,
  inTx: (work: (tx: Tx) => Promise<void>) => Promise<void>,
): Promise<void> {
  if (upload.state !== 'receiving') return;
  const { uploadId } = upload;
  const running = underWay.get(uploadId) ?? finish(needs, upload, inTx);
  underWay.set(uploadId, running);
  try {
    await running;
  } finally {
    underWay.delete(uploadId);
  }
}

async function finish(
  { files, evidence, clock }: Needs,
  { uploadId, sizeBytes }: UploadRow,
  inTx: (work: (tx: Tx) => Promise<void>) => Promise<void>,
): Promise<void> {
  if ((await evidence.uploads.received(uploadId)) !== sizeBytes) return;
  const file = await files.receive(evidence.uploads.read(uploadId));
  try {
    if (file.sizeBytes !== sizeBytes)
      throw new Error(`The upload ${uploadId} has ${file.sizeBytes} bytes and not ${sizeBytes}`);
    await file.keep();
    const finishedAt = clock().toISOString();
    const scan = evidence.scanner !== null;
    await inTx((tx) => finishUpload(tx, { uploadId, sha256: file.sha256, finishedAt, scan }));
  } catch (error) {
    await file.drop();
    throw error;
  }
  await evidence.uploads.remove(uploadId);
}
