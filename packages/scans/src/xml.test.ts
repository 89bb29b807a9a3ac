import type { Fact } from '@backcheck/core';
import { expect, test } from 'vitest';
import { UnreadableScan } from './reader.ts';
import { walkXml, type XmlWalker } from './xml.ts';

async function* inPieces(content: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Notes each event as one line; asks for the text of elements whose name starts with "t". */
async function walk(
  content: string | Uint8Array,
  size = 5,
): Promise<{ seen: string[]; facts: Fact[]; cut: boolean }> {
  const seen: string[] = [];
  const walker: XmlWalker = {
    open: (name, attributes, line) => {
      seen.push(`${line}<${name}${Object.entries(attributes).map(([k, v]) => ` ${k}=${v}`)}`);
      return name.startsWith('t');
    },
    close: (name, text) => void seen.push(`>${name}:${text}`),
    drain: () => [],
  };
  const events = walkXml(inPieces(content, size), walker);
  const facts: Fact[] = [];
  for (;;) {
    const step = await events.next();
    if (step.done === true) return { seen, facts, cut: step.value };
    facts.push(...step.value);
  }
}

test('elements, attributes, wanted text and line numbers are given whatever the pieces', async () => {
  const xml =
    '<?xml version="1.0"?>\n<a>\n<t x="1&amp;2">one &lt;<b>two</b><![CDATA[<three>]]></t><b>skipped</b>\n</a>';
  for (const size of [1, 3, 1000]) {
    expect(await walk(xml, size)).toEqual({
      seen: ['2<a', '3<t x=1&2', '3<b', '>b:', '>t:one <two<three>', '3<b', '>b:', '>a:'],
      facts: [],
      cut: false,
    });
  }
});

test('a cut file gives what stands before the cut and a warning with the line', async () => {
  const got = await walk('<a>\n<t>x</t>\n<t>y');
  expect(got.seen).toEqual(['1<a', '2<t', '>t:x', '3<t']);
  expect(got.cut).toBe(true);
  expect(got.facts).toMatchObject([{ record: 'warning', code: 'TRUNCATED', line: 3 }]);
});

test('a file that is damaged before its first element is unreadable', async () => {
  await expect(walk('no xml at all')).rejects.toThrow(UnreadableScan);
});

test('entities are never expanded and files are never fetched: a reference to one is damage', async () => {
  const bomb = '<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a><t>&y;</t></a>';
  const outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a><t>&x;</t></a>';
  for (const xml of [bomb, outside]) {
    const got = await walk(xml);
    expect(got.cut).toBe(true);
    expect(got.seen).toEqual(['1<a', '1<t']);
  }
});

test('a file of open tags and a value without end stop early with a clear word', async () => {
  expect((await walk('<a>'.repeat(5000), 4096)).facts).toMatchObject([
    { message: expect.stringContaining('deep') },
  ]);
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('<a><t x="');
    for (;;) yield Buffer.alloc(1024 * 1024, 'x');
  }
  const events = walkXml(endless(), { open: () => true, close: () => undefined, drain: () => [] });
  expect((await events.next()).value).toMatchObject([{ message: expect.stringContaining('32 million') }]);
});

test('UTF-16, GB18030 and a byte order mark are honoured, wrong bytes are replaced with a warning', async () => {
  const utf16 = Buffer.from('\ufeff<t>弱口令</t>', 'utf16le');
  const gb = Buffer.concat([
    Buffer.from('<?xml version="1.0" encoding="GB18030"?><t>'),
    Buffer.from([0xc8, 0xf5, 0xbf, 0xda, 0xc1, 0xee]),
    Buffer.from('</t>'),
  ]);
  for (const bytes of [utf16, gb, Buffer.from('\ufeff<t>弱口令</t>')]) {
    expect((await walk(bytes)).seen.at(-1)).toBe('>t:弱口令');
  }
  const wrong = await walk(
    Buffer.concat([Buffer.from('<t>'), Buffer.from([0xc8, 0xf5]), Buffer.from('</t>')]),
  );
  expect(wrong).toMatchObject({ cut: false, facts: [{ code: 'WRONG_BYTES', line: 1 }] });
});

test('an encoding that nobody knows is refused by name', async () => {
  await expect(walk('<?xml version="1.0" encoding="klingon"?><t/>')).rejects.toThrow('"klingon"');
});

test('a NUL byte is damage', async () => {
  expect((await walk('<a><t>\0</t></a>')).cut).toBe(true);
});

test('a wanted element within a wanted one has its own text, and the outer one keeps its own', async () => {
  const { seen } = await walk('<a><t1>one<t2>two</t2>three</t1></a>');
  expect(seen.filter((line) => line.startsWith('>'))).toEqual(['>t2:two', '>t1:onethree', '>a:']);
});
