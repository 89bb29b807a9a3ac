import { expect, test } from 'vitest';
import { type CsvEnd, type CsvRow, columnsOf, headerNames, walkCsv } from './csv.ts';

async function* pieces(text: string, size = 3): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function walk(bytes: AsyncIterable<Uint8Array>): Promise<CsvEnd & { readonly rows: CsvRow[] }> {
  const rows: CsvRow[] = [];
  const steps = walkCsv(bytes);
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return { rows, ...step.value };
    rows.push(...step.value);
  }
}

const cells = async (text: string): Promise<(readonly string[])[]> =>
  (await walk(pieces(text))).rows.map((row) => row.cells);

test('quotes hold separators, line breaks and quotes; empty lines are nothing', async () => {
  expect(await cells('a,b\n"1,\n2","say ""hi"""\r\n\n3,\n')).toEqual([
    ['a', 'b'],
    ['1,\n2', 'say "hi"'],
    ['3', ''],
  ]);
});

test('the separator is the one that the first line has most of', async () => {
  expect(await cells('a;b\n1,5;2\n')).toEqual([
    ['a', 'b'],
    ['1,5', '2'],
  ]);
  expect(await cells('a\tb\n1;5\t2\n')).toEqual([
    ['a', 'b'],
    ['1;5', '2'],
  ]);
});

test('columns are found by any of their names, in any case, and a missing cell is empty', async () => {
  const { rows } = await walk(pieces('\ufeff"Plugin ID", Host \n11,\n12\n'));
  const [header, first, second] = rows;
  if (header === undefined || first === undefined || second === undefined)
    throw new Error('rows are missing');
  const cell = columnsOf(header);
  expect([
    cell(first, 'Plugin', 'plugin id'),
    cell(first, 'host'),
    cell(second, 'host'),
    cell(first, 'x'),
  ]).toEqual(['11', '', '', '']);
  expect(headerNames('"Plugin ID"; Host \r\n1;2')).toEqual(['plugin id', 'host']);
});

test('a file without a line break at its end is taken for cut, and the rows before the cut count', async () => {
  for (const text of ['a,b\n1,2\n3,4', 'a,b\n1,2\n3,"4\n5,6\n']) {
    const { rows, truncated, warnings } = await walk(pieces(text));
    expect(rows[1]?.cells).toEqual(['1', '2']);
    expect(truncated).toBe(true);
    expect(warnings).toMatchObject([{ code: 'TRUNCATED', line: expect.any(Number) }]);
  }
});

test('a row of a hundred megabytes is refused at its sixteenth, quoted or not', async () => {
  const block = Buffer.alloc(1024 * 1024, 0x78);
  for (const start of ['a,b\n1,"', 'a,b\n1,']) {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(start);
      for (; sent < 100; sent++) yield block;
    }
    const { rows, warnings } = await walk(endless());
    expect(rows).toHaveLength(1);
    expect(warnings).toMatchObject([
      { code: 'TRUNCATED', message: 'one row is longer than 16 million characters' },
    ]);
    expect(sent).toBeLessThan(30);
  }
});

test('a quote that nobody doubled belongs to the text, wherever the pieces end', async () => {
  for (const size of [1, 2, 3, 100]) {
    const { rows, truncated } = await walk(pieces('a,b\n"the "best" one","x""y"\nz"z,"last"\n', size));
    expect(rows.map((row) => row.cells)).toEqual([
      ['a', 'b'],
      ['the "best" one', 'x"y'],
      ['z"z', 'last'],
    ]);
    expect(rows.map((row) => row.line)).toEqual([1, 2, 3]);
    expect(truncated).toBe(false);
  }
});

test('a hundred thousand rows of other lengths than the header are nothing special', async () => {
  async function* ragged(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a,b,c\n');
    for (let n = 0; n < 1000; n += 1) yield Buffer.from('1,2\n3,4,5,6,7\n'.repeat(100));
  }
  const { rows } = await walk(ragged());
  expect(rows).toHaveLength(200_001);
});
