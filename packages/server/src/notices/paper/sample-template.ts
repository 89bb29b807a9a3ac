import { NOTICE_KIND_LABELS, NOTICE_TEMPLATE_TAGS, type Text } from '@backcheck/contract';
import type { NoticeKind, PaperLanguage } from '@backcheck/core';
import { Document, Packer, Paragraph, type Table, TextRun } from 'docx';
import { CORE_PROPERTIES, centred, gridOf, INK, RED, runs, SIZES } from './docx-parts.ts';
import { undated } from './fixed-zip.ts';
import { WORDS } from './words.ts';

/** A cell of the sample's table: its heading and the tag in it. */
type Shown = readonly [Text, string];

const COLUMNS: readonly Shown[] = [
  [WORDS.row, '{row}'],
  [WORDS.problem, '{findingTitle} {toolTitle} {cve} {measure}'],
  [WORDS.place, '{asset} {place}'],
  [WORDS.grade, '{grade}'],
];
/** Each stands where the tool says so much. */
const EXPLAINED: readonly Shown[] = [
  [WORDS.description, 'description'],
  [WORDS.harm, 'harm'],
  [WORDS.advice, 'advice'],
];
const DUE: Shown = [WORDS.due, '{due}'];
const LAST: Readonly<Record<NoticeKind, readonly Shown[]>> = {
  inspection: [DUE],
  rectification: [DUE],
  circular: [DUE],
  reminder: [
    [WORDS.was, '{due}'],
    [WORDS.overdue, '{overdue}'],
  ],
  supervision: [
    [WORDS.was, '{due}'],
    [WORDS.overdue, '{overdue}'],
  ],
  'extension-decision': [DUE],
  'exception-decision': [DUE],
  'retest-result': [
    [WORDS.outcome, '{outcome}'],
    [WORDS.certificate, '{certificate}'],
  ],
  closing: [[WORDS.certificate, '{certificate}']],
};

/** A template to begin with: every tag that a paper of this kind needs, to be set in the office's own layout. */
export async function sampleTemplate(kind: NoticeKind, language: PaperLanguage): Promise<Buffer> {
  const [first = 'zh', ...rest] = language === 'both' ? (['zh', 'en'] as const) : [language];
  const languages = [first, ...rest];
  const label = (text: Text, tag: string) =>
    new Paragraph({ children: [...runs(text, languages), new TextRun(`: {${tag}}`)] });
  const line = (text: string) => new Paragraph({ children: [new TextRun(text)], spacing: { after: 80 } });
  const head = (text: string, style: object) =>
    new Paragraph({ ...centred, children: [new TextRun({ text, bold: true, ...style })] });
  const decision = kind.endsWith('-decision')
    ? [line('{#decision}{asked}'), line('{result}'), line('{reason}{/decision}')]
    : [];
  const children: (Paragraph | Table)[] = [
    head('{authority}', { color: RED, size: SIZES.authority }),
    head('{kind}', { color: INK, size: SIZES.name }),
    new Paragraph({ ...centred, children: [new TextRun('{number}')] }),
    head('{title}', { size: SIZES.heading }),
    line('{organization} {addressee}'),
    line('{legalBasis}'),
    line('{#refersTo}'),
    label(WORDS.refersTo, 'refersTo'),
    line('{/refersTo}'),
    line('{#body}'),
    line('{paragraph}'),
    line('{/body}'),
    ...decision,
    tableOf(kind, languages),
    line('{#explanations}'),
    line('{explainedName} {explainedCheck} {explainedRows}'),
    ...EXPLAINED.flatMap(([heading, tag]) => [line(`{#${tag}}`), label(heading, tag), line(`{/${tag}}`)]),
    line('{/explanations}'),
    line('{explanationsMore}'),
    line('{dueDate}'),
    line('{consequences}'),
    line('{contact}'),
    new Paragraph({ alignment: 'right', children: [new TextRun('{authority}')] }),
    new Paragraph({ alignment: 'right', children: [new TextRun('{issueDate}')] }),
    label(WORDS.handler, 'handler'),
    label(WORDS.approver, 'approver'),
    line('{tlp} {tlpMeaning}'),
    line('{qr}'),
    label(WORDS.hash, 'sha256'),
  ];
  const document = new Document({
    creator: 'Backcheck',
    title: NOTICE_KIND_LABELS[kind][first],
    description: NOTICE_TEMPLATE_TAGS.map(({ name }) => name).join(', '),
    sections: [{ children }],
  });
  const core = { path: 'docProps/core.xml', data: CORE_PROPERTIES };
  return undated(await Packer.toBuffer(document, undefined, [core]));
}

/** One row that is repeated: the loop opens in its first cell and closes in its last. */
function tableOf(kind: NoticeKind, languages: readonly ('zh' | 'en')[]): Table {
  const columns = [...COLUMNS, ...LAST[kind]];
  const cells = columns.map(([, tag], index) => {
    const open = index === 0 ? '{#findings}' : '';
    const close = index === columns.length - 1 ? '{/findings}' : '';
    return [new Paragraph(`${open}${tag}${close}`)];
  });
  const headings = columns.map(([heading]) => [
    new Paragraph({ ...centred, children: runs(heading, languages, { bold: true }) }),
  ]);
  return gridOf([headings, cells], { widths: columns.map(() => 1), head: true });
}
