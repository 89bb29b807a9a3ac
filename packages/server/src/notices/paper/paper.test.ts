import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOTICE_KIND_LABELS, PAPER_LANGUAGES, type PaperLanguage } from '@backcheck/contract';
import { canonical, NOTICE_KINDS, type NoticeContent, type NoticeKind, sha256Hex } from '@backcheck/core';
import mammoth from 'mammoth';
import { afterAll, describe, expect, test } from 'vitest';
import { PaperPress } from '../../platform/paper/press.ts';
import { exampleContent } from './example-content.ts';
import { fillNoticeTemplate } from './fill-template.ts';
import { checkAddress, pressNotice } from './press-notice.ts';
import { sampleTemplate } from './sample-template.ts';
import type { Print } from './sheet.ts';
import { writeNoticeDocx } from './write-docx.ts';

const folder = mkdtempSync(join(tmpdir(), 'backcheck-notice-'));
afterAll(() => rmSync(folder, { recursive: true }));
const press = new PaperPress();
const otherPress = new PaperPress();
const canReadPdf = ['pdftotext', 'pdftoppm', 'zbarimg'].every(
  (command) => spawnSync(command, ['--version']).error === undefined,
);
if (!canReadPdf) console.warn('PDF is not read again here: poppler-utils and zbar-tools are not installed.');

const CASES = NOTICE_KINDS.flatMap((kind) => PAPER_LANGUAGES.map((language) => [kind, language] as const));
const ADDRESS = 'https://backcheck.example.org';

function printOf(content: NoticeContent, language: PaperLanguage): Print & { readonly sha256: string } {
  const sha256 = sha256Hex(canonical(content));
  return { language, sha256, checkUrl: checkAddress(sha256, ADDRESS), stamp: null };
}

/** Without blanks, which a reader of PDF puts where a line ends. */
const tight = (text: string): string => text.replaceAll(/\s/g, '');

function textOfPdf(pdf: Buffer): string {
  const file = join(folder, 'paper.pdf');
  writeFileSync(file, pdf);
  return execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
}

/** What every paper of this content has in it, whatever it is written in. */
function factsOf(content: NoticeContent, { language, sha256 }: Print): string[] {
  const languages = language === 'both' ? (['zh', 'en'] as const) : [language];
  const inZh = languages.includes('zh');
  return [
    content.number,
    sha256 ?? '',
    content.drafter,
    content.approver,
    content.contact,
    `TLP:${content.tlp}`,
    ...languages.flatMap((one) => [
      NOTICE_KIND_LABELS[content.kind][one],
      content.authority[one],
      content.title[one],
    ]),
    ...content.findings.flatMap(({ title, asset }) => [title, asset]),
    ...(inZh ? ['湖畔医院'] : []),
    ...(languages.includes('en') ? ['Lakeside Hospital'] : []),
    ...(content.decision === null ? [] : [content.decision.reason]),
    ...(content.annex?.explanations.flatMap(({ check, description, harm, advice }) => [
      check,
      ...[description, harm, advice].flatMap((text) => text.split('\n')),
    ]) ?? []),
  ];
}

describe.skipIf(!canReadPdf)('a notice as PDF, opened again', () => {
  test.each(CASES)(
    '%s in %s says who, to whom, which findings, and its number and hash',
    async (kind, language) => {
      const content = exampleContent(kind);
      const print = printOf(content, language);
      const pdf = await pressNotice(press, content, print);
      const text = tight(textOfPdf(pdf));
      for (const fact of factsOf(content, print)) expect(text).toContain(tight(fact));
      for (const { id } of content.findings) expect(text).toContain(`#${id}`);
      expect((await pressNotice(otherPress, content, print)).equals(pdf)).toBe(true);
    },
  );

  test.each(['zh', 'both'] as const)(
    'the code on a paper in %s leads to the page that checks it',
    async (language) => {
      const content = exampleContent('rectification');
      const print = printOf(content, language);
      const file = join(folder, 'code.pdf');
      writeFileSync(file, await pressNotice(press, content, print));
      execFileSync('pdftoppm', ['-r', '150', '-png', file, join(folder, 'code')]);
      const pages = execFileSync('sh', ['-c', `ls '${folder}'/code-*.png`], { encoding: 'utf8' })
        .trim()
        .split('\n');
      const { stdout } = spawnSync('zbarimg', ['--quiet', '--raw', ...pages], { encoding: 'utf8' });
      expect(stdout.trim()).toBe(`${ADDRESS}/notice-check#${print.sha256}`);
    },
  );

  test('the table of three hundred findings repeats its header on each page and leaves none out', async () => {
    const one = exampleContent('rectification');
    const [first] = one.findings;
    if (first === undefined) throw new Error('the example names no finding');
    const findings = Array.from({ length: 300 }, (_, n) => ({ ...first, id: String(5000 + n) }));
    const content = { ...one, findings };
    const text = textOfPdf(await pressNotice(press, content, printOf(content, 'zh')));
    for (const { id } of findings) expect(text).toContain(`#${id}`);
    const pages = text.split('\f').filter((page) => page.includes('#5'));
    expect(pages.length).toBeGreaterThan(10);
    for (const page of pages) expect(page).toContain('整改期限');
  });

  test('a draft says so across each page, and has no number, no hash and no approver', async () => {
    const content = exampleContent('rectification');
    const print: Print = { language: 'both', sha256: null, checkUrl: '', stamp: 'draft' };
    const text = textOfPdf(await pressNotice(press, content, print));
    expect(text).toContain('草稿');
    expect(text).toContain('DRAFT');
    for (const absent of [content.number, 'SHA-256', content.approver]) expect(text).not.toContain(absent);
  });

  test('a date is the last day that is in time, in the zone of the office; an hour names its zone', async () => {
    const content = exampleContent('rectification');
    const text = tight(textOfPdf(await pressNotice(press, content, printOf(content, 'both'))));
    for (const date of [
      '2026年11月26日',
      '26November2026',
      '2026年11月22日14:30（UTC+8）',
      '22November2026,14:30(UTC+8)',
    ])
      expect(text).toContain(date);
    expect(text).not.toContain('2026年11月27日');
  });

  test('in Chinese it calls a finding as the product does, with the words of the tool beside, the measure and what follows', async () => {
    const content = exampleContent('rectification');
    const zh = tight(textOfPdf(await pressNotice(press, content, printOf(content, 'zh'))));
    for (const part of [
      '管理界面使用默认口令',
      'Default credentials on the management interface',
      '整改措施：加固 管理界面',
      '逾期后果',
      content.consequences ?? '?',
    ])
      expect(zh).toContain(tight(part));
    const en = tight(textOfPdf(await pressNotice(press, content, printOf(content, 'en'))));
    expect(en).toContain(tight('A management interface has default credentials'));
  });

  test('its annex is behind the slip, explains each check once, and names the rows of the list', async () => {
    const example = exampleContent('circular');
    const [first] = example.findings;
    if (first === undefined) throw new Error('the example names no finding');
    const content = { ...example, findings: [...example.findings, ...Array(9).fill(first)] };
    const text = tight(textOfPdf(await pressNotice(press, content, printOf(content, 'both'))));
    const [paper = '', annex = ''] = text.split('附：问题说明');
    expect(paper).toContain('送达回执');
    expect(annex.match(/nessus:156327/g)).toHaveLength(1);
    for (const part of [
      '清单第 1、4、5、6、7、8、9、10 等 10 项',
      'Nos. 1, 4, 5, 6, 7, 8, 9, 10 and 2 more of the list',
      '另有 1 个检测项的说明未能列入',
    ])
      expect(annex).toContain(tight(part));
    const { annex: _, ...without } = content;
    const plain = textOfPdf(await pressNotice(press, without, printOf(without, 'both')));
    expect(plain).not.toContain('问题说明');
  });

  test('what somebody writes into a field stays text', async () => {
    const title = '#eval("1+1") <w:t>*bold*</w:t> &amp; {#findings} \u202eturned';
    const example = exampleContent('closing');
    const content = {
      ...example,
      findings: example.findings.map(({ name: _, ...finding }) => ({ ...finding, title })),
    };
    const text = tight(textOfPdf(await pressNotice(press, content, printOf(content, 'zh'))));
    expect(text).toContain(tight('#eval("1+1") <w:t>*bold*</w:t> &amp; {#findings} \ufffdturned'));
  });
});

describe('a notice as DOCX, opened again', () => {
  const rawText = async (docx: Buffer) => (await mammoth.extractRawText({ buffer: docx })).value;

  test.each(CASES)('%s in %s says what the PDF says', async (kind, language) => {
    const content = exampleContent(kind);
    const print = printOf(content, language);
    const docx = await writeNoticeDocx(content, print);
    const text = tight(await rawText(docx));
    // the mark of the Traffic Light Protocol is in the header too, which this reader does not show
    for (const fact of factsOf(content, print)) expect(text).toContain(tight(fact));
    for (const { id } of content.findings) expect(text).toContain(`#${id}`);
    expect((await writeNoticeDocx(content, print)).equals(docx)).toBe(true);
  });

  test.each(CASES)("%s in %s fills the office's own template", async (kind, language) => {
    const content = exampleContent(kind);
    const print = printOf(content, language);
    const template = await sampleTemplate(kind, language);
    const docx = await fillNoticeTemplate(template, content, print);
    const text = tight(await rawText(docx));
    for (const fact of factsOf(content, print)) expect(text).toContain(tight(fact));
    expect(text).not.toMatch(/[{}]/);
    expect((await fillNoticeTemplate(template, content, print)).equals(docx)).toBe(true);
  });

  test('a hostile title fills a template as text and as nothing else', async () => {
    const title = '</w:t></w:r><w:r><w:t>out & <b>"in"</b> {#findings}{sha256}{/findings} \u0001';
    const example = exampleContent('rectification');
    const content = {
      ...example,
      findings: example.findings.map(({ name: _, ...finding }) => ({ ...finding, title })),
    };
    const docx = await fillNoticeTemplate(
      await sampleTemplate('rectification', 'zh'),
      content,
      printOf(content, 'zh'),
    );
    const text = await rawText(docx);
    expect(text).toContain('</w:t></w:r><w:r><w:t>out & <b>"in"</b> {#findings}{sha256}{/findings} \ufffd');
  });

  test('its table has one header, which repeats', async () => {
    const content = exampleContent('rectification' satisfies NoticeKind);
    const { value } = await mammoth.convertToHtml({
      buffer: await writeNoticeDocx(content, printOf(content, 'zh')),
    });
    expect(value.match(/<thead>/g)).toHaveLength(1);
    expect(value.match(/<td>/g)?.length).toBeGreaterThan(content.findings.length);
  });
});
