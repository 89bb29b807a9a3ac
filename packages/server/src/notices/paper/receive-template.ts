import type { FastifyRequest } from 'fastify';
import { type Form, receiveForm, type Store, type Upload } from '../../platform/files/receive-form.ts';

/** An office's letter with its emblem; what it is filled with comes from us. */
const MOST_BYTES = 10 * 1024 ** 2;

/** A form with a template: its bytes are read before it is known whether the store keeps them. */
export async function receiveTemplate<Fields>(
  request: FastifyRequest,
  { files, maxUploadBytes }: Store,
  read: Form<Fields>['read'],
): Promise<Upload<Fields> & { readonly bytes: Buffer }> {
  const chunks: Uint8Array[] = [];
  async function* noted(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      chunks.push(chunk);
      yield chunk;
    }
  }
  const noting: Store['files'] = {
    ...files,
    receive: (bytes) => files.receive(noted(bytes)),
  };
  const store = { files: noting, maxUploadBytes: Math.min(maxUploadBytes, MOST_BYTES) };
  const upload = await receiveForm(request, store, { read, most: 3 });
  return { ...upload, bytes: Buffer.concat(chunks) };
}
