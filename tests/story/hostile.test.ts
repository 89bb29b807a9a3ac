import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ScanFacts } from '@backcheck/core';
import { collectScan, FutureScan, readScan, refuseFuture, UnreadableScan } from '@backcheck/scans';
import { describe, expect, test } from 'vitest';
import { ownScans, type ScanFile } from '../support/shared-corpus.ts';

/** What a file may do to whoever reads it, tried on the project's own files of every format (docs/formats.md). */

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const LATER = '2029-06-01T00:00:00.000Z';
const read = (bytes: Uint8Array, format?: string): Promise<ScanFacts> =>
  collectScan(readScan(once(bytes), { declaredAt: LATER, ...(format === undefined ? {} : { format }) }));

/** The facts, or the sentence of the refusal; anything else is a crash. */
const readOrRefused = (bytes: Uint8Array, format: string): Promise<ScanFacts | string> =>
  read(bytes, format).catch((error: unknown) => {
    if (error instanceof UnreadableScan) return error.message;
    throw error;
  });

interface Known {
  readonly file: ScanFile;
  readonly facts: ScanFacts;
}

const files: Known[] = [];
for (const file of ownScans()) files.push({ file, facts: await read(file.bytes()) });
const named = files.map((one) => ({ ...one, name: one.file.name, format: one.facts.scan.format }));
/** The first file of each format that saw something. */
const firsts = [...Map.groupBy(named, (one) => one.format).values()].flatMap(
  (list) => list.find(({ facts }) => facts.observations.length > 0) ?? [],
);
const isXml = ({ file }: Known): boolean => /^\s*</.test(file.bytes().toString('utf8'));
const xml = firsts.filter(isXml);

const withoutHash = ({ scan, ...facts }: ScanFacts): object => ({ ...facts, scan: { ...scan, sha256: '' } });

/** `definitions` in front of the root element and `reference` as the text of the third element. */
function withEntity(text: string, definitions: string, reference: string): Buffer {
  const root = /<([A-Za-z][\w:.-]*)/.exec(text);
  if (root === null) throw new Error('no root element');
  const doctype = `<!DOCTYPE ${root[1]} [${definitions}]>\n`;
  const plain = text.replace(/<!DOCTYPE[^>[]*(\[[^\]]*\])?>/, '');
  const at = plain.indexOf(root[0]);
  const [, , third] = [...plain.slice(at).matchAll(/>/g)];
  const inside = at + (third?.index ?? 0) + 1;
  return Buffer.from(
    plain.slice(0, at) + doctype + plain.slice(at, inside) + reference + plain.slice(inside),
  );
}

describe('entities', () => {
  const laughs = ['<!ENTITY a0 "ha">']
    .concat(Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n + 1} "${`&a${n};`.repeat(10)}">`))
    .join('');

  test.each(xml)('a bomb of entities in $format is damage at its place, and nothing grows', async (one) => {
    const bytes = withEntity(one.file.bytes().toString(), laughs, '&a30;');
    const facts = await readOrRefused(bytes, one.format);
    if (typeof facts === 'string') expect(facts).toMatch(/entity/i);
    else {
      expect(facts.scan).toMatchObject({ truncated: true, complete: false });
      expect(facts.warnings).toContainEqual(
        expect.objectContaining({ code: 'TRUNCATED', line: expect.any(Number) }),
      );
    }
  });

  test.each(xml)('an entity in $format that names a file or an address is never fetched', async (one) => {
    const secret = readFileSync('/etc/passwd', 'utf8').slice(0, 20);
    for (const address of ['file:///etc/passwd', 'http://127.0.0.1:9/x']) {
      const bytes = withEntity(one.file.bytes().toString(), `<!ENTITY x SYSTEM "${address}">`, '&x;');
      const facts = await readOrRefused(bytes, one.format);
      expect(JSON.stringify(facts)).not.toContain(secret);
      if (typeof facts !== 'string') expect(facts.scan.truncated).toBe(true);
    }
  });
});

describe('encodings', () => {
  test.each(named)('$name in UTF-16 of either order says what it says in UTF-8', async ({ file, facts }) => {
    const text = file
      .bytes()
      .toString('utf8')
      .replace(/^\ufeff/, '');
    const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
    for (const bytes of [wide, Buffer.from(wide).swap16()]) {
      expect(withoutHash(await read(bytes))).toEqual(withoutHash(facts));
    }
  });

  test.each(xml)('$format that declares GB18030 is read as that', async ({ file, facts }) => {
    const text = file.bytes().toString('utf8');
    // All of it is ASCII or not part of the facts, so that the bytes are the same in GB18030.
    const ascii = text.replaceAll(/[^\0-\x7f]/g, '?').replace(/<\?xml[^>]*\?>/, '');
    const declared = Buffer.from(`<?xml version="1.0" encoding="GB18030"?>${ascii}`);
    const { observations } = await read(declared);
    expect(observations).toHaveLength(facts.observations.length);
  });

  test.each(firsts)('a byte that is no text in $format is replaced, and a warning says so', async (one) => {
    const bytes = one.file.bytes();
    const title = one.facts.observations.find(({ title: text }) => bytes.includes(text))?.title;
    const at = bytes.indexOf(title ?? one.facts.observations[0]?.check.split(':')[1] ?? '');
    const wrong = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at)]);
    const facts = await readOrRefused(wrong, one.format);
    if (typeof facts !== 'string') expect(facts.warnings.map(({ code }) => code)).toContain('WRONG_BYTES');
  });
});

test.each(firsts)('NUL bytes in $format reach no fact', async ({ file, format }) => {
  const text = file.bytes().toString('latin1');
  for (let place = 1; place < 20; place += 1) {
    const at = Math.floor((text.length * place) / 20);
    const facts = await readOrRefused(
      Buffer.from(`${text.slice(0, at)}\0${text.slice(at)}`, 'latin1'),
      format,
    );
    // JSON writes NUL as \u0000.
    expect(JSON.stringify(facts)).not.toContain('\\u0000');
  }
});

const LONG_LINE = fileURLToPath(new URL('../fuzz/long-line.ts', import.meta.url));

test.each(firsts)(
  'a line of a hundred megabytes in the middle of $format ends in a warning or a refusal, in less than 300 MB',
  ({ name }) => {
    const { stdout, status, stderr } = spawnSync(process.execPath, [LONG_LINE, name], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const { outcome, rssMb } = JSON.parse(stdout) as { outcome: string; rssMb: number }; // as long-line.ts prints it
    expect(outcome).toMatch(/^(refused|warned)/);
    expect(rssMb).toBeLessThan(300);
  },
  120_000,
);

describe('time', () => {
  const dated = named.filter(({ facts }) => facts.scan.timeSource === 'file');

  test.each(dated)('$name is refused by a server whose clock stands before it', async ({ file }) => {
    const facts = refuseFuture(readScan(once(file.bytes())), '2000-01-01T00:00:00.000Z');
    await expect(collectScan(facts)).rejects.toBeInstanceOf(FutureScan);
  });
});
