import { isTimeZone } from '@backcheck/core';
import { z } from 'zod';
import { FindingQuery } from './findings.ts';
import type { Text } from './text.ts';
import { line } from './wire.ts';

/** The list's filters and order; without pages and groups, because a ledger has a row for each finding. */
export const FindingExportQuery = FindingQuery.omit({ cursor: true, limit: true, groupBy: true }).extend({
  format: z.enum(['xlsx', 'csv']).default('xlsx'),
  language: z
    .enum(['zh', 'en'])
    .optional()
    .describe('Of headers and words; without it as Accept-Language says'),
  timeZone: line(60)
    .refine(isTimeZone, 'is no name of the IANA list')
    .default('UTC')
    .describe('In which all dates are written; each says how far it is from UTC'),
});

/**
 * The columns of the ledger of hidden dangers (问题隐患台账) that offices keep on paper, in its order; what proves that a finding is
 * gone stands behind them. `width` in characters.
 */
export const FINDING_LEDGER = {
  number: { label: { zh: '问题编号', en: 'No.' }, width: 12 },
  found: { label: { zh: '发现时间', en: 'Found' }, width: 24 },
  source: { label: { zh: '发现来源', en: 'Source' }, width: 18 },
  reporter: { label: { zh: '报告人', en: 'Reported by' }, width: 24 },
  name: { label: { zh: '问题名称', en: 'Name' }, width: 44 },
  description: { label: { zh: '问题描述', en: 'Description' }, width: 44 },
  type: { label: { zh: '问题类型', en: 'Type' }, width: 16 },
  cvss: { label: { zh: 'CVSS 评分', en: 'CVSS' }, width: 44 },
  grade: { label: { zh: '风险等级', en: 'Grade' }, width: 10 },
  cve: { label: { zh: 'CVE 编号', en: 'CVE' }, width: 20 },
  code: { label: { zh: '单位编码', en: 'Organization code' }, width: 16 },
  organization: { label: { zh: '单位', en: 'Organization' }, width: 28 },
  asset: { label: { zh: '资产', en: 'Asset' }, width: 28 },
  port: { label: { zh: '端口', en: 'Port' }, width: 10 },
  check: { label: { zh: '检测项', en: 'Check' }, width: 32 },
  harm: { label: { zh: '危害', en: 'Harm' }, width: 44 },
  advice: { label: { zh: '整改建议', en: 'Advice' }, width: 44 },
  priority: { label: { zh: '处置优先级', en: 'Priority' }, width: 14 },
  due: { label: { zh: '整改期限', en: 'Due' }, width: 24 },
  dueBasis: { label: { zh: '期限依据', en: 'Why this date' }, width: 40 },
  state: { label: { zh: '当前状态', en: 'State' }, width: 18 },
  decided: { label: { zh: '处置决定', en: 'Decision' }, width: 18 },
  declared: { label: { zh: '单位申报整改', en: 'Declared fixed' }, width: 36 },
  tested: { label: { zh: '复测结果', en: 'Tested' }, width: 36 },
  proven: { label: { zh: '已证明消除', en: 'Proven gone' }, width: 28 },
  reason: { label: { zh: '未证明原因', en: 'Why not proven' }, width: 44 },
  certificate: { label: { zh: '销号证明编号', en: 'Certificate' }, width: 14 },
  lastSeen: { label: { zh: '最近一次发现', en: 'Seen last' }, width: 24 },
} as const satisfies Record<string, { readonly label: Text; readonly width: number }>;
export type FindingLedgerColumn = keyof typeof FINDING_LEDGER;

/** Words of its cells. */
export const FINDING_LEDGER_WORDS = {
  title: { zh: '问题隐患台账', en: 'Findings ledger' },
  notDeclared: { zh: '未申报', en: 'Not declared' },
  notTested: { zh: '未复测', en: 'Not tested' },
  notProven: { zh: '否', en: 'No' },
  proven: { zh: '是', en: 'Yes' },
  noClock: { zh: '尚未起算', en: 'No clock runs yet' },
  notDetermined: { zh: '尚未确定', en: 'Not determined yet' },
  paused: { zh: '计时暂停', en: 'the clock stands still' },
} as const satisfies Record<string, Text>;
