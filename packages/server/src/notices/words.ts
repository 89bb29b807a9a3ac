import type { Text } from '@backcheck/contract';
import type { NoticeKind } from '@backcheck/core';

/** What the words of a proposal are filled with; each text goes into its own language. */
export type Places = Readonly<Record<string, Text>>;

/**
 * Title and body that are proposed for each kind; the drafter adds what is particular. What every paper of a kind says
 * stands in the paper itself (paper/chapter-words.ts).
 */
export const PROPOSED_WORDS: Readonly<Record<NoticeKind, { readonly title: Text; readonly body: Text }>> = {
  inspection: {
    title: { zh: '关于开展网络安全检查的通知', en: 'Inspection of network security' },
    body: {
      zh: '根据年度工作安排，拟对你单位开展网络安全检查，现将有关事项通知如下。\n\n检查时间：\n\n检查地点：\n\n检查内容：\n\n检查人员及证件：\n\n远程检测时段和来源地址：\n\n请准备的材料：',
      en: 'The network security of your organization will be inspected as follows.\n\nDates:\n\nPlace:\n\nWhat is inspected:\n\nInspectors and their identification:\n\nHours and source addresses of remote tests:\n\nWhat to prepare:',
    },
  },
  rectification: {
    title: { zh: '关于限期整改网络安全隐患的通知', en: 'Security findings that are to be fixed' },
    body: {
      zh: '经检查，你单位网络和信息系统存在安全隐患{findings}项（{grades}），详见问题清单。\n\n请逐项落实整改责任人和整改措施，{dueAt}完成整改。其他系统存在同类隐患的，应当一并整改。',
      en: 'Security weaknesses were found in your networks and systems: {findings} in all ({grades}). They are listed below.\n\nPlease name for each who is responsible and what will be done, and complete the work {dueAt}. The same weakness elsewhere in your systems is to be fixed as well.',
    },
  },
  circular: {
    title: { zh: '关于网络安全漏洞的通报', en: 'Vulnerabilities in your systems' },
    body: {
      zh: '经监测核实，你单位资产存在安全漏洞{findings}项（{grades}），一旦被利用，可能导致系统被控制、数据泄露或者业务中断。\n\n请立即核实并采取防护措施，{dueAt}完成处置。处置前请注意保存有关日志。',
      en: 'Vulnerabilities were confirmed at your assets: {findings} in all ({grades}). Whoever exploits them may take control of systems, take data or interrupt operation.\n\nPlease verify them at once, put protection in place, and complete the work {dueAt}. Keep the logs until then.',
    },
  },
  reminder: {
    title: { zh: '关于逾期隐患整改的催办', en: 'Findings that are overdue' },
    body: {
      zh: '截至目前，你单位{reference}仍有安全隐患{findings}项（{grades}）逾期未完成整改，最长已逾期{overdueDays}日，详见清单。',
      en: 'Until today the following findings {reference}are overdue: {findings} in all ({grades}), the longest by {overdueDays} days.',
    },
  },
  supervision: {
    title: { zh: '关于逾期隐患整改的督办函', en: 'Supervision of overdue findings' },
    body: {
      zh: '你单位{reference}尚有安全隐患{findings}项（{grades}）逾期未完成整改，最长已逾期{overdueDays}日。现对所列隐患予以督办。',
      en: 'The following findings {reference}are still overdue: {findings} in all ({grades}), the longest by {overdueDays} days. They are now under supervision.',
    },
  },
  'extension-decision': {
    title: { zh: '关于延期整改申请的决定', en: 'The extension that was asked for' },
    body: {
      zh: '你单位关于延长整改期限的申请收悉。经研究，作出如下决定。',
      en: 'Your request for a later date was received and examined. This is the decision.',
    },
  },
  'exception-decision': {
    title: { zh: '关于例外申请的决定', en: 'The exception that was asked for' },
    body: {
      zh: '你单位关于例外处理的申请收悉。经研究，作出如下决定。',
      en: 'Your request for an exception was received and examined. This is the decision.',
    },
  },
  'retest-result': {
    title: { zh: '关于隐患整改复测结果的通知', en: 'Result of the retest' },
    body: {
      zh: '现将你单位{findings}项问题的复测结果通知如下：已证明{proven}项，仍存在{stillPresent}项，无法判定{inconclusive}项。',
      en: 'Of your findings {findings} were tested again: {proven} proven gone, {stillPresent} still present, {inconclusive} inconclusive.',
    },
  },
  closing: {
    title: { zh: '关于网络安全隐患销号的通知', en: 'Findings that are closed' },
    body: {
      zh: '你单位{findings}项安全隐患经复测证明已经消除，现予销号，销号证明编号见清单。',
      en: 'Retests proved that {findings} of your findings are gone. They are closed; the list names the certificate of each.',
    },
  },
};

/** `{place}` filled in both languages; what is no place stays as it is written. */
export function fillPlaces(text: Text, places: Places): Text {
  const fill = (language: keyof Text) =>
    text[language].replaceAll(/\{(\w+)\}/g, (whole, name) =>
      Object.hasOwn(places, name) ? (places[name]?.[language] ?? whole) : whole,
    );
  return { zh: fill('zh'), en: fill('en') };
}

/** The same in both languages. */
export const alike = (value: string | number): Text => ({ zh: `${value}`, en: `${value}` });
