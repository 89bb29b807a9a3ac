import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { SealBroken } from './envelope.ts';
import { CHUNK_BYTES, seal, unseal } from './seal.ts';

const key = randomBytes(32);
const SEALED = CHUNK_BYTES + 16;

async function* pieces(bytes: Uint8Array, size: number) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const sealed = (bytes: Uint8Array, size = 50_000) => buffer(seal(pieces(bytes, size), key));
const opened = (bytes: Uint8Array, size = 70_000) => buffer(unseal(pieces(bytes, size), key));

/** Sizes on both sides of the chunks' borders, and how the stream is cut on both ways. */
const sizes = fc.oneof(
  fc.constantFrom(0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES),
  fc.nat(200_000),
);
const cuts = fc.integer({ min: 1, max: 150_000 });

describe('a sealed stream', () => {
  test.prop([sizes, cuts, cuts], { numRuns: 60 })(
    'gives back what went in, however both are cut in pieces',
    async (size, one, other) => {
      const plain = randomBytes(size);
      const closed = await sealed(plain, one);
      expect(closed.length).toBe(size + 16 * Math.max(1, Math.ceil(size / CHUNK_BYTES)));
      expect((await opened(closed, other)).equals(plain)).toBe(true);
    },
  );

  test.prop([fc.integer({ min: 0, max: 200_000 }), fc.nat()], { numRuns: 60 })(
    'with one bit changed anywhere ends in an error',
    async (size, at) => {
      const closed = await sealed(randomBytes(size));
      const place = at % closed.length;
      closed[place] = (closed[place] ?? 0) ^ 1;
      await expect(opened(closed)).rejects.toThrow(SealBroken);
    },
  );

  test.prop([fc.integer({ min: 1, max: 200_000 }), fc.nat()], { numRuns: 60 })(
    'cut at any byte ends in an error',
    async (size, at) => {
      const closed = await sealed(randomBytes(size));
      await expect(opened(closed.subarray(0, at % closed.length))).rejects.toThrow(SealBroken);
    },
  );

  it('with chunks swapped, left out, repeated or added ends in an error', async () => {
    const closed = await sealed(randomBytes(3 * CHUNK_BYTES + 5));
    const [a, b, c, d] = [0, 1, 2, 3].map((n) => closed.subarray(n * SEALED, (n + 1) * SEALED)) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    for (const wrong of [
      [b, a, c, d],
      [a, c, d],
      [a, b, c],
      [a, b, b, d],
      [a, b, c, d, d],
      [a, b, c, c, d],
    ])
      await expect(opened(Buffer.concat(wrong))).rejects.toThrow(SealBroken);
  });

  it('gives out nothing of a chunk that is not the one that was sealed', async () => {
    const plain = randomBytes(3 * CHUNK_BYTES);
    const closed = await sealed(plain);
    closed[SEALED + 3] = (closed[SEALED + 3] ?? 0) ^ 1;
    const got: Buffer[] = [];
    const read = async () => {
      for await (const chunk of unseal(pieces(closed, 9999), key)) got.push(chunk);
    };
    await expect(read()).rejects.toThrow(SealBroken);
    expect(Buffer.concat(got).equals(plain.subarray(0, CHUNK_BYTES))).toBe(true);
  });
});
