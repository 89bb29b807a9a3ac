import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { FileStore } from './file-store.ts';

/** The schema of an answer that is a file. */
export const FILE_RESPONSE = {
  200: {
    description: 'The file, byte for byte, to be saved and never shown',
    content: { 'application/octet-stream': { schema: z.string() } },
  },
} as const;

/** RFC 8187 section 3.2: what may stand as it is; `encodeURIComponent` leaves five characters more. */
const encoded = (name: string): string =>
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
    .header('content-disposition', `attachment; filename*=UTF-8''${encoded(fileName)}`)
    .header('cache-control', 'no-store')
    .send(Readable.from(files.read(sha256), { objectMode: false }));
}
