import { type Pool, uploadOfJob } from '@backcheck/db';
import { DataStore, ERRORS, Upload } from '@tus/server';
import type { PartFiles } from '../platform/files/part-files.ts';

/** What @tus/server asks of a store, answered by our sealed parts. Whose an upload is was asked before (tus.ts). */
export class PartStore extends DataStore {
  readonly #parts: PartFiles;
  readonly #pool: Pool;

  constructor(parts: PartFiles, pool: Pool) {
    super();
    this.#parts = parts;
    this.#pool = pool;
    this.extensions = ['creation', 'creation-with-upload', 'termination'];
  }

  override async create(upload: Upload): Promise<Upload> {
    await this.#parts.create(upload.id);
    return upload;
  }

  override write(stream: AsyncIterable<Uint8Array>, id: string): Promise<number> {
    return this.#parts.append(id, stream);
  }

  override async getUpload(id: string): Promise<Upload> {
    const row = await uploadOfJob(this.#pool, id);
    if (row === null) throw ERRORS.FILE_NOT_FOUND;
    const { sizeBytes: size, createdAt, state } = row;
    // Of one that is whole the parts are gone: all of it has arrived.
    const offset = state === 'receiving' ? ((await this.#parts.received(id)) ?? 0) : size;
    return new Upload({ id, size, offset, creation_date: createdAt, metadata: { filename: row.fileName } });
  }

  override remove(id: string): Promise<void> {
    return this.#parts.remove(id);
  }
}
