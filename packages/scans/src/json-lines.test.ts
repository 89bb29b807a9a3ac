import { expect, test } from 'vitest';
import { type JsonRecord, type JsonRecordsEnd, walkJsonRecords } from './json-lines.ts';

async function* pieces(content: string | Buffer, size = 3): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content as string); // Buffer.from takes both; its overloads do not say so together
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function walk(
  bytes: AsyncIterable<Uint8Array>,
): Promise<JsonRecordsEnd & { readonly records: JsonRecord[] }> {
  const records: JsonRecord[] = [];
  const steps = walkJsonRecords(bytes);
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return { records, ...step.value };
    records.push(...step.value);
  }
}

test('an array and lines give the same records', async () => {
  const values = [{ value: { a: 1 } }, { value: [2] }, { value: '三' }];
  for (const text of ['[{"a":1},[2],"三"]', '{"a":1}\n[2]\n"三"', '{"a":1}\r\n\n[2]\n"三"\n']) {
    const { records, truncated } = await walk(pieces(text.startsWith('[{') ? `\n ${text}` : text));
    expect(records).toMatchObject(values);
    expect(truncated).toBe(false);
  }
});

test('an encoding with a byte order mark is read in both shapes', async () => {
  for (const text of ['[{"a":1}]', '{"a":1}\n']) {
    const { records } = await walk(pieces(Buffer.from(`\ufeff${text}`, 'utf16le')));
    expect(records).toEqual([{ value: { a: 1 }, line: 1 }]);
  }
});

test('a bad line is left out with its number, a last one that is cut is a cut', async () => {
  const { records, truncated, warnings } = await walk(pieces('{"a":1}\nNaN\n{"b":2}\n{"c"'));
  expect(records.map((one) => one.line)).toEqual([1, 3]);
  expect(warnings).toMatchObject([
    { code: 'BAD_RECORD', line: 2 },
    { code: 'TRUNCATED', line: 4 },
  ]);
  expect(truncated).toBe(true);
});

test('a line of a hundred megabytes is left out and the next one is read', async () => {
  const block = Buffer.alloc(1024 * 1024, 0x78);
  async function* long(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"a":1}\n"');
    for (let sent = 0; sent < 100; sent++) yield block;
    yield Buffer.from('"\n{"b":2}\n');
  }
  const { records, warnings } = await walk(long());
  expect(records).toEqual([
    { value: { a: 1 }, line: 1 },
    { value: { b: 2 }, line: 3 },
  ]);
  expect(warnings).toMatchObject([{ code: 'BAD_RECORD', line: 2 }]);
});
