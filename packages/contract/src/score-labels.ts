import type { ChineseGrade, FindingClass, Priority } from '@backcheck/core';
import type { Text } from './text.ts';

/** The four grades of GB/T 30279-2020 in its own words, and `info` for what is no weakness. */
export const CHINESE_GRADE_LABELS: Readonly<Record<ChineseGrade, Text>> = {
  critical: { zh: '超危', en: 'Critical (超危)' },
  high: { zh: '高危', en: 'High (高危)' },
  medium: { zh: '中危', en: 'Medium (中危)' },
  low: { zh: '低危', en: 'Low (低危)' },
  info: { zh: '信息', en: 'Information' },
};

/** What the deployer's decision table of SSVC says. */
export const PRIORITY_LABELS: Readonly<Record<Priority, Text>> = {
  immediate: { zh: '立即处置', en: 'Immediate' },
  'out-of-cycle': { zh: '提前处置', en: 'Out of cycle' },
  scheduled: { zh: '按计划处置', en: 'Scheduled' },
  defer: { zh: '暂缓处置', en: 'Defer' },
};

export const FINDING_CLASS_LABELS: Readonly<Record<FindingClass, Text>> = {
  vulnerability: { zh: '安全漏洞', en: 'Vulnerability' },
  misconfiguration: { zh: '配置不当', en: 'Misconfiguration' },
  'weak-credential': { zh: '弱口令', en: 'Weak or default credential' },
  'exposed-service': { zh: '高危端口暴露', en: 'Exposed service' },
  'missing-control': { zh: '防护措施缺失', en: 'Missing control' },
  'end-of-support': { zh: '停止支持', en: 'End of support' },
  certificate: { zh: '数字证书问题', en: 'Digital certificate' },
  'process-gap': { zh: '管理类问题', en: 'Process gap' },
};
