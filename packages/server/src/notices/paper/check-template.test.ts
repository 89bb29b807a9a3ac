import { deflateRawSync } from 'node:zlib';
import { NOTICE_TEMPLATE_TAGS } from '@backcheck/contract';
import { Zip } from 'easy-template-x';
import { beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../../platform/problem.ts';
import { checkTemplate } from './check-template.ts';
import { sampleTemplate } from './sample-template.ts';

let sample: Buffer;
beforeAll(async () => {
  sample = await sampleTemplate('rectification', 'zh');
});

type Change = Readonly<Record<string, string | ((before: string) => string)>>;

/** The sample with some of its parts changed, as a text editor and a zip tool do it. */
async function changed(parts: Change): Promise<Buffer> {
  const zip = await Zip.load(sample);
  for (const [name, change] of Object.entries(parts)) {
    const before = (await zip.getFile(name)?.getContentText()) ?? '';
    zip.setFile(name, typeof change === 'string' ? change : change(before));
  }
  return zip.export(Buffer);
}

const DOCUMENT = 'word/document.xml';
const RELATIONS = 'word/_rels/document.xml.rels';
/** A paragraph more at the end of the document. */
const withText = (text: string) =>
  changed({
    [DOCUMENT]: (xml) => xml.replace('<w:sectPr', `<w:p><w:r><w:t>${text}</w:t></w:r></w:p><w:sectPr`),
  });
const withMarkup = (markup: string) =>
  changed({ [DOCUMENT]: (xml) => xml.replace('<w:sectPr', `<w:p>${markup}</w:p><w:sectPr`) });
const TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const withRelation = (type: string, target: string, mode = ' TargetMode="External"') =>
  changed({
    [RELATIONS]: (xml) =>
      xml.replace(
        '</Relationships>',
        `<Relationship Id="rIdX" Type="${TYPE}/${type}" Target="${target}"${mode}/></Relationships>`,
      ),
  });

/** What is said of the template: the code, and the place or the part. */
async function said(template: Buffer | Promise<Buffer>): Promise<string> {
  try {
    await checkTemplate(await template, { kind: 'rectification', language: 'zh' });
    return 'taken';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [error.code, ...Object.values(error.facts)].join(' | ');
  }
}

describe("an office's template is taken", () => {
  test('as the sample is, and with every tag that there is', async () => {
    expect(await said(sample)).toBe('taken');
    const places = {
      paper: '',
      body: 'body',
      findings: 'findings',
      explanations: 'explanations',
      decision: 'decision',
    } as const;
    const tags = NOTICE_TEMPLATE_TAGS.filter(({ form }) => form !== 'loop').map(({ name, place, form }) => {
      const all = form === 'words' ? `{${name}}{${name}Zh}{${name}En}` : `{${name}}`;
      return places[place] === '' ? all : `{#${places[place]}}${all}{/${places[place]}}`;
    });
    expect(await said(withText(tags.join(' ')))).toBe('taken');
  });

  test('with a text as a condition, with page numbers, and with a link to the page of the office', async () => {
    expect(await said(withText('{#refersTo}see {refersTo}{/refersTo}'))).toBe('taken');
    expect(await said(withMarkup('<w:fldSimple w:instr=" PAGE \\* MERGEFORMAT "/>'))).toBe('taken');
    expect(await said(withRelation('hyperlink', 'https://office.example/'))).toBe('taken');
  });

  test('from a tool that leaves a comment in its zip files', async () => {
    const commented = Buffer.concat([sample, Buffer.from('made by a tool')]);
    commented.writeUInt16LE('made by a tool'.length, sample.length - 2);
    expect(await said(commented)).toBe('taken');
  });

  test('with a tag that the editor has cut into pieces', async () => {
    expect(await said(withMarkup('<w:r><w:t>{num</w:t></w:r><w:r><w:t>ber}</w:t></w:r>'))).toBe('taken');
  });
});

describe("an office's template is refused, and it is said what and where", () => {
  test.each([
    ['an unknown tag', '{nummer}', 'NOTICE_TEMPLATE_TAG_UNKNOWN | {nummer} | —'],
    ['a name that every object has', '{constructor}', 'NOTICE_TEMPLATE_TAG_UNKNOWN | {constructor} | —'],
    ['a tag outside of its loop', '{findingTitle}', 'NOTICE_TEMPLATE_TAG_UNKNOWN | {findingTitle} | —'],
    [
      'a loop inside of a loop',
      '{#findings}{#body}{paragraph}{/body}{/findings}',
      'NOTICE_TEMPLATE_TAG_UNKNOWN | {#body} | {#findings}',
    ],
    [
      'a loop that repeats itself',
      '{#findings}{#findings}{row}{/findings}{/findings}',
      'NOTICE_TEMPLATE_TAG_UNKNOWN | {#findings} | {#findings}',
    ],
    ['a loop that is not closed', '{#body}{paragraph}', 'NOTICE_TEMPLATE_TAG_UNBALANCED | {#body}'],
    ['a loop that was not opened', '{/body}', 'NOTICE_TEMPLATE_TAG_UNBALANCED | {/body}'],
    ['loops that cross', '{#body}{#refersTo}{/body}{/refersTo}', 'NOTICE_TEMPLATE_TAG_UNBALANCED | {/body}'],
  ])('for %s', async (_, text, expected) => {
    expect(await said(withText(text))).toBe(expected);
  });

  test('for a brace without its partner', async () => {
    expect(await said(withText('{number'))).toMatch(/^NOTICE_TEMPLATE_TAG_UNBALANCED \| .*\{number/);
    expect(await said(withText('number}'))).toMatch(/^NOTICE_TEMPLATE_TAG_UNBALANCED \| .*number\}/);
  });

  test('for what a paper must say and does not', async () => {
    const without = changed({
      [DOCUMENT]: (xml) => xml.replaceAll('{number}', '').replaceAll('{qr}', '').replaceAll('{sha256}', ''),
    });
    expect(await said(without)).toBe('NOTICE_TEMPLATE_TAG_MISSING | {number}, {qr} / {sha256}');
  });

  test.each([
    ['macros by their part', { 'word/vbaProject.bin': 'x' }, 'NOTICE_TEMPLATE_MACROS | word/vbaProject.bin'],
    [
      'macros by the type of the document',
      {
        '[Content_Types].xml': (xml: string) =>
          xml.replace('wordprocessingml.document.main', 'ms-word.document.macroEnabled.main'),
      },
      'NOTICE_TEMPLATE_MACROS',
    ],
    [
      'an embedded object',
      { 'word/embeddings/oleObject1.bin': 'x' },
      'NOTICE_TEMPLATE_ACTIVE | word/embeddings/oleObject1.bin',
    ],
    [
      'a control',
      { 'word/activeX/activeX1.xml': '<a/>' },
      'NOTICE_TEMPLATE_ACTIVE | word/activeX/activeX1.xml',
    ],
    [
      'a spreadsheet that calls itself a document',
      {
        '[Content_Types].xml': (xml: string) =>
          xml.replace('wordprocessingml.document.main', 'spreadsheetml.sheet.main'),
      },
      'NOTICE_TEMPLATE_UNREADABLE | [Content_Types].xml',
    ],
    [
      'entities that grow',
      {
        [DOCUMENT]: (xml: string) =>
          xml.replace('<w:document', '<!DOCTYPE w [<!ENTITY a "aaaa">]><w:document'),
      },
      'NOTICE_TEMPLATE_UNREADABLE | word/document.xml',
    ],
    [
      'a document that is cut',
      { [DOCUMENT]: (xml: string) => xml.slice(0, -40) },
      'NOTICE_TEMPLATE_UNREADABLE | word/document.xml',
    ],
  ] as [string, Change, string][])('for %s', async (_, parts, expected) => {
    expect(await said(changed(parts))).toContain(expected);
  });

  test.each([
    ['a template on another server', 'attachedTemplate', 'https://evil.example/a.dotm'],
    ['a picture from another server', 'image', 'https://evil.example/seen.png'],
    ['a share that asks for a password', 'hyperlink', 'file://evil.example/share'],
    ['a script behind a link', 'hyperlink', 'javascript:alert(1)'],
  ])('for %s', async (_, type, target) => {
    expect(await said(withRelation(type, target))).toBe(
      `NOTICE_TEMPLATE_EXTERNAL | ${RELATIONS} | ${target}`,
    );
  });

  test('for a target that leads out without saying so, and for a page of HTML in it', async () => {
    expect(await said(withRelation('image', '\\\\evil.example\\a.png', ''))).toContain(
      'NOTICE_TEMPLATE_EXTERNAL',
    );
    expect(await said(withRelation('aFChunk', 'chunk.html', ''))).toBe(
      `NOTICE_TEMPLATE_ACTIVE | ${RELATIONS} | aFChunk`,
    );
  });

  test.each([
    '<w:fldSimple w:instr="INCLUDEPICTURE https://evil.example/a.png"/>',
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\\\cmd.exe</w:instrText></w:r>',
    '<w:r><w:instrText>HYPERLINK "file://evil.example/x"</w:instrText></w:r>',
  ])('for the field %s', async (markup) => {
    expect(await said(withMarkup(markup))).toContain(`NOTICE_TEMPLATE_ACTIVE | ${DOCUMENT}`);
  });

  const DDE = '<w:r><w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></w:r>';

  test('for a field that another field writes', async () => {
    const part = (type: string) => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`;
    const quote = '<w:r><w:instrText>QUOTE 68 68 69 65 85 84 79</w:instrText></w:r>';
    const nested = part('begin') + part('begin') + quote + part('end') + part('end');
    expect(await said(withMarkup(nested))).toContain(`NOTICE_TEMPLATE_ACTIVE | ${DOCUMENT}`);
    // what a field shows may have fields in it, as a table of contents has
    const shown = part('begin') + part('separate') + part('begin') + quote + part('end') + part('end');
    expect(await said(withMarkup(shown))).toBe('taken');
  });

  test('for a field that a tracked change has only struck out', async () => {
    expect(await said(withMarkup(DDE.replaceAll('instrText', 'delInstrText')))).toContain(
      `NOTICE_TEMPLATE_ACTIVE | ${DOCUMENT}`,
    );
  });

  /** A footer under another name: its type stands in a list, not in its ending. */
  const withFooter = (content: string) =>
    changed({
      'word/footer9.dat': content,
      [RELATIONS]: (xml) =>
        xml.replace(
          '</Relationships>',
          `<Relationship Id="rIdX" Type="${TYPE}/footer" Target="footer9.dat"/></Relationships>`,
        ),
      '[Content_Types].xml': (xml) =>
        xml.replace(
          '</Types>',
          '<Override PartName="/word/footer9.dat" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>',
        ),
    });
  const FOOTER = `<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p>${DDE}</w:p></w:ftr>`;

  test('for markup under a name that does not look like it, whatever it is encoded in', async () => {
    expect(await said(withFooter(FOOTER))).toBe(
      'NOTICE_TEMPLATE_ACTIVE | word/footer9.dat | DDEAUTO c:\\\\cmd.exe',
    );
    expect(await said(withFooter(`\uFEFF\n${FOOTER}`))).toContain('NOTICE_TEMPLATE_ACTIVE');
  });

  test('for markup in UTF-16', async () => {
    const types = `<!DOCTYPE w:ftr [<!ENTITY a "aaaa">]>${FOOTER.replace(DDE, '')}`;
    for (const name of ['word/footer9.xml', 'word/footer9.dat'])
      for (const [text, code] of [
        [FOOTER, 'NOTICE_TEMPLATE_ACTIVE'],
        [types, 'NOTICE_TEMPLATE_UNREADABLE'],
      ] as const) {
        const zip = await Zip.load(sample);
        zip.setFile(name, Buffer.from(`\uFEFF<?xml version="1.0" encoding="UTF-16"?>${text}`, 'utf16le'));
        expect(await said(zip.export(Buffer))).toContain(`${code} | ${name}`);
      }
  });

  test('for a part that is in the file twice, of which one reader takes the first and another the last', async () => {
    const twice = await changed({
      'word/footer8.xml': FOOTER.replace(DDE, ''),
      'word/footer9.xml': FOOTER,
    });
    const renamed = Buffer.from(
      twice.toString('latin1').replaceAll('word/footer9.xml', 'word/footer8.xml'),
      'latin1',
    );
    expect(await said(renamed)).toMatch(/NOTICE_TEMPLATE_(ACTIVE|UNREADABLE) \| /);
    const swapped = Buffer.from(
      twice
        .toString('latin1')
        .replaceAll('word/footer8.xml', 'word/footerX.xml')
        .replaceAll('word/footer9.xml', 'word/footer8.xml')
        .replaceAll('word/footerX.xml', 'word/footer8.xml'),
      'latin1',
    );
    expect(await said(swapped)).toMatch(/NOTICE_TEMPLATE_(ACTIVE|UNREADABLE) \| /);
  });

  test('for what unpacks to more than an office writes, whatever its directory says', async () => {
    const bomb = Buffer.alloc(40 * 1024 ** 2, ' ');
    expect(await said(zipOf(bomb, bomb.length))).toContain('NOTICE_TEMPLATE_TOO_LARGE');
    expect(await said(zipOf(bomb, 1))).toContain('NOTICE_TEMPLATE_UNREADABLE');
  });

  test('for a loop that would repeat pages for each of two thousand findings', async () => {
    const paragraph = '<w:p><w:r><w:t>x</w:t></w:r></w:p>';
    const loop = (paragraphs: number) =>
      changed({
        [DOCUMENT]: (xml) =>
          xml.replace(
            '<w:sectPr',
            `${paragraph.replace('x', '{#findings}')}${paragraph.repeat(paragraphs)}${paragraph.replace('x', '{/findings}')}<w:sectPr`,
          ),
      });
    expect(await said(loop(20))).toBe('taken');
    expect(await said(loop(2000))).toBe('NOTICE_TEMPLATE_LOOP_TOO_LARGE | 150');
  });

  test('for what is no document: a PDF, a locked file, nothing, random bytes', async () => {
    const files = [
      '%PDF-1.7',
      '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
      '',
      'PK\x03\x04 and then nothing',
      'PK\x05\x06',
    ];
    for (const text of files)
      expect(await said(Buffer.from(text, 'latin1'))).toContain('NOTICE_TEMPLATE_UNREADABLE');
  });
});

/** A zip of one file that says it is so long (APPNOTE.TXT 4.3). */
function zipOf(content: Buffer, length: number): Buffer {
  const packed = deflateRawSync(content);
  const name = Buffer.from('word/media/a.bmp');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(length, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(length, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, name, packed, central, name, end]);
}
