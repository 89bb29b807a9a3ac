import type { Language, Text } from '@backcheck/contract';
import {
  AlignmentType,
  type IParagraphOptions,
  type IRunOptions,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';

export const INK = '111111';
export const QUIET = '555B5E';
export const RED = 'C8161D';
const LINE = { style: 'single', size: 4, color: '8A9194' } as const;
export const LINES = { top: LINE, bottom: LINE, left: LINE, right: LINE };
export const NO_LINES = {
  top: { style: 'nil' },
  bottom: { style: 'nil' },
  left: { style: 'nil' },
  right: { style: 'nil' },
  insideHorizontal: { style: 'nil' },
  insideVertical: { style: 'nil' },
} as const;

/** Of the text: A4 without its margins, in twentieths of a point. */
export const TEXT_WIDTH = 9072;
/** Half points. */
export const SIZES = { text: 21, small: 17, tiny: 15, heading: 22, name: 40, authority: 44 } as const;

export type Languages = readonly Language[];
export type Run = Omit<IRunOptions, 'text' | 'children'>;

/** A text in the languages of the paper; the second one after the first, smaller. What is the same in both stands once. */
export function runs(text: Text, languages: Languages, style: Run = {}): TextRun[] {
  const [first = 'zh', second] = languages;
  const main = new TextRun({ ...style, text: text[first] });
  if (second === undefined || text.zh === text.en) return [main];
  const size = typeof style.size === 'number' ? Math.round(style.size * 0.84) : SIZES.small;
  return [main, new TextRun({ ...style, size, color: style.color ?? QUIET, text: ` ${text[second]}` })];
}

/** One paragraph for each language. */
export function paragraphs(
  text: Text,
  languages: Languages,
  { style = {}, ...options }: Omit<IParagraphOptions, 'children' | 'text' | 'style'> & { style?: Run } = {},
): Paragraph[] {
  const shown = text.zh === text.en ? languages.slice(0, 1) : languages;
  return shown.map((language, index) => {
    const later = index === 0 ? {} : { color: QUIET, size: SIZES.small };
    return new Paragraph({
      ...options,
      children: [new TextRun({ ...style, ...later, text: text[language] })],
    });
  });
}

/** A table of plain cells; `widths` in shares of the text's width. `head` repeats on each page. */
export function gridOf(
  rows: readonly (readonly Paragraph[])[][],
  { widths, head = false }: { readonly widths: readonly number[]; readonly head?: boolean },
): Table {
  const whole = widths.reduce((sum, one) => sum + one, 0);
  const columnWidths = widths.map((one) => Math.round((TEXT_WIDTH * one) / whole));
  return new Table({
    columnWidths,
    width: { size: TEXT_WIDTH, type: WidthType.DXA },
    layout: 'fixed',
    rows: rows.map(
      (cells, index) =>
        new TableRow({
          ...(head && index === 0 ? { tableHeader: true } : {}),
          cantSplit: true,
          children: cells.map(
            (children, column) =>
              new TableCell({
                children: [...children],
                borders: LINES,
                width: { size: columnWidths[column] ?? 0, type: WidthType.DXA },
                margins: { top: 60, bottom: 60, left: 90, right: 90 },
                ...(head && index === 0 ? { shading: { fill: 'F0F1F2' } } : {}),
              }),
          ),
        }),
    ),
  });
}

export const centred = { alignment: AlignmentType.CENTER } as const;

/** Without the times of writing, which would make each writing another file. */
export const CORE_PROPERTIES =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Backcheck</dc:creator></cp:coreProperties>';
