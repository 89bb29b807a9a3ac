import { createCipheriv, createDecipheriv } from 'node:crypto';
import { SealBroken } from './envelope.ts';

/** Bytes of a file that are sealed together. */
export const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;

/**
 * Seals a stream chunk by chunk: AES-256-GCM under a key that seals nothing else. The nonce is the chunk's number (11
 * bytes, big-endian) and a last byte that is 1 on the last chunk alone, so that chunks cannot be swapped, left out or cut
 * off. It is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its
 * Nonce-Reuse Misuse-Resistance, CRYPTO 2015). An empty file is one empty chunk.
 */
export async function* seal(bytes: AsyncIterable<Uint8Array>, key: Buffer): AsyncGenerator<Buffer, void> {
  let number = 0;
  for await (const { chunk, last } of inChunks(bytes, CHUNK_BYTES)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number++, last));
    yield Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  }
}

/** Gives out each chunk when it is known to be the one that was sealed. @throws SealBroken in its place */
export async function* unseal(sealed: AsyncIterable<Uint8Array>, key: Buffer): AsyncGenerator<Buffer, void> {
  let number = 0;
  for await (const { chunk, last } of inChunks(sealed, SEALED_BYTES)) {
    yield opened(chunk, key, nonceOf(number, last), number);
    number++;
  }
}

function opened(chunk: Buffer, key: Buffer, nonce: Buffer, number: number): Buffer {
  const end = chunk.length - TAG_BYTES;
  if (end < 0) throw new SealBroken(`Chunk ${number} is cut`);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(chunk.subarray(end));
  const bytes = decipher.update(chunk.subarray(0, end));
  try {
    decipher.final();
  } catch (error) {
    throw new SealBroken(`Chunk ${number} was changed, or the file was cut after it`, error);
  }
  return bytes;
}

function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 3);
  nonce.writeUInt8(last ? 1 : 0, 11);
  return nonce;
}

/** Chunks of `size`, the last one shorter or empty. One is held back until it is known whether another follows. */
async function* inChunks(
  bytes: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly chunk: Buffer; readonly last: boolean }, void> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const some of bytes) {
    waiting.push(some);
    length += some.length;
    if (length <= size) continue;
    const all = Buffer.concat(waiting, length);
    let start = 0;
    for (; length - start > size; start += size)
      yield { chunk: all.subarray(start, start + size), last: false };
    waiting = [all.subarray(start)];
    length -= start;
  }
  yield { chunk: Buffer.concat(waiting, length), last: true };
}
