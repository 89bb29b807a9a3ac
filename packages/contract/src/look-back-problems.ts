import type { ProblemText } from './problems.ts';

/** Refusals of the known-exploited list; a part of PROBLEMS. */
export const LOOK_BACK_PROBLEMS = {
  INSTALLATION_ONLY: {
    status: 422,
    title: { zh: '仅限全平台权限', en: 'Only for the whole installation' },
    detail: {
      zh: '此清单由所有单位共用，须由权限覆盖整个平台的管理员更新。',
      en: 'This list is the same for every organization. An administrator whose access covers the whole installation takes it in.',
    },
  },
} as const satisfies Record<string, ProblemText>;
