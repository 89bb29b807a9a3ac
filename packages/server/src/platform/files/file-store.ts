import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { EvidenceKeys } from '../keys/evidence-keys.ts';
import type { BlobStat, Blobs } from './blobs.ts';
import { fileKeyOf, HEAD_BYTES, headOf, isSealed, newFileKey, rewrapped, SealBroken } from './envelope.ts';
import { localBlobs, restoreAside } from './local-blobs.ts';
import { seal, unseal } from './seal.ts';

/** Bytes that are on the disk but not yet part of the store. */
export interface PendingFile {
  /** Lower-case hex, of the plain bytes. */
  readonly sha256: string;
  /** Plain. */
  readonly sizeBytes: number;
  /** Puts them in place, whole and durable. The same bytes twice are kept once. */
  keep(): Promise<void>;
  drop(): Promise<void>;
}

/** Files by the SHA-256 of their content, sealed: docs/evidence.md. */
export interface FileStore {
  /** Streams to a temporary file, sealed and in constant memory, and flushes it to the disk. */
  receive(bytes: AsyncIterable<Uint8Array>): Promise<PendingFile>;
  /**
   * Opens the file with the first chunk that is asked for; end it with `return` when not all is read. What was changed
   * ends in an error, at the latest in the place of the end.
   *
   * @throws BlobMissing, SealBroken
   */
  read(sha256: string): AsyncGenerator<Buffer, void>;
  /** Brings a file under the current key; one that an earlier version left plain is sealed. Says what there was to do. */
  renew(sha256: string): Promise<'sealed' | 'rewrapped' | 'current'>;
  /** Removes it, unless it was put after `before`; says whether it is gone. */
  remove(sha256: string, before: Date): Promise<boolean>;
  /** Null: it is not there. `bytes` are those of the sealed file. */
  stat(sha256: string): Promise<BlobStat | null>;
  /** All that are in the store. */
  names(): AsyncIterable<string>;
}

export interface FileStoreOptions {
  /** For what is on its way in, and for the files themselves where `blobs` names no other place. */
  readonly folder: string;
  readonly keys: EvidenceKeys;
  readonly now: Date;
  readonly blobs?: Blobs;
}

/** A temporary file older than this belongs to an upload that was cut off by a kill. */
const LEFTOVER_AGE = 24 * 3_600_000;

export async function openFileStore({ folder, keys, now, ...given }: FileStoreOptions): Promise<FileStore> {
  const incoming = join(folder, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await removeLeftovers(incoming, now);
  if (given.blobs === undefined) await restoreAside(folder);
  const blobs = given.blobs ?? localBlobs(folder);
  await refuseOtherKeys(blobs, keys);
  const receive = (bytes: AsyncIterable<Uint8Array>) => receiveInto({ blobs, incoming, keys, bytes });
  const read = (sha256: string) => readFrom(blobs, keys, sha256);
  return {
    receive,
    read,
    renew: (sha256) => renewIn({ blobs, incoming, keys }, sha256),
    remove: (sha256, before) => blobs.remove(sha256, before),
    stat: (sha256) => blobs.stat(sha256),
    names: () => blobs.names(),
  };
}

/** Before anything new is sealed under a key that was made because the right key file was not there. */
async function refuseOtherKeys(blobs: Blobs, keys: EvidenceKeys): Promise<void> {
  for await (const name of blobs.names()) {
    const head = await blobs.head(name, HEAD_BYTES);
    await keyOfFile({ blobs, keys }, head, name);
    return;
  }
}

/**
 * Null: it is plain. What an earlier version left plain may begin as a sealed file does, by chance or because somebody
 * meant it to; its hash tells, which no sealed file has.
 */
async function keyOfFile(
  { blobs, keys }: Pick<Place, 'blobs' | 'keys'>,
  head: Buffer,
  name: string,
): Promise<Buffer | null> {
  if (!isSealed(head)) return null;
  try {
    return await fileKeyOf(head, name, keys);
  } catch (error) {
    const hash = createHash('sha256');
    for await (const chunk of blobs.read(name)) hash.update(chunk);
    if (hash.digest('hex') === name) return null;
    throw error;
  }
}

interface Place {
  readonly blobs: Blobs;
  readonly incoming: string;
  readonly keys: EvidenceKeys;
}

async function receiveInto({
  blobs,
  bytes,
  ...place
}: Place & { readonly bytes: AsyncIterable<Uint8Array> }): Promise<PendingFile> {
  const { local, ...written } = await writeSealed(bytes, place);
  return {
    ...written,
    keep: () => blobs.put(written.sha256, local),
    drop: () => rm(local, { force: true }),
  };
}

/** The head last: its wrapped key is bound to the hash, which is known only then. */
async function writeSealed(bytes: AsyncIterable<Uint8Array>, { incoming, keys }: Omit<Place, 'blobs'>) {
  const local = join(incoming, randomUUID());
  const key = newFileKey();
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const counted = through(bytes, (chunk) => {
    hash.update(chunk);
    sizeBytes += chunk.length;
  });
  try {
    const body = createWriteStream(local, { flags: 'wx', mode: 0o600, start: HEAD_BYTES });
    await pipeline(Readable.from(seal(counted, key), { objectMode: false }), body);
    const sha256 = hash.digest('hex');
    await writeHeadOf(local, headOf(key, sha256, await keys.current()));
    return { local, sha256, sizeBytes };
  } catch (error) {
    await rm(local, { force: true });
    throw error;
  }
}

async function writeHeadOf(local: string, head: Buffer): Promise<void> {
  const file = await open(local, 'r+');
  try {
    await file.write(head, 0, head.length, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function* readFrom(blobs: Blobs, keys: EvidenceKeys, sha256: string): AsyncGenerator<Buffer, void> {
  const { head, rest } = await beheaded(blobs.read(sha256));
  const key = await keyOfFile({ blobs, keys }, head, sha256);
  if (key === null) yield* checked(head, rest, sha256);
  else yield* unseal(rest, key);
}

/** The first bytes of a stream, and the others after them. */
async function beheaded(bytes: AsyncIterable<Uint8Array>) {
  const iterator = bytes[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
  }
  const rest = (async function* () {
    try {
      if (start.length > HEAD_BYTES) yield start.subarray(HEAD_BYTES);
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
        yield next.value;
    } finally {
      // Also when it is left before its end: the file must not stay open.
      await iterator.return?.();
    }
  })();
  return { head: start.subarray(0, HEAD_BYTES), rest };
}

/** A file that an earlier version wrote as it came: nothing but its hash says that it is the one. */
async function* checked(
  head: Buffer,
  rest: AsyncIterable<Uint8Array>,
  sha256: string,
): AsyncGenerator<Buffer, void> {
  const hash: Hash = createHash('sha256').update(head);
  if (head.length > 0) yield head;
  for await (const chunk of rest) {
    hash.update(chunk);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  if (hash.digest('hex') !== sha256)
    throw new SealBroken(`${sha256} was changed: its bytes have another hash`);
}

async function* through(
  bytes: AsyncIterable<Uint8Array>,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of bytes) {
    see(chunk);
    yield chunk;
  }
}

async function renewIn(place: Place, sha256: string): Promise<'sealed' | 'rewrapped' | 'current'> {
  const { blobs, keys } = place;
  const head = await blobs.head(sha256, HEAD_BYTES);
  const isPlain = (await keyOfFile(place, head, sha256)) === null;
  if (!isPlain) {
    const after = await rewrapped(head, sha256, keys);
    if (after === null) return 'current';
    if (await blobs.writeHead(sha256, after)) return 'rewrapped';
  }
  const { local } = await writeSealed(readFrom(blobs, keys, sha256), place);
  await blobs.replace(sha256, local);
  return isPlain ? 'sealed' : 'rewrapped';
}

async function removeLeftovers(incoming: string, now: Date): Promise<void> {
  for (const name of await readdir(incoming)) {
    const { mtimeMs } = await stat(join(incoming, name));
    if (mtimeMs < now.getTime() - LEFTOVER_AGE) await rm(join(incoming, name), { force: true });
  }
}
