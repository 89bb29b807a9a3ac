import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl';
import { UnreadableScan } from './reader.ts';

/** Bytes that a packed file may have, and may unpack to. */
const MAX_PACKED = 2 * 1024 ** 3;
const MAX_UNPACKED = 8 * 1024 ** 3;
/** Reports shrink to a fiftieth at most; what shrinks to less than this share is made to fill a memory or a disk. */
const MAX_RATIO = 300;
/** So much may come out before the ratio counts: a small clean report may well be a few repeated words. */
const FREE_BYTES = 64 * 1024 ** 2;

const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const EMPTY_ZIP = [0x50, 0x4b, 0x05, 0x06];

/**
 * The bytes of a scan file, taken out of a gzip (RFC 1952) or out of a zip that holds one file. One wrapping only: what
 * is packed twice comes out packed. Memory does not grow with the file; a zip waits in a temporary file.
 */
export class Unpacked {
  /** Set when the packing broke off after some bytes: the scan file in it is cut. */
  damage: string | undefined;
  readonly #source: AsyncIterator<Uint8Array>;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#source = bytes[Symbol.asyncIterator]();
  }

  /** Throws `UnreadableScan` DAMAGED, TOO_LARGE, or SEVERAL_FILES for a zip with more than one file. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    for await (const { bytes } of this.files(NONE)) yield* bytes;
  }

  /**
   * One after the other: those files of a zip whose names are wanted, however many, also where the zip is alone in
   * another one. Of what holds none of these, the one file; else SEVERAL_FILES. The limits count all of them together.
   */
  async *files(wanted: RegExp): AsyncGenerator<UnpackedFile> {
    const { start, rest } = await begun(this.#source);
    const size: Size = { packed: () => rest.length, unpacked: 0 };
    if (begins(start, GZIP)) yield { name: null, bytes: this.#bounded(gunzipped(rest), size) };
    else if (isZip(start)) yield* this.#ofZip(rest, { wanted, size, nested: false });
    else yield { name: null, bytes: rest };
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async *#ofZip(
    all: AsyncIterable<Uint8Array>,
    { wanted, size, nested }: Zipped,
  ): AsyncGenerator<UnpackedFile> {
    const file = temporaryFile();
    let length = 0;
    try {
      for await (const chunk of all) {
        length += chunk.length;
        if (length > MAX_PACKED) throw tooLarge(`a zip of more than ${gigabytes(MAX_PACKED)}`);
        writeAll(file.descriptor, chunk);
      }
      const zip = await openZip(file.descriptor);
      const others: Entry[] = [];
      let found = false;
      for await (const entry of entriesOf(zip)) {
        if (!wanted.test(entry.fileName)) {
          if (others.length < 2) others.push(entry);
          continue;
        }
        found = true;
        yield { name: entry.fileName, bytes: this.#bounded(await streamOf(zip, entry), size) };
        if (this.damage !== undefined) return;
      }
      if (found) return;
      const only = this.#bounded(await streamOf(zip, onlyOne(others)), size);
      const { start, rest } = await begun(only);
      if (!nested && wanted !== NONE && isZip(start))
        yield* this.#ofZip(rest, { wanted, size, nested: true });
      else yield { name: null, bytes: rest };
    } finally {
      file.remove();
    }
  }

  async *#bounded(unpacked: Readable, size: Size): AsyncGenerator<Uint8Array> {
    let length = 0;
    try {
      for await (const chunk of unpacked as AsyncIterable<Buffer>) {
        length += chunk.length;
        size.unpacked += chunk.length;
        if (size.unpacked > MAX_UNPACKED)
          throw tooLarge(`more than ${gigabytes(MAX_UNPACKED)} when unpacked`);
        if (size.unpacked > FREE_BYTES && size.unpacked > size.packed() * MAX_RATIO)
          throw tooLarge(`more than ${MAX_RATIO} times its size when unpacked`);
        yield chunk;
      }
    } catch (cause) {
      if (cause instanceof UnreadableScan || !isPackingError(cause)) throw cause;
      const message = `the packed file is cut or damaged: ${cause.message}`;
      if (length === 0) throw new UnreadableScan('DAMAGED', message, undefined, cause);
      this.damage = message;
    }
  }
}

/** `name` null: it did not come in a zip of files that were wanted. */
export interface UnpackedFile {
  readonly name: string | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Of everything that came and of everything that was unpacked from it. */
interface Size {
  readonly packed: () => number;
  unpacked: number;
}

interface Zipped {
  readonly wanted: RegExp;
  readonly size: Size;
  readonly nested: boolean;
}

/** No name. */
const NONE = /(?!)/;

/** The first bytes, and all of them with these. */
async function begun(source: AsyncIterator<Uint8Array>) {
  const first: Uint8Array[] = [];
  let start = Buffer.alloc(0);
  while (start.length < ZIP.length) {
    const step = await source.next();
    if (step.done === true) break;
    first.push(step.value);
    start = Buffer.concat([start, step.value.subarray(0, ZIP.length)]);
  }
  return { start, rest: new Counted(first, source) };
}

const isZip = (start: Buffer): boolean => begins(start, ZIP) || begins(start, EMPTY_ZIP);

/** The packed bytes, counted as they go. */
class Counted {
  length = 0;
  readonly #first: readonly Uint8Array[];
  readonly #rest: AsyncIterator<Uint8Array>;

  constructor(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>) {
    this.#first = first;
    this.#rest = rest;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (const chunk of this.#first) yield this.#noted(chunk);
    for (let step = await this.#rest.next(); step.done !== true; step = await this.#rest.next())
      yield this.#noted(step.value);
  }

  #noted(chunk: Uint8Array): Uint8Array {
    this.length += chunk.length;
    return chunk;
  }
}

function gunzipped(packed: Counted): Readable {
  const unpacked = createGunzip();
  // An error of the source reaches the reader through `unpacked`.
  pipeline(Readable.from(packed), unpacked, () => undefined);
  return unpacked;
}

async function openZip(descriptor: number): Promise<ZipFile> {
  try {
    return await fromFdPromise(descriptor, { lazyEntries: true, autoClose: false });
  } catch (cause) {
    throw new UnreadableScan('DAMAGED', `the zip is cut or damaged: ${messageOf(cause)}`, undefined, cause);
  }
}

/** Folders and what macOS adds are no scan files. */
const NO_FILE = /\/$|^__MACOSX\/|(^|\/)\.DS_Store$/;

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    for await (const entry of zip.eachEntry()) if (!NO_FILE.test(entry.fileName)) yield entry;
  } catch (cause) {
    throw new UnreadableScan('DAMAGED', `the zip is cut or damaged: ${messageOf(cause)}`, undefined, cause);
  }
}

async function streamOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  if (entry.isEncrypted()) throw new UnreadableScan('DAMAGED', 'the zip is encrypted; unpack it first');
  return zip.openReadStreamPromise(entry);
}

function onlyOne([entry, second]: readonly Entry[]): Entry {
  if (entry === undefined) throw new UnreadableScan('EMPTY', 'the zip holds no file');
  if (second === undefined) return entry;
  const names = `"${entry.fileName.slice(0, 80)}" and "${second.fileName.slice(0, 80)}"`;
  throw new UnreadableScan(
    'SEVERAL_FILES',
    `the zip holds more than one file (${names}); unpack it and send each`,
  );
}

interface TemporaryFile {
  readonly descriptor: number;
  remove(): void;
}

function temporaryFile(): TemporaryFile {
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-'));
  const descriptor = openSync(join(folder, 'zip'), 'wx+', 0o600);
  // An unlinked file goes with its process; Windows keeps the name of an open one.
  if (process.platform !== 'win32') rmSync(folder, { recursive: true });
  return {
    descriptor,
    remove: () => {
      closeSync(descriptor);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

const begins = (start: Buffer, magic: readonly number[]): boolean =>
  magic.every((byte, i) => start[i] === byte);

const gigabytes = (bytes: number): string => `${bytes / 1024 ** 3} GB`;

function tooLarge(what: string): UnreadableScan {
  return new UnreadableScan('TOO_LARGE', `the file is ${what}; if you trust it, unpack and split it`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** zlib's errors have a code Z_…; yauzl throws plain errors about the entry. Faults of reading the source have another code. */
function isPackingError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return !('code' in error) || String(error.code).startsWith('Z_');
}
