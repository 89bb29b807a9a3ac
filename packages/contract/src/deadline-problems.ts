import type { ProblemText } from './problems.ts';

/** Refusals of deadline policies and working calendars; a part of PROBLEMS. */
export const DEADLINE_PROBLEMS = {
  POLICY_INVALID: {
    status: 422,
    title: { zh: '期限规则有误', en: 'The deadline policy is not in order' },
    detail: {
      zh: '{flawsZh}请改正后重新提交。',
      en: '{flaws} Correct this and send it again.',
    },
  },
  POLICY_CODE_OF_PRESET: {
    status: 409,
    title: { zh: '此代码属于预置规则', en: 'This code belongs to a preset' },
    detail: {
      zh: '代码“{code}”是产品自带的规则。请为自己的规则另取代码。',
      en: 'The code "{code}" is that of a policy that comes with the product. Give your own policy another code.',
    },
  },
  POLICY_NOT_YOURS_TO_APPROVE: {
    status: 403,
    title: { zh: '起草人不能批准', en: 'Whoever drafted a policy does not approve it' },
    detail: {
      zh: '期限规则须由起草人以外的人批准。',
      en: 'Somebody else than its drafter has to approve a deadline policy.',
    },
  },
  POLICY_NOT_APPROVED: {
    status: 409,
    title: { zh: '期限规则尚未批准', en: 'The deadline policy is not approved' },
    detail: {
      zh: '草案须先经他人批准，才能指派。',
      en: 'A draft holds nowhere: somebody else approves it first.',
    },
  },
  POLICY_APPROVED_BEFORE: {
    status: 409,
    title: { zh: '期限规则已经批准', en: 'The deadline policy is approved already' },
    detail: {
      zh: '这一版本已经批准，无需再次批准。',
      en: 'This version was approved before; there is nothing left to do.',
    },
  },
  POLICY_NOT_OF_THIS_NODE: {
    status: 422,
    title: { zh: '该规则不属于此节点', en: 'This policy belongs to another node' },
    detail: {
      zh: '期限规则只能指派给所属单位及其下级。请为该单位另行起草。',
      en: 'A policy holds at its own node and below it. Draft one for the other node.',
    },
  },
  POLICY_CALENDAR_UNKNOWN: {
    status: 422,
    title: { zh: '工作日历不存在', en: 'There is no such working calendar' },
    detail: {
      zh: '没有代码为“{code}”的工作日历。请先上传日历，再使用。',
      en: 'There is no working calendar with the code "{code}". Take the calendar in first.',
    },
  },
  CALENDAR_NOT_YOURS_TO_APPROVE: {
    status: 403,
    title: { zh: '上传人不能批准', en: 'Whoever took a calendar in does not approve it' },
    detail: {
      zh: '工作日历须由上传人以外的人批准后才生效。',
      en: 'A working calendar counts once somebody else than who took it in has approved it.',
    },
  },
  CALENDAR_APPROVED_BEFORE: {
    status: 409,
    title: { zh: '该版本或更新的版本已经批准', en: 'This or a later version is approved already' },
    detail: {
      zh: '同一日历已有本版本或更新的版本生效。需要改动时请重新上传。',
      en: 'This version of the calendar or a later one is in use already. Take in another one to change it.',
    },
  },
  CALENDAR_INVALID: {
    status: 422,
    title: { zh: '工作日历有误', en: 'The working calendar is not in order' },
    detail: {
      zh: '{flawsZh}CSV 每行为“日期,名称,类型”，如 2027-01-01,元旦,holiday；类型为 holiday 或 make-up。',
      en: '{flaws} A line of CSV is "day,name,kind", such as 2027-01-01,New Year,holiday; kind is holiday or make-up.',
    },
  },
} as const satisfies Record<string, ProblemText>;
