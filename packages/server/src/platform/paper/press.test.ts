import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { PaperPress } from './press.ts';

const folder = mkdtempSync(join(tmpdir(), 'backcheck-press-'));
afterAll(() => rmSync(folder, { recursive: true }));
const press = new PaperPress();
const TEMPLATE = `#set document(date: none)
#set text(font: ("Noto Sans SC", "Noto Sans CJK SC"))
#json(bytes(sys.inputs.data)).title`;
const canReadPdf = spawnSync('pdftotext', ['-v']).error === undefined;

function printed(title: string): string {
  const file = join(folder, 'paper.pdf');
  writeFileSync(file, press.print({ template: TEMPLATE, data: { title } }));
  return execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' }).trim();
}

describe('the press', () => {
  test
    .skipIf(!canReadPdf)
    .each([
      '#eval("1+1") #read("press.ts") #sys.inputs',
      '*bold* _thin_ $x^2$ @label <label> `raw`',
      '#image("x.png") \\u{41} // gone /* gone */',
      '")); #panic("out") ((("',
      '= Heading',
      '问题：弱口令（10.0.0.1）',
    ])('prints %s as it is', (title) => {
    expect(printed(title)).toBe(title);
  });

  test.skipIf(!canReadPdf)('shows what would hide or turn text around', () => {
    expect(printed('a\u202eb\u0000c')).toBe('a\ufffdb\ufffdc');
  });

  test('gives the same bytes for the same paper, also from another press', () => {
    const paper = { template: TEMPLATE, data: { title: '同样' } };
    const bytes = press.print(paper);
    expect(press.print(paper).equals(bytes)).toBe(true);
    expect(new PaperPress().print(paper).equals(bytes)).toBe(true);
  });

  test('says where a template of ours is wrong', () => {
    expect(() => press.print({ template: '#nothing-of-this-name', data: null })).toThrow(/unknown variable/);
  });
});
