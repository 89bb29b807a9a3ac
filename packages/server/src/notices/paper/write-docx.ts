import type { Text } from '@backcheck/contract';
import type { NoticeContent } from '@backcheck/core';
import {
  AlignmentType,
  Document,
  Footer,
  Header,
  HeadingLevel,
  ImageRun,
  type IParagraphOptions,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import qrcode from 'qrcode';
import type { Block, Cell, Chapter } from './blocks.ts';
import {
  CORE_PROPERTIES,
  centred,
  gridOf,
  INK,
  type Languages,
  NO_LINES,
  paragraphs,
  QUIET,
  RED,
  runs,
  SIZES,
  TEXT_WIDTH,
} from './docx-parts.ts';
import { undated } from './fixed-zip.ts';
import { type Print, type Sheet, sheetOf } from './sheet.ts';

type Part = Paragraph | Table;

/** A millimetre in twentieths of a point. */
const MM = 56.7;
const FONT = {
  ascii: 'Times New Roman',
  hAnsi: 'Times New Roman',
  eastAsia: 'SimSun',
  cs: 'Times New Roman',
};
const QR_PIXELS = 92;

/**
 * A notice as DOCX in our own layout, with the same content as the PDF; to be edited further in an office.
 * The same content and print give the same bytes.
 */
export async function writeNoticeDocx(content: NoticeContent, print: Print): Promise<Buffer> {
  const sheet = sheetOf(content, print);
  const { languages } = sheet;
  const code = sheet.check === null ? null : await codeImage(sheet.check.url);
  const document = new Document({
    creator: 'Backcheck',
    styles: { default: { document: { run: { font: FONT, size: SIZES.text, color: INK } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: 11906, height: 16838 },
            margin: { top: 26 * MM, bottom: 24 * MM, left: 26 * MM, right: 24 * MM },
          },
        },
        headers: { default: new Header({ children: [markLine(sheet)] }) },
        footers: { default: new Footer({ children: footer(sheet) }) },
        children: [
          ...head(sheet),
          ...sheet.chapters.flatMap((chapter) => chapterParts(chapter, languages)),
          ...signature(sheet, code),
          ...slip(sheet),
          ...(sheet.annex === null ? [] : chapterParts(sheet.annex, languages, { pageBreakBefore: true })),
        ],
      },
    ],
  });
  const core = { path: 'docProps/core.xml', data: CORE_PROPERTIES };
  return undated(await Packer.toBuffer(document, undefined, [core]));
}

/** PNG of the code that checks the paper. */
export const codeImage = (text: string): Promise<Buffer> =>
  qrcode.toBuffer(text, { type: 'png', margin: 1, scale: 4, errorCorrectionLevel: 'M' });

const markLine = ({ tlp, stamp, languages }: Sheet): Paragraph =>
  new Paragraph({
    alignment: AlignmentType.RIGHT,
    children: [
      ...(stamp === null ? [] : runs(stamp, languages, { bold: true, color: RED, size: SIZES.heading })),
      new TextRun({ text: `  ${tlp.mark}`, bold: true, size: SIZES.tiny }),
    ],
  });

function footer({ footer: text, tlp, languages }: Sheet): Paragraph[] {
  const [first = 'zh'] = languages;
  return [
    new Paragraph({
      border: { top: { style: 'single', size: 4, color: '8A9194', space: 4 } },
      children: [
        new TextRun({ text: `${text[first]} · ${tlp.mark} · `, size: SIZES.tiny, color: QUIET }),
        new TextRun({
          children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES],
          size: SIZES.tiny,
          color: QUIET,
        }),
      ],
    }),
  ];
}

function head({ authority, number, name, title, to, languages }: Sheet): Part[] {
  const [first = 'zh'] = languages;
  const bold = { bold: true };
  const others = (text: Text, style: object) =>
    languages
      .slice(1)
      .map(
        (language) =>
          new Paragraph({ ...centred, children: [new TextRun({ ...style, text: text[language] })] }),
      );
  return [
    new Paragraph({
      ...centred,
      children: [new TextRun({ text: authority[first], bold: true, color: RED, size: SIZES.authority })],
    }),
    ...(authority.zh === authority.en ? [] : others(authority, { ...bold, color: RED, size: SIZES.heading })),
    new Paragraph({
      border: { top: { style: 'single', size: 16, color: RED, space: 4 } },
      alignment: AlignmentType.RIGHT,
      spacing: { before: 120 },
      children: runs(number, languages),
    }),
    new Paragraph({
      ...centred,
      heading: HeadingLevel.HEADING_1,
      spacing: { before: 200, after: 80 },
      children: [new TextRun({ text: name[first], bold: true, color: INK, size: SIZES.name })],
    }),
    ...others(name, { ...bold, size: SIZES.heading }),
    ...paragraphs(title, languages, { ...centred, spacing: { after: 120 } }),
    ...paragraphs(to, languages, { style: bold, spacing: { before: 120 } }),
  ];
}

function chapterParts(
  { heading, blocks }: Chapter,
  languages: Languages,
  options: Pick<IParagraphOptions, 'pageBreakBefore'> = {},
): Part[] {
  return [
    new Paragraph({
      ...options,
      heading: HeadingLevel.HEADING_2,
      keepNext: true,
      spacing: { before: 220, after: 80 },
      children: runs(heading, languages, { bold: true, color: INK, size: SIZES.heading }),
    }),
    ...blocks.flatMap((block) => blockParts(block, languages)),
  ];
}

function blockParts(block: Block, languages: Languages): Part[] {
  const indent = { indent: { firstLine: 2 * SIZES.text * 10 }, spacing: { after: 60 } };
  if (block.kind === 'text') return paragraphs(block.text, languages, indent);
  if (block.kind === 'written')
    return languages.flatMap((language, index) =>
      block[language].map(
        (text) =>
          new Paragraph({
            ...indent,
            children: [new TextRun({ text, ...(index === 0 ? {} : { color: QUIET, size: SIZES.small }) })],
          }),
      ),
    );
  if (block.kind === 'explained') return explainedParts(block, languages);
  const headings = block.columns.map(({ heading }) =>
    paragraphs(heading, languages, { ...centred, style: { bold: true, size: SIZES.small } }),
  );
  const rows = block.rows.map((row) => row.map((cell) => cellParts(cell, languages)));
  // the shares of the columns, where a fixed one counts as what it is of the text's 160 mm
  const fixed = block.columns.reduce((sum, { width }) => sum + ('mm' in width ? width.mm : 0), 0);
  const shares = block.columns.reduce((sum, { width }) => sum + ('share' in width ? width.share : 0), 0);
  const widths = block.columns.map(({ width }) =>
    'mm' in width ? width.mm : ((160 - fixed) * width.share) / shares,
  );
  return [gridOf([headings, ...rows], { widths, head: true })];
}

function explainedParts(
  { name, check, rows, parts }: Extract<Block, { kind: 'explained' }>,
  languages: Languages,
): Paragraph[] {
  const quiet = { size: SIZES.tiny, color: QUIET };
  return [
    ...paragraphs(name, languages, { keepNext: true, style: { bold: true }, spacing: { before: 200 } }),
    new Paragraph({
      keepNext: true,
      children: [new TextRun({ ...quiet, text: `${check} · ` }), ...runs(rows, languages, quiet)],
    }),
    ...parts.flatMap(({ label, lines }) => [
      new Paragraph({
        keepNext: true,
        spacing: { before: 80 },
        children: runs(label, languages, { size: SIZES.small, color: QUIET }),
      }),
      ...lines.map((text) => new Paragraph({ children: [new TextRun({ text, size: SIZES.small })] })),
    ]),
  ];
}

const cellParts = ([first, ...rest]: Cell, languages: Languages): Paragraph[] => [
  ...(first === undefined ? [] : paragraphs(first, languages, { style: { size: SIZES.small } })),
  ...rest.flatMap((line) => paragraphs(line, languages, { style: { size: SIZES.tiny, color: QUIET } })),
];

/** Beside each other without lines: how to check the paper, and who says so. */
function signature(sheet: Sheet, code: Buffer | null): Part[] {
  const { authority, date, sealHere, people, check, tlp, languages } = sheet;
  const small = { size: SIZES.tiny, color: QUIET };
  const left = [
    ...(code === null ? [] : [new Paragraph({ children: [codeRun(code)] })]),
    ...(check === null ? [] : paragraphs(check.label, languages, { style: small })),
    ...(check === null
      ? [new Paragraph({})]
      : [new Paragraph({ children: [new TextRun({ ...small, text: check.short })] })]),
  ];
  const right = [
    ...paragraphs(sealHere, languages.slice(0, 1), { ...centred, style: { ...small, color: RED } }),
    ...paragraphs(authority, languages, { ...centred, spacing: { before: 200 } }),
    ...paragraphs(date, languages, centred),
  ];
  const widths = [TEXT_WIDTH * 0.55, TEXT_WIDTH * 0.45].map(Math.round);
  return [
    new Paragraph({ spacing: { before: 300 } }),
    new Table({
      columnWidths: widths,
      width: { size: TEXT_WIDTH, type: WidthType.DXA },
      borders: NO_LINES,
      rows: [
        new TableRow({
          cantSplit: true,
          children: [left, right].map(
            (children, index) =>
              new TableCell({ children, width: { size: widths[index] ?? 0, type: WidthType.DXA } }),
          ),
        }),
      ],
    }),
    new Paragraph({
      spacing: { before: 120 },
      children: people.flatMap(({ label, value }) => [
        ...runs(label, languages, { color: QUIET, size: SIZES.small }),
        new TextRun({ text: `  ${value.zh}        `, size: SIZES.small }),
      ]),
    }),
    new Paragraph({
      children: [new TextRun({ ...small, text: `${tlp.mark} · ` }), ...runs(tlp.meaning, languages, small)],
    }),
    ...(check === null
      ? []
      : [
          new Paragraph({
            children: [
              ...runs(check.hashLabel, languages, small),
              new TextRun({ ...small, text: ` ${check.sha256}` }),
            ],
          }),
        ]),
  ];
}

/** Its id is said, because the library would count on through the life of the process. */
const codeRun = (data: Buffer): ImageRun =>
  new ImageRun({
    type: 'png',
    data,
    transformation: { width: QR_PIXELS, height: QR_PIXELS },
    altText: { id: '1', name: 'QR', title: 'QR', description: 'QR' },
  });

function slip({ slip: { heading, statement, rows }, languages }: Sheet): Part[] {
  return [
    new Paragraph({
      ...centred,
      pageBreakBefore: true,
      children: runs(heading, languages, { bold: true, size: 30, color: INK }),
    }),
    ...paragraphs(statement, languages, { spacing: { before: 120, after: 120 } }),
    gridOf(
      rows.map(({ label, value }) => [
        [new Paragraph({ children: runs(label, languages, { size: SIZES.small }) })],
        paragraphs(value, languages),
      ]),
      { widths: [2, 5] },
    ),
  ];
}
