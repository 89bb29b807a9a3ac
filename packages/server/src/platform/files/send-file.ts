import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Problem } from '../problem.ts';
import { BlobMissing } from './blobs.ts';
import type { FileStore } from './file-store.ts';

/** The schema of an answer that is a file. */
export const FILE_RESPONSE = {
  200: {
    description: 'The file, byte for byte, to be saved and never shown',
    content: { 'application/octet-stream': { schema: z.string() } },
  },
} as const;

/** RFC 8187 section 3.2: what may stand as it is; `encodeURIComponent` leaves five characters more. */
export const encodedName = (name: string): string =>
  encodeURIComponent(name).replaceAll(
    /['()*!]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * Sends what somebody else uploaded: always to be saved, and as nothing that a browser would open, whatever it is.
 */
export function sendFile(
  reply: FastifyReply,
  files: FileStore,
  {
    sha256,
    fileName,
    sizeBytes,
  }: { readonly sha256: string; readonly fileName: string; readonly sizeBytes: number },
): FastifyReply {
  return reply
    .type('application/octet-stream')
    .header('content-length', sizeBytes)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodedName(fileName)}`)
    .header('cache-control', 'no-store')
    .send(Readable.from(readOrSay(reply, files, sha256), { objectMode: false }));
}

/** A file whose record is there and whose bytes are not is a refusal, which goes out because no byte has gone before it. */
async function* readOrSay(
  reply: FastifyReply,
  files: FileStore,
  sha256: string,
): AsyncGenerator<Buffer, void> {
  try {
    yield* files.read(sha256);
  } catch (error) {
    if (!(error instanceof BlobMissing)) throw error;
    // Or a browser would save the refusal under the file's name.
    reply.removeHeader('content-disposition').raw.removeHeader('content-disposition');
    throw new Problem('FILE_GONE');
  }
}
