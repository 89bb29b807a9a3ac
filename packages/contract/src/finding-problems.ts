import type { ProblemText } from './problems.ts';

/** The part of `PROBLEMS` that speaks of lists of findings. */
export const FINDING_PROBLEMS = {
  FINDING_EXPORT_TOO_LARGE: {
    status: 422,
    title: { zh: '问题过多', en: 'There are too many findings' },
    detail: {
      zh: '一份台账最多 {most} 项问题，当前筛选条件下超过此数。请缩小筛选范围，或选择一个单位后分别导出。',
      en: 'One ledger holds at most {most} findings, and more than that match. Narrow the filters, or export one organization at a time.',
    },
  },
} as const satisfies Record<string, ProblemText>;
