import type { Severity } from '../observe/record.ts';

/** The four grades of GB/T 30279-2020, and `info` for what is no weakness; the words are in the contract. */
export const CHINESE_GRADES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type ChineseGrade = (typeof CHINESE_GRADES)[number];

/** Our severities carry the same names; GB/T 30279-2020 calls them 超危, 高危, 中危, 低危. */
export const gradeOf = (severity: Severity): ChineseGrade => severity;

/**
 * What national databases and offices write, as given, to a grade. CNNVD grades in four by GB/T 30279-2020; CNVD in
 * three (高, 中, 低) by CVSS 2.0, so its 高 may be a 超危 of the standard: it is kept as given beside ours and never
 * takes the place of a grade that was determined.
 */
const WRITTEN: Readonly<Record<string, ChineseGrade>> = {
  超危: 'critical',
  严重: 'critical',
  危急: 'critical',
  高危: 'high',
  高: 'high',
  中危: 'medium',
  中: 'medium',
  低危: 'low',
  低: 'low',
  信息: 'info',
  提示: 'info',
  无: 'info',
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  info: 'info',
};

/** Null: not a word for a grade. */
export const gradeNamed = (text: string): ChineseGrade | null => WRITTEN[text.trim().toLowerCase()] ?? null;
