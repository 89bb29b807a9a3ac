import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { collectScan, readScan } from './read-scan.ts';
import { UnreadableScan } from './reader.ts';
import { gather } from './testing/gather.ts';
import { fixture } from './testing/scan-of.ts';

const before = await fixture('nmap/before.xml');
const plain = await gather(before);

/** A zip as a program for people makes it. Python's library is on every Debian; `zip` is not. */
function zipped(files: Readonly<Record<string, string>>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-zip-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    execFileSync('python3', ['-m', 'zipfile', '-c', 'all.zip', ...Object.keys(files)], { cwd: folder });
    return readFileSync(join(folder, 'all.zip'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const refusalCode = (error: unknown): unknown => (error instanceof UnreadableScan ? error.code : error);
const refusal = (bytes: Uint8Array): Promise<unknown> => gather(bytes).then(() => 'read', refusalCode);

test('a scan in a gzip or in a zip is the same scan, hash and all', async () => {
  expect(await gather(gzipSync(before))).toEqual(plain);
  expect(await gather(zipped({ 'scan.xml': before }))).toEqual(plain);
});

test('a zip is opened by its content, in pieces of any size', async () => {
  expect(await gather(zipped({ 'holiday.jpg': before }), {}, 1)).toEqual(plain);
});

test('a gzip that was cut gives the presences before the cut and closes nothing', async () => {
  const long = before.replace('</nmaprun>', `<!-- ${'x y z '.repeat(20_000)} --></nmaprun>`);
  const packed = gzipSync(long);
  for (const share of [0.99, 0.9, 0.7]) {
    const { scan, warnings } = await gather(packed.subarray(0, packed.length * share));
    expect(scan).toMatchObject({ truncated: true, complete: false });
    expect(warnings.map((one) => one.code)).toContain('TRUNCATED');
  }
});

test('a cut right behind the last record of a gzip is noticed, where the format alone could not', async () => {
  const packed = gzipSync(before);
  const { scan } = await gather(packed.subarray(0, packed.length - 8)); // only checksum and length are missing
  expect(scan.truncated).toBe(true);
});

test('a zip that was cut, changed or is empty is refused', async () => {
  const packed = zipped({ 'scan.xml': before });
  expect(await refusal(packed.subarray(0, packed.length - 30))).toBe('DAMAGED');
  expect(await refusal(packed.subarray(0, 10))).toBe('DAMAGED');
  expect(await refusal(Buffer.from('504b0506'.padEnd(44, '0'), 'hex'))).toBe('EMPTY');
  expect(await refusal(Buffer.from('1f8b', 'hex'))).toBe('DAMAGED');
  expect(await refusal(gzipSync(''))).toBe('EMPTY');
});

test('a zip with two scans is refused by name, and what macOS adds does not count', async () => {
  expect(await refusal(zipped({ 'a.xml': before, 'b.xml': before }))).toBe('SEVERAL_FILES');
  await expect(gather(zipped({ 'a.xml': before, 'b.xml': before }))).rejects.toThrow('"a.xml" and "b.xml"');
  expect(await gather(zipped({ 'scan.xml': before, '.DS_Store': 'x' }))).toEqual(plain);
});

test('what is packed twice is not opened twice', async () => {
  expect(await refusal(gzipSync(gzipSync(before)))).toBe('UNKNOWN_FORMAT');
});

test('ten gigabytes in ten megabytes are refused long before they are unpacked', async () => {
  const start = Buffer.from('<?xml version="1.0"?><nmaprun scanner="nmap"><!--');
  const spaces = Buffer.alloc(1024 * 1024, 0x20);
  let megabytes = 0;
  function* content(): Generator<Buffer> {
    yield start;
    for (; megabytes < 10_240; megabytes++) yield spaces;
  }
  const reading = collectScan(readScan(Readable.from(content()).pipe(createGzip())));
  await expect(reading).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(megabytes).toBeLessThan(500);
});

test('a zip that says it holds little and holds much is refused', async () => {
  const packed = zipped({ 'scan.xml': `${before}${' '.repeat(200_000)}` });
  // The size of what is inside, once before the file and once in the list at the end.
  for (const mark of ['PK\u0003\u0004', 'PK\u0001\u0002']) {
    const at = packed.indexOf(mark, 0, 'latin1');
    packed.writeUInt32LE(1000, at + (mark.charCodeAt(2) === 3 ? 22 : 24));
  }
  const outcome = await gather(packed).then(({ scan }) => scan.truncated, refusalCode);
  expect([true, 'DAMAGED']).toContain(outcome);
});
