import type { Severity } from '@backcheck/core';

/** The qualitative scale of CVSS 3.1 (section 5) and 4.0 (section 6): 0 none, from 0.1 low, 4 medium, 7 high, 9 critical. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}

const WORDS: ReadonlyMap<string, Severity> = new Map(
  Object.entries({
    critical: 'critical',
    urgent: 'critical',
    high: 'high',
    important: 'high',
    serious: 'high',
    error: 'high',
    medium: 'medium',
    moderate: 'medium',
    warning: 'medium',
    low: 'low',
    minor: 'low',
    negligible: 'low',
    note: 'low',
  } as const),
);

/** The grade that a tool names; info for words that grade nothing ("unknown", "none", "log"). */
export function severityOfWord(word: string | undefined): Severity {
  return WORDS.get(word?.trim().toLowerCase() ?? '') ?? 'info';
}
