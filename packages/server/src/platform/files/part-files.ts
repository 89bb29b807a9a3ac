import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceKeys } from '../keys/evidence-keys.ts';
import { fileKeyOf, HEAD_BYTES, headOf, newFileKey, SealBroken } from './envelope.ts';
import { CHUNK_BYTES } from './seal.ts';

/**
 * Files on their way in, in pieces, sealed as they come. What was answered for is on the disk: a killed process and a
 * power cut lose at most what was still on the line.
 *
 * `uploads/ID`: the head of a sealed file (envelope.ts), then records: length of the plain bytes (4, big-endian), nonce
 * (12, random), sealed bytes, tag (16). A record's number is authenticated with it. Unlike the chunks of a whole file
 * they may be short, and a torn one at the end is left out.
 */
export interface PartFiles {
  create(id: string): Promise<void>;
  /** Plain bytes that are there, whole; null: there is no such file. */
  received(id: string): Promise<number | null>;
  /**
   * Adds a stream at the end. When it breaks, what came before is kept and the error thrown on. Two at once would damage
   * the file, which its reading tells: the caller locks. Gives the plain bytes that are there then.
   */
  append(id: string, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** @throws SealBroken */
  read(id: string): AsyncGenerator<Buffer, void>;
  remove(id: string): Promise<void>;
  /** Ids of those that nobody added to since this moment. */
  stalled(before: Date): Promise<string[]>;
}

const LENGTH_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FRAME_BYTES = LENGTH_BYTES + NONCE_BYTES + TAG_BYTES;

export function openPartFiles(folder: string, keys: EvidenceKeys): PartFiles {
  const placeOf = (id: string) => join(folder, id);
  return {
    create: async (id) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(placeOf(id), 'wx', 0o600);
      await closing(file, async () => {
        await file.write(headOf(newFileKey(), nameOf(id), await keys.current()));
        await file.sync();
      });
    },
    received: (id) =>
      using(placeOf(id), 'r', async (file) => {
        const key = await keyOf(file, id, keys);
        return (await wholeRecords(file, key)).plainBytes;
      }),
    append: async (id, bytes) => {
      const after = await using(placeOf(id), 'r+', async (file) =>
        appendTo(file, await keyOf(file, id, keys), bytes),
      );
      if (after === null) throw new Error(`The upload ${id} is not there`);
      return after;
    },
    read: (id) => readRecords(placeOf(id), id, keys),
    remove: (id) => rm(placeOf(id), { force: true }),
    stalled: async (before) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const ids: string[] = [];
      for (const id of await readdir(folder)) {
        const found = await stat(placeOf(id)).catch(() => null);
        if (found !== null && found.mtimeMs < before.getTime()) ids.push(id);
      }
      return ids;
    },
  };
}

const nameOf = (id: string): string => `upload ${id}`;

async function closing<T>(file: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await file.close();
  }
}

/** Null: there is no such file. */
async function using<T>(
  path: string,
  flags: 'r' | 'r+',
  work: (file: FileHandle) => Promise<T>,
): Promise<T | null> {
  let file: FileHandle;
  try {
    file = await open(path, flags);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return closing(file, () => work(file));
}

async function keyOf(file: FileHandle, id: string, keys: EvidenceKeys): Promise<Buffer> {
  return fileKeyOf(await bytesAt(file, 0, HEAD_BYTES), nameOf(id), keys);
}

/** Fewer than asked for at the end of the file. */
async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

interface Records {
  readonly plainBytes: number;
  /** How many there are, and where the next one begins. */
  readonly count: number;
  readonly end: number;
}

/** What a power cut left may have the right length and nothing in it, so the last record is opened as well. */
async function wholeRecords(file: FileHandle, key: Buffer): Promise<Records> {
  const { size } = await file.stat();
  const lengths: number[] = [];
  let end = HEAD_BYTES;
  for (;;) {
    const head = await bytesAt(file, end, LENGTH_BYTES);
    const length = head.length < LENGTH_BYTES ? 0 : head.readUInt32BE();
    if (length === 0 || length > CHUNK_BYTES || end + FRAME_BYTES + length > size) break;
    lengths.push(length);
    end += FRAME_BYTES + length;
  }
  for (let last = lengths.at(-1); last !== undefined; last = lengths.at(-1)) {
    const start = end - FRAME_BYTES - last;
    if (openRecord(await bytesAt(file, start, FRAME_BYTES + last), key, lengths.length - 1) !== null) break;
    lengths.pop();
    end = start;
  }
  return { plainBytes: lengths.reduce((sum, one) => sum + one, 0), count: lengths.length, end };
}

async function appendTo(file: FileHandle, key: Buffer, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const before = await wholeRecords(file, key);
  let { plainBytes, count, end } = before;
  await file.truncate(end);
  const add = async (chunk: Buffer) => {
    const record = recordOf(chunk, key, count++);
    await file.write(record, 0, record.length, end);
    end += record.length;
    plainBytes += chunk.length;
  };
  let waiting = Buffer.alloc(0);
  try {
    for await (const some of bytes) {
      waiting = Buffer.concat([waiting, some]);
      let start = 0;
      for (; waiting.length - start >= CHUNK_BYTES; start += CHUNK_BYTES)
        await add(waiting.subarray(start, start + CHUNK_BYTES));
      waiting = waiting.subarray(start);
    }
  } finally {
    if (waiting.length > 0) await add(waiting);
    await file.sync();
  }
  return plainBytes;
}

async function* readRecords(path: string, id: string, keys: EvidenceKeys): AsyncGenerator<Buffer, void> {
  const file = await open(path, 'r');
  try {
    const key = await keyOf(file, id, keys);
    const { count, end } = await wholeRecords(file, key);
    let at = HEAD_BYTES;
    for (let number = 0; number < count && at < end; number++) {
      const length = (await bytesAt(file, at, LENGTH_BYTES)).readUInt32BE();
      const chunk = openRecord(await bytesAt(file, at, FRAME_BYTES + length), key, number);
      if (chunk === null) throw new SealBroken(`Record ${number} of the upload ${id} was changed`);
      yield chunk;
      at += FRAME_BYTES + length;
    }
  } finally {
    await file.close();
  }
}

function recordOf(chunk: Buffer, key: Buffer, number: number): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(numbered(number));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(chunk.length);
  return Buffer.concat([length, nonce, cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
}

/** Null: it is not the one that was written. */
function openRecord(record: Buffer, key: Buffer, number: number): Buffer | null {
  const sealed = record.subarray(LENGTH_BYTES + NONCE_BYTES, record.length - TAG_BYTES);
  const decipher = createDecipheriv(
    'aes-256-gcm',
    key,
    record.subarray(LENGTH_BYTES, LENGTH_BYTES + NONCE_BYTES),
  )
    .setAAD(numbered(number))
    .setAuthTag(record.subarray(record.length - TAG_BYTES));
  const bytes = decipher.update(sealed);
  try {
    decipher.final();
    return bytes;
  } catch {
    return null;
  }
}

function numbered(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}
