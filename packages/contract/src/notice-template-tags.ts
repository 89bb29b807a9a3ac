import type { NoticeKind } from '@backcheck/core';
import type { Text } from './text.ts';

/** Where a tag may stand: anywhere in the document, or only inside of the loop of that name. */
export type TagPlace = 'paper' | 'body' | 'findings' | 'explanations' | 'decision';

/**
 * `words`: a text in the language of the paper, with `nameZh` and `nameEn` beside it. `value`: the same in every
 * language. `picture`: an image. `loop`: `{#name}` … `{/name}` around what is repeated.
 */
export type TagForm = 'words' | 'value' | 'picture' | 'loop';

export interface TemplateTag {
  readonly name: string;
  readonly place: TagPlace;
  readonly form: TagForm;
  readonly meaning: Text;
}

const tag = (
  place: TagPlace,
  form: TagForm,
  [name, zh, en]: readonly [string, string, string],
): TemplateTag => ({
  name,
  place,
  form,
  meaning: { zh, en },
});

/** Everything that an office's own template can be filled with; docs/notice-templates.md. */
export const NOTICE_TEMPLATE_TAGS: readonly TemplateTag[] = [
  tag('paper', 'value', ['number', '文书编号', 'Number of the notice']),
  tag('paper', 'words', ['kind', '文书名称', 'What the paper is called']),
  tag('paper', 'words', ['title', '标题', 'Title']),
  tag('paper', 'words', ['authority', '签发机关', 'Who issues it']),
  tag('paper', 'words', ['organization', '受送达单位', 'Whom it is addressed to']),
  tag('paper', 'value', ['organizationCode', '单位编码', 'Code of the organization']),
  tag('paper', 'value', ['addressee', '收件人', 'Person or office in the organization']),
  tag('paper', 'words', ['issueDate', '签发日期', 'Date of issue']),
  tag('paper', 'value', ['legalBasis', '依据', 'Legal basis']),
  tag('paper', 'words', ['dueDate', '总期限', 'The date for all of it']),
  tag('paper', 'value', ['consequences', '逾期后果', 'What follows when it is not done']),
  tag('paper', 'value', ['contact', '联系方式', 'Contact']),
  tag('paper', 'value', ['refersTo', '关联文书编号', 'Number of the notice that it follows']),
  tag('paper', 'value', ['handler', '承办人', 'Handled by']),
  tag('paper', 'value', ['approver', '批准人', 'Approved by']),
  tag('paper', 'value', ['tlp', 'TLP 标记', 'TLP mark']),
  tag('paper', 'words', ['tlpMeaning', '知悉范围', 'What the TLP mark means']),
  tag('paper', 'value', ['findingCount', '问题数', 'How many findings']),
  tag('paper', 'picture', ['qr', '核验二维码', 'QR code that checks the paper']),
  tag('paper', 'value', ['sha256', '内容哈希（64 位）', 'Hash of the content, 64 digits']),
  tag('paper', 'value', ['hash', '内容哈希（前 12 位）', 'Its first 12 digits']),
  tag('paper', 'loop', ['body', '正文各段', 'The paragraphs of the text']),
  tag('body', 'words', ['paragraph', '一段正文', 'One paragraph']),
  tag('paper', 'loop', ['findings', '问题清单', 'The findings']),
  tag('findings', 'value', ['row', '序号', 'Row number']),
  tag('findings', 'value', ['findingId', '问题编号', 'Number of the finding']),
  tag('findings', 'words', ['findingTitle', '问题名称', 'Name of the problem']),
  tag('findings', 'value', [
    'toolTitle',
    '工具原文名称（与问题名称不同时）',
    "The tool's own title, where that is another",
  ]),
  tag('findings', 'words', ['measure', '整改措施', 'What is to be done']),
  tag('findings', 'value', ['asset', '资产', 'Asset']),
  tag('findings', 'words', ['place', '端口', 'Port']),
  tag('findings', 'value', ['check', '检测项', 'Check']),
  tag('findings', 'value', ['cve', 'CVE 编号', 'CVE']),
  tag('findings', 'words', ['grade', '级别', 'Grade']),
  tag('findings', 'words', ['firstSeen', '首次发现日期', 'First seen']),
  tag('findings', 'words', ['due', '整改期限', 'Due']),
  tag('findings', 'words', ['dueBasis', '期限依据', 'Why this date']),
  tag('findings', 'words', ['overdue', '逾期天数', 'Days overdue']),
  tag('findings', 'words', ['outcome', '复测结论', 'Outcome of the retest']),
  tag('findings', 'value', ['certificate', '销号证明编号', 'Number of the certificate']),
  tag('paper', 'loop', [
    'explanations',
    '附：问题说明',
    'What the scanners say of the checks, where the notice has it',
  ]),
  tag('explanations', 'words', ['explainedName', '问题名称', 'Name of the problem']),
  tag('explanations', 'value', ['explainedCheck', '检测项', 'Check']),
  tag('explanations', 'words', ['explainedRows', '清单中的序号', 'Its rows in the list']),
  tag('explanations', 'value', ['description', '说明（工具原文）', "The tool's description"]),
  tag('explanations', 'value', ['harm', '危害（工具原文）', 'What the tool says that follows from it']),
  tag('explanations', 'value', ['advice', '整改建议（工具原文）', "The tool's advice"]),
  tag('paper', 'words', [
    'explanationsMore',
    '未列入说明的检测项数',
    'How many checks more are explained elsewhere',
  ]),
  tag('paper', 'loop', ['decision', '申请与决定（仅决定书）', 'What was asked and decided; decisions only']),
  tag('decision', 'words', ['asked', '申请事项', 'What was asked']),
  tag('decision', 'words', ['result', '决定', 'The decision']),
  tag('decision', 'value', ['reason', '理由', 'Its reason']),
  tag('decision', 'words', ['until', '有效期至', 'Until when it holds']),
];

/** An inspection may name no finding, and a decision says what it is about; every other paper is about its list. */
const WITHOUT_LIST: readonly NoticeKind[] = ['inspection', 'extension-decision', 'exception-decision'];

/** What a template must have for its papers to be papers: each entry is one tag, or one of several. */
export function requiredTags(kind: NoticeKind): readonly (readonly string[])[] {
  const list = WITHOUT_LIST.includes(kind) ? [] : [['findings']];
  const decision = kind.endsWith('-decision') ? [['decision']] : [];
  return [
    ['number'],
    ['organization', 'organizationZh', 'organizationEn'],
    ['qr', 'sha256'],
    ...list,
    ...decision,
  ];
}
