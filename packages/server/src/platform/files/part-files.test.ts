import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEvidenceKeys } from '../keys/evidence-keys.ts';
import { SealBroken } from './envelope.ts';
import { openPartFiles, type PartFiles } from './part-files.ts';

let folder: string;
let parts: PartFiles;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backcheck-parts-'));
  parts = openPartFiles(
    join(folder, 'uploads'),
    await openEvidenceKeys(join(folder, 'keys.json'), new Date()),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* stream(...chunks: Buffer[]) {
  yield* chunks;
}
async function* breaking(chunk: Buffer) {
  yield chunk;
  throw new Error('connection lost');
}
const placeOf = (id: string) => join(folder, 'uploads', id);

describe('an upload in pieces', () => {
  it('is put together as it came, and is nowhere in clear', async () => {
    const [a, b] = [Buffer.from('the first half of a secret'), randomBytes(150_000)];
    await parts.create('1');
    expect(await parts.received('1')).toBe(0);
    expect(await parts.append('1', stream(a))).toBe(a.length);
    expect(await parts.append('1', stream(b.subarray(0, 100_000), b.subarray(100_000)))).toBe(
      a.length + b.length,
    );
    expect(await parts.received('1')).toBe(a.length + b.length);
    expect((await buffer(parts.read('1'))).equals(Buffer.concat([a, b]))).toBe(true);
    expect(readFileSync(placeOf('1'), 'latin1')).not.toContain('first half');
  });

  it('keeps what came before the line broke', async () => {
    const came = randomBytes(70_000);
    await parts.create('2');
    await expect(parts.append('2', breaking(came))).rejects.toThrow('connection lost');
    expect(await parts.received('2')).toBe(came.length);
    expect((await buffer(parts.read('2'))).equals(came)).toBe(true);
  });

  it('leaves out what a kill or a power cut left torn, and goes on from there', async () => {
    const all = randomBytes(200_000);
    await parts.create('3');
    await parts.append('3', stream(all));
    const whole = readFileSync(placeOf('3'));
    for (const length of [whole.length - 1, whole.length - 40_000, 140, 136]) {
      writeFileSync(placeOf('3'), whole);
      truncateSync(placeOf('3'), length);
      const left = (await parts.received('3')) ?? -1;
      expect(left).toBeLessThan(all.length);
      expect(await parts.append('3', stream(all.subarray(left)))).toBe(all.length);
      expect((await buffer(parts.read('3'))).equals(all)).toBe(true);
    }
    // the file has its length already, but its last pages were never written
    writeFileSync(placeOf('3'), Buffer.concat([whole.subarray(0, -1000), Buffer.alloc(1000)]));
    const left = (await parts.received('3')) ?? -1;
    expect(left).toBe(3 * 64 * 1024);
    await parts.append('3', stream(all.subarray(left)));
    expect((await buffer(parts.read('3'))).equals(all)).toBe(true);
  });

  it('that was changed on the disk, or is another upload, is not taken', async () => {
    await parts.create('4');
    await parts.append('4', stream(randomBytes(150_000)));
    const whole = readFileSync(placeOf('4'));
    whole[5000] = (whole[5000] ?? 0) ^ 1;
    writeFileSync(placeOf('4'), whole);
    await expect(buffer(parts.read('4'))).rejects.toThrow(SealBroken);
    writeFileSync(placeOf('5'), readFileSync(placeOf('1')));
    await expect(parts.received('5')).rejects.toThrow(SealBroken);
  });

  it('that is not there, or was removed, is told', async () => {
    expect(await parts.received('99')).toBeNull();
    await parts.remove('1');
    expect(await parts.received('1')).toBeNull();
    await expect(parts.append('1', stream(Buffer.from('x')))).rejects.toThrow(/not there/);
  });

  it('that nobody goes on with is known', async () => {
    expect(await parts.stalled(new Date(Date.now() - 60_000))).toEqual([]);
    expect((await parts.stalled(new Date(Date.now() + 60_000))).sort()).toEqual(['2', '3', '4', '5']);
  });
});
