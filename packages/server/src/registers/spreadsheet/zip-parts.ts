import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { MAX_UNPACKED_BYTES, Refused } from './spreadsheet.ts';

interface Part {
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** An office file has some dozens. */
const MAX_PARTS = 10_000;
const CHUNK = 64 * 1024;

/**
 * The parts of a zip that is in memory (APPNOTE.TXT 6.3, without zip64 and encryption, which no sheet of this size
 * has). A part is unpacked as it is read, never beyond what the directory says, and all of them together are bounded.
 */
export class ZipParts {
  readonly #parts = new Map<string, Part>();
  readonly #bytes: Buffer;

  /** Throws `Refused` SPREADSHEET_DAMAGED or SPREADSHEET_TOO_LARGE. */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
      this.#readDirectory();
    } catch (error) {
      if (error instanceof RangeError) throw new Refused('SPREADSHEET_DAMAGED', undefined, error);
      throw error;
    }
  }

  has(name: string): boolean {
    return this.#parts.has(name);
  }

  /** The bytes of a part in pieces; none where there is no such part. */
  async *read(name: string): AsyncGenerator<Uint8Array> {
    const part = this.#parts.get(name);
    if (part === undefined) return;
    let length = 0;
    for await (const chunk of this.#unpack(part)) {
      length += chunk.length;
      if (length > part.unpacked) throw new Refused('SPREADSHEET_DAMAGED');
      yield chunk;
    }
    if (length !== part.unpacked) throw new Refused('SPREADSHEET_DAMAGED');
  }

  #readDirectory(): void {
    const bytes = this.#bytes;
    const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end < 0 || bytes.readUInt32LE(end) !== END) throw new Refused('SPREADSHEET_DAMAGED');
    const count = bytes.readUInt16LE(end + 10);
    if (count > MAX_PARTS) throw new Refused('SPREADSHEET_TOO_LARGE');
    let at = bytes.readUInt32LE(end + 16);
    let total = 0;
    for (let n = 0; n < count; n += 1) {
      if (bytes.readUInt32LE(at) !== CENTRAL) throw new Refused('SPREADSHEET_DAMAGED');
      const nameLength = bytes.readUInt16LE(at + 28);
      const part = {
        method: bytes.readUInt16LE(at + 10),
        packed: bytes.readUInt32LE(at + 20),
        unpacked: bytes.readUInt32LE(at + 24),
        offset: bytes.readUInt32LE(at + 42),
      };
      total += part.unpacked;
      if (total > MAX_UNPACKED_BYTES) throw new Refused('SPREADSHEET_TOO_LARGE');
      this.#parts.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), part);
      at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    }
  }

  async *#unpack({ method, packed, offset }: Part): AsyncGenerator<Uint8Array> {
    const bytes = this.#bytes;
    if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL)
      throw new Refused('SPREADSHEET_DAMAGED');
    const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
    const chunks = pieces(bytes.subarray(start, start + packed));
    if (method === 0) yield* chunks;
    else if (method === 8) yield* inflated(chunks);
    else throw new Refused('SPREADSHEET_DAMAGED');
  }
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

async function* inflated(packed: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacked = Readable.from(packed).pipe(createInflateRaw({ chunkSize: CHUNK }));
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error;
    throw new Refused('SPREADSHEET_DAMAGED', undefined, error);
  }
}
