import type { ProblemText } from './problems.ts';

/** A part of PROBLEMS. */
export const NOTICE_PROBLEMS = {
  NOTICE_NOT_READY: {
    status: 409,
    title: { zh: '文书当前状态不允许此操作', en: 'The notice is not in a state for this' },
    detail: { zh: '当前状态：{state}。', en: 'Its state is {state}.' },
  },
  NOTICE_CHANGED: {
    status: 412,
    title: { zh: '文书已有变动', en: 'The notice has changed meanwhile' },
    detail: {
      zh: '在您打开之后，文书已被修改或重新提交，本次操作未执行。请先查看最新内容，再作处理。',
      en: 'Since you opened it somebody has changed it or submitted it anew, so nothing was done. Look at what it says now, then decide again.',
    },
  },
  NOTICE_NOT_YOURS_TO_APPROVE: {
    status: 403,
    title: { zh: '起草人不能批准', en: 'The drafter does not approve' },
    detail: {
      zh: '文书须由未参与起草、修改和提交的人批准，请另一位负责人处理。',
      en: 'A notice is approved by somebody who neither drafted, changed nor submitted it. Ask another person who may approve.',
    },
  },
  NOTICE_FLAWED: {
    status: 422,
    title: { zh: '文书内容有误', en: 'The notice is not in order' },
    detail: { zh: '请更正：{fields}', en: 'Please correct: {fields}' },
  },
  NOTICE_FINDINGS: {
    status: 422,
    title: { zh: '所列问题不属于该单位', en: 'Findings that are not of this organization' },
    detail: {
      zh: '有 {count} 个问题不存在或属于其他单位。文书只能列出收文单位自己的问题。',
      en: '{count} of the findings do not exist or belong to another organization. A notice names only those of whom it is addressed to.',
    },
  },
  NOTICE_FINDINGS_SETTLED: {
    status: 409,
    title: { zh: '所列问题已无须整改', en: 'Findings that are settled already' },
    detail: {
      zh: '有 {count} 个问题已证明消除或已另作处置决定：{findings}。不得再要求整改，须移除后重新报批。',
      en: '{count} of the findings are proven gone or decided otherwise by now: {findings}. Nobody is told to mend them: they are left out, and what remains is approved anew.',
    },
  },
  NOTICE_NUMBER_TAKEN: {
    status: 409,
    title: { zh: '文号已被使用', en: 'The number stands on another paper' },
    detail: {
      zh: '文号“{number}”已由其他制发单位使用。请先修改本制发单位的文号格式，再行签发。',
      en: 'The number "{number}" was used by another office. Change the pattern of numbers of this office before it is issued.',
    },
  },
  NOTICE_NUMBERS_SHARED: {
    status: 422,
    title: { zh: '文号格式与其他制发单位重复', en: 'Another office prints the same numbers' },
    detail: {
      zh: '按此格式会印出与其他文号序列相同的文号：{patterns}。请加上能区别本单位的字样。',
      en: 'These patterns print numbers that another series prints or has printed: {patterns}. Add words that tell your office apart.',
    },
  },
  NOTICE_BATCH_NOT_READY: {
    status: 409,
    title: { zh: '批次当前状态不允许此操作', en: 'The batch is not in a state for this' },
    detail: { zh: '当前状态：{state}。', en: 'Its state is {state}.' },
  },
  NOTICE_BATCH_EMPTY: {
    status: 422,
    title: { zh: '没有需要发文的单位', en: 'Nobody gets a notice' },
    detail: {
      zh: '范围内没有符合条件的单位，请放宽条件。',
      en: 'No organization in the scope has anything to be told. Choose a wider scope.',
    },
  },
  NOTICE_BATCH_TOO_LARGE: {
    status: 422,
    title: { zh: '单位过多', en: 'Too many organizations' },
    detail: {
      zh: '一个批次最多 {most} 个单位，此范围有 {count} 个。请分批。',
      en: 'A batch goes to {most} organizations at most, and this scope has {count}. Make several.',
    },
  },
} as const satisfies Record<string, ProblemText>;
