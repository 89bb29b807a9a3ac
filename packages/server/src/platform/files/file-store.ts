import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Bytes that are on the disk but not yet part of the store. */
export interface PendingFile {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Puts them in place, whole and durable. The same bytes twice are kept once. */
  keep(): Promise<void>;
  drop(): Promise<void>;
}

/** Files by the SHA-256 of their content: `sha256/ab/cdef…` under one folder. */
export interface FileStore {
  /** Streams to a temporary file, in constant memory, and flushes it to the disk. */
  receive(bytes: Readable): Promise<PendingFile>;
  /** Opens the file with the first chunk that is asked for; end it with `return` when not all is read. */
  read(sha256: string): AsyncGenerator<Buffer, void>;
}

/** A temporary file older than this belongs to an upload that was cut off by a kill. */
const LEFTOVER_AGE = 24 * 3_600_000;

export async function openFileStore(folder: string, now: Date): Promise<FileStore> {
  const incoming = join(folder, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await removeLeftovers(incoming, now);
  const placeOf = (sha256: string) => join(folder, 'sha256', sha256.slice(0, 2), sha256.slice(2));
  return {
    receive: async (bytes) => {
      const temporary = join(incoming, randomUUID());
      try {
        const written = await writeDurably(bytes, temporary);
        return {
          ...written,
          keep: () => moveInto(temporary, placeOf(written.sha256)),
          drop: () => rm(temporary, { force: true }),
        };
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    read: async function* (sha256) {
      yield* createReadStream(placeOf(sha256), { highWaterMark: 256 * 1024 });
    },
  };
}

async function removeLeftovers(incoming: string, now: Date): Promise<void> {
  for (const name of await readdir(incoming)) {
    const { mtimeMs } = await stat(join(incoming, name));
    if (mtimeMs < now.getTime() - LEFTOVER_AGE) await rm(join(incoming, name), { force: true });
  }
}

async function writeDurably(bytes: Readable, path: string): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  await pipeline(
    bytes,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  );
  return { sha256: hash.digest('hex'), sizeBytes };
}

async function moveInto(temporary: string, place: string): Promise<void> {
  if (await exists(place)) return rm(temporary, { force: true });
  const folder = dirname(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(temporary, place);
  // Without these a power cut may forget the name while the database remembers the import.
  await flushFolder(folder);
  await flushFolder(dirname(folder));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
