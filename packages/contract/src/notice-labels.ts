import type {
  Channel,
  DeliveryState,
  NoticeKind,
  NoticeState,
  NoticeStep,
  PaperLanguage,
} from '@backcheck/core';
import type { NoticeBatchState, NoticeFilter, Tlp } from './notices.ts';
import type { Text } from './text.ts';

/** The names of the papers, as they stand in their heads. */
export const NOTICE_KIND_LABELS = {
  inspection: { zh: '检查通知书', en: 'Inspection notice' },
  rectification: { zh: '整改通知书', en: 'Rectification notice' },
  circular: { zh: '漏洞通报', en: 'Vulnerability circular' },
  reminder: { zh: '催办单', en: 'Reminder' },
  supervision: { zh: '督办函', en: 'Supervision letter' },
  'extension-decision': { zh: '延期决定书', en: 'Decision on an extension' },
  'exception-decision': { zh: '例外决定书', en: 'Decision on an exception' },
  'retest-result': { zh: '复测结果通知书', en: 'Retest result' },
  closing: { zh: '销号通知书', en: 'Closing notice' },
} as const satisfies Record<NoticeKind, Text>;

export const NOTICE_STATE_LABELS = {
  draft: { zh: '草拟', en: 'Draft' },
  submitted: { zh: '待批准', en: 'Waiting for approval' },
  approved: { zh: '已批准，待签发', en: 'Approved, not issued yet' },
  issued: { zh: '已签发', en: 'Issued' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
  superseded: { zh: '已被替代', en: 'Superseded' },
  discarded: { zh: '已作废', en: 'Discarded' },
} as const satisfies Record<NoticeState, Text>;

/** The words on buttons. */
export const NOTICE_STEP_LABELS = {
  submit: { zh: '提交审批', en: 'Submit for approval' },
  'send-back': { zh: '退回修改', en: 'Send back' },
  approve: { zh: '批准', en: 'Approve' },
  issue: { zh: '签发', en: 'Issue' },
  withdraw: { zh: '撤回', en: 'Withdraw' },
  supersede: { zh: '重新制发', en: 'Replace by a new one' },
  discard: { zh: '作废', en: 'Discard' },
} as const satisfies Record<NoticeStep, Text>;

export const PAPER_LANGUAGE_LABELS = {
  zh: { zh: '中文', en: 'Chinese' },
  en: { zh: '英文', en: 'English' },
  both: { zh: '中英双语', en: 'Chinese and English' },
} as const satisfies Record<PaperLanguage, Text>;

export const CHANNEL_LABELS = {
  platform: { zh: '平台', en: 'Platform' },
  mail: { zh: '邮件', en: 'Mail' },
  webhook: { zh: '接口推送', en: 'Webhook' },
  phone: { zh: '电话', en: 'Phone' },
  paper: { zh: '纸质', en: 'Paper' },
} as const satisfies Record<Channel, Text>;

export const DELIVERY_STATE_LABELS = {
  waiting: { zh: '待发送', en: 'Waiting' },
  sending: { zh: '发送中', en: 'Sending' },
  sent: { zh: '已发送', en: 'Sent' },
  unconfirmed: { zh: '未确认，需人工核实', en: 'Not confirmed, needs a person' },
  failed: { zh: '发送失败', en: 'Failed' },
  bounced: { zh: '已被退回', en: 'Bounced' },
} as const satisfies Record<DeliveryState, Text>;

export const NOTICE_FILTER_LABELS = {
  open: { zh: '全部未销号问题（含信息类）', en: 'All that are not closed, informational ones too' },
  overdue: { zh: '已逾期的问题', en: 'All that are overdue' },
  'overdue-unnoticed': { zh: '已逾期且未列入此类文书', en: 'Overdue, and in no such notice yet' },
  unnoticed: { zh: '尚未通知的问题（不含信息类）', en: 'In no notice yet, without informational ones' },
  'unnoticed-urgent': { zh: '尚未通知的超危、高危问题', en: 'Critical and high, in no notice yet' },
  proven: { zh: '上次销号通知后已证明销号', en: 'Closed by proof since the last closing notice' },
  none: { zh: '不列问题', en: 'No findings' },
} as const satisfies Record<NoticeFilter, Text>;

export const NOTICE_BATCH_STATE_LABELS = {
  drafting: { zh: '正在起草', en: 'Being drafted' },
  drafted: { zh: '待批准', en: 'Waiting for approval' },
  approved: { zh: '已批准，待签发', en: 'Approved, not issued yet' },
  issuing: { zh: '正在签发', en: 'Being issued' },
  issued: { zh: '已全部签发', en: 'All issued' },
  discarded: { zh: '已作废', en: 'Discarded' },
} as const satisfies Record<NoticeBatchState, Text>;

/** How far it may be passed on: Traffic Light Protocol 2.0 (FIRST). */
export const TLP_LABELS = {
  RED: { zh: '仅限收件人本人', en: 'For the recipients only' },
  'AMBER+STRICT': { zh: '仅限本单位内部', en: 'Inside the organization only' },
  AMBER: { zh: '仅限本单位及其服务单位', en: 'The organization and its contractors' },
  GREEN: { zh: '限同行业内部', en: 'Inside the community' },
  CLEAR: { zh: '可以公开', en: 'Without limits' },
} as const satisfies Record<Tlp, Text>;

/** In place of a drafter's name, where nobody has submitted yet what a rung of a ladder or a decision proposed. */
export const PROPOSED_BY_SYSTEM: Text = { zh: '系统拟稿', en: 'proposed by the system' };
