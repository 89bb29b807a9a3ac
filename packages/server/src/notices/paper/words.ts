import type { Text } from '@backcheck/contract';
import type { ChineseGrade } from '@backcheck/core';

/** Of GB/T 30279-2020, and `info` for what is no weakness; a paper has each in its own language only. */
export const GRADE_NAMES: Readonly<Record<ChineseGrade, Text>> = {
  info: { zh: '信息', en: 'Information' },
  low: { zh: '低危', en: 'Low' },
  medium: { zh: '中危', en: 'Medium' },
  high: { zh: '高危', en: 'High' },
  critical: { zh: '超危', en: 'Critical' },
};

export const WORDS = {
  draft: { zh: '草稿', en: 'DRAFT' },
  withdrawn: { zh: '已撤回', en: 'WITHDRAWN' },
  superseded: { zh: '已被取代', en: 'SUPERSEDED' },
  noNumber: { zh: '（签发后编号）', en: '(numbered when issued)' },
  noDate: { zh: '（签发日期）', en: '(date of issue)' },
  attention: { zh: '收件人', en: 'Attention' },
  refersTo: { zh: '关联文书', en: 'With reference to' },
  sealHere: { zh: '盖章处', en: 'Seal' },
  handler: { zh: '承办人', en: 'Handled by' },
  approver: { zh: '批准人', en: 'Approved by' },
  issuedOn: { zh: '签发日期', en: 'Date of issue' },
  scan: { zh: '扫码核验本文书真伪', en: 'Scan to check that this paper is genuine' },
  hash: { zh: '内容 SHA-256', en: 'SHA-256 of the content' },
  machines: {
    zh: '仅涉及信息系统和设备的安全',
    en: 'Concerns the security of systems and machines only',
  },
  // --- the table
  row: { zh: '序号', en: 'No.' },
  problem: { zh: '问题', en: 'Finding' },
  place: { zh: '资产与端口', en: 'Asset and port' },
  grade: { zh: '级别', en: 'Grade' },
  due: { zh: '整改期限', en: 'Due' },
  was: { zh: '原期限', en: 'Was due' },
  overdue: { zh: '逾期', en: 'Overdue' },
  outcome: { zh: '复测结论', en: 'Outcome' },
  certificate: { zh: '销号证明', en: 'Certificate' },
  firstSeen: { zh: '首次发现', en: 'First seen' },
  wholeAsset: { zh: '整个资产', en: 'The whole asset' },
  measure: { zh: '整改措施', en: 'Measure' },
  none: { zh: '—', en: '—' },
  // --- the annex
  description: { zh: '说明', en: 'Description' },
  harm: { zh: '危害', en: 'Harm' },
  advice: { zh: '整改建议', en: 'Advice' },
  // --- the slip
  slip: { zh: '送达回执', en: 'Receipt slip' },
  slipStatement: {
    zh: '兹收到下列文书。签收仅表示收到，不表示对其内容无异议。',
    en: 'The paper named below was received. A signature says that it arrived, and not that its content is agreed to.',
  },
  paper: { zh: '文书名称', en: 'Paper' },
  number: { zh: '文书编号', en: 'Number' },
  addressedTo: { zh: '受送达单位', en: 'Addressed to' },
  channel: { zh: '送达方式', en: 'Delivered by' },
  channels: { zh: '□ 当面送交　□ 邮寄　□ 其他：', en: '□ in person   □ by post   □ otherwise:' },
  receiver: { zh: '签收人（签名）', en: 'Received by (signature)' },
  post: { zh: '职务', en: 'Post' },
  phone: { zh: '联系电话', en: 'Telephone' },
  receivedOn: { zh: '签收日期', en: 'Date of receipt' },
  blankDate: { zh: '　　　　年　　　月　　　日', en: '____ / ____ / ________' },
  note: { zh: '备注', en: 'Remarks' },
} as const satisfies Record<string, Text>;
