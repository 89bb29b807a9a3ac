import { fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { type JsonElement, type JsonEnd, walkJson } from './json.ts';
import { UnreadableScan } from './reader.ts';

async function* inPieces(text: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function walk(
  text: string | Uint8Array,
  paths: string[],
  size = 7,
): Promise<JsonEnd & { elements: JsonElement[] }> {
  const walker = walkJson(inPieces(text, size), paths);
  const elements: JsonElement[] = [];
  for (;;) {
    const step = await walker.next();
    if (step.done === true) return { ...step.value, elements };
    elements.push(...step.value.elements);
  }
}

const sarifLike = JSON.stringify(
  {
    runs: [
      { tool: { name: 'x "]}' }, results: [{ a: 1 }, [2, { b: '\\"' }], 'three,]', 4, null] },
      { results: [] },
    ],
  },
  null,
  2,
);

test('the elements of a chosen array come one by one and the rest of the document last', async () => {
  const got = await walk(sarifLike, ['runs.*.results']);
  expect(got.elements.map((e) => e.value)).toEqual([{ a: 1 }, [2, { b: '\\"' }], 'three,]', 4, null]);
  expect(got.elements[1]).toMatchObject({ keys: ['runs', 0, 'results', 1], line: 11 });
  expect(got.document).toEqual({ runs: [{ tool: { name: 'x "]}' }, results: [] }, { results: [] }] });
  expect(got.truncated).toBe(false);
});

test('a document cut anywhere gives every record that is whole, and says that it is cut', async () => {
  const whole = (await walk(sarifLike, ['runs.*.results'])).elements;
  for (let end = 1; end < sarifLike.length; end++) {
    const got = await walk(sarifLike.slice(0, end), ['runs.*.results']);
    expect(got.truncated).toBe(true);
    expect(got.elements).toEqual(whole.slice(0, got.elements.length));
    expect(got.document).toBeDefined();
  }
});

test('a record that is no JSON is left out with its line, and nothing of the file may close', async () => {
  const got = await walk('[{"a":1},\n{"a":NaN},\n{"a":3}]', ['']);
  expect(got.elements.map((e) => e.value)).toEqual([{ a: 1 }, { a: 3 }]);
  expect(got.warnings).toMatchObject([{ code: 'BAD_RECORD', line: 2 }]);
  expect(got.truncated).toBe(true);
});

for (const broken of [
  '[1,]',
  '[,1]',
  '[1 2]',
  '[1}',
  '[}',
  '[1]]',
  '[1] x',
  '{"a":[1}',
  '{"a" 1}',
  '{"a":1,}',
]) {
  test(`${broken} is damage`, async () => {
    expect((await walk(broken, ['', 'a'])).truncated).toBe(true);
  });
}

test('a file that is neither object nor array is refused', async () => {
  await expect(walk('"text"', [''])).rejects.toThrow(UnreadableScan);
});

test('brackets without end do not fill the memory', async () => {
  const got = await walk('['.repeat(100_000), ['x'], 4096);
  expect(got.warnings[0]?.message).toContain('nested');
});

test('whatever the pieces, the records are those that JSON.parse gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue()),
      fc.integer({ min: 1, max: 50 }),
      fc.boolean(),
      async (rows, size, pretty) => {
        const text = JSON.stringify({ head: rows, rows }, null, pretty ? 1 : 0);
        const got = await walk(text, ['rows'], size);
        expect(got.truncated).toBe(false);
        expect(got.elements.map((e) => e.value)).toEqual(JSON.parse(text).rows);
        expect(got.document).toEqual({ head: JSON.parse(text).head, rows: [] });
      },
    ),
  );
});

test('UTF-16 with a byte order mark is read', async () => {
  const got = await walk(Buffer.from('\ufeff[{"标题":"弱口令"}]', 'utf16le'), [''], 5);
  expect(got.elements[0]?.value).toEqual({ 标题: '弱口令' });
});
