import { expect, test } from 'vitest';
import { decodeHead, decodeText } from './decode.ts';
import { UnreadableScan } from './reader.ts';

async function text(bytes: Buffer, size: number): Promise<string> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  let all = '';
  for await (const piece of decodeText(pieces())) all += piece;
  return all;
}

/** "主机,漏洞" in GB18030, as Excel saves a CSV in China. */
const GB_WORDS = Buffer.from('d6f7bbfa2cc2a9b6b4', 'hex');
const CSV = Buffer.concat([GB_WORDS, Buffer.from('\n192.0.2.7,x\n')]);

test.each([
  ['UTF-8', Buffer.from('主机,漏洞\n')],
  ['UTF-8 with a mark', Buffer.from('\ufeff主机,漏洞\n')],
  ['UTF-16 little endian with a mark', Buffer.from('\ufeff主机,漏洞\n', 'utf16le')],
  ['UTF-16 big endian with a mark', Buffer.from('\ufeff主机,漏洞\n', 'utf16le').swap16()],
  ['GB18030 without a word about it', Buffer.concat([GB_WORDS, Buffer.from('\n')])],
])('a table in %s is read, in pieces of any size', async (_name, bytes) => {
  for (const size of [1, 3, 1000]) expect(await text(bytes, size)).toBe('主机,漏洞\n');
  expect(decodeHead(bytes)).toBe('主机,漏洞\n');
});

test('XML is in the encoding that it declares', async () => {
  const declared = (name: string) =>
    Buffer.concat([
      Buffer.from(`<?xml version="1.0" encoding="${name}"?><a>`),
      GB_WORDS,
      Buffer.from('</a>'),
    ]);
  expect(await text(declared('GB18030'), 7)).toContain('<a>主机,漏洞</a>');
  expect(await text(declared('gbk'), 7)).toContain('<a>主机,漏洞</a>');
});

test('a declaration that is a lie gives replaced characters, never another encoding', async () => {
  const lie = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="UTF-8"?><a>'), GB_WORDS]);
  expect(await text(lie, 7)).toContain('\ufffd');
  const wide = Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a>ä</a>');
  expect(await text(wide, 7)).toContain('<a>ä</a>');
  const json = Buffer.concat([Buffer.from('{"a":"'), GB_WORDS, Buffer.from('"}')]);
  expect(await text(json, 7)).toContain('\ufffd');
});

test('an encoding that nobody knows is refused by name', async () => {
  const reading = text(Buffer.from('<?xml version="1.0" encoding="x-klingon"?><a/>'), 100);
  await expect(reading).rejects.toBeInstanceOf(UnreadableScan);
  await expect(reading).rejects.toThrow('x-klingon');
});

test('bytes that are neither UTF-8 nor GB18030 stay where they are, replaced', async () => {
  const latin = Buffer.concat([CSV.subarray(GB_WORDS.length), Buffer.from('caf\xe9,\xe9\n', 'latin1')]);
  expect(await text(latin, 5)).toBe('\n192.0.2.7,x\ncaf\ufffd,\ufffd\n');
});
