import type { ProblemText } from './problems.ts';

/** Refusals of authorizations, retests, runners and look-backs; a part of PROBLEMS. */
export const RETEST_PROBLEMS = {
  AUTHORIZATION_FLAWED: {
    status: 422,
    title: { zh: '授权书内容有误', en: 'The authorization is not in order' },
    detail: { zh: '请更正：{fields}', en: 'Please correct: {fields}' },
  },
  AUTHORIZATION_NOT_YOURS_TO_APPROVE: {
    status: 403,
    title: { zh: '起草人不能批准', en: 'The drafter does not approve' },
    detail: {
      zh: '授权书须由起草人以外的人批准，请另一位负责人处理。',
      en: 'An authorization is approved by somebody other than who drafted it. Ask another person who may approve.',
    },
  },
  AUTHORIZATION_NOT_READY: {
    status: 409,
    title: { zh: '授权书当前状态不允许此操作', en: 'The authorization is not in a state for this' },
    detail: { zh: '当前状态：{state}。', en: 'Its state is {state}.' },
  },
  NOT_AUTHORIZED: {
    status: 422,
    title: { zh: '没有有效的检测授权', en: 'No authorization covers this' },
    detail: {
      zh: '没有一份有效的检测授权书覆盖这些目标和检测方式。请起草并批准一份授权书。',
      en: 'No authorization in force covers these targets and ways of testing. Draft one and have it approved.',
    },
  },
  FINDINGS_OF_SEVERAL: {
    status: 422,
    title: { zh: '问题属于不同单位', en: 'These findings belong to several organizations' },
    detail: { zh: '请对每个单位分别提交。', en: 'Send one request for each organization.' },
  },
  RETEST_ENDED: {
    status: 409,
    title: { zh: '复测已结束', en: 'This retest has ended' },
    detail: {
      zh: '如需再次检测，请发起新的复测。',
      en: 'Ask for a new retest if it is to be looked at again.',
    },
  },
  RUNNER_NAME_TAKEN: {
    status: 409,
    title: { zh: '已有同名执行器', en: 'A runner has this name' },
    detail: {
      zh: '这里已登记名为“{name}”的执行器。请换一个名称，或先吊销它。',
      en: 'A runner named "{name}" is registered there. Choose another name, or revoke that one first.',
    },
  },
  RUNNER_KEY_INVALID: {
    status: 401,
    title: { zh: '执行器密钥无效', en: 'This runner key is not valid' },
    detail: {
      zh: '密钥错误或已吊销。请在“执行器”页面重新登记。',
      en: 'The key is wrong or was revoked. Register the runner again on the Runners page.',
    },
  },
  RUNNER_KEY_CHANGED: {
    status: 409,
    title: { zh: '执行器签名密钥已改变', en: 'The runner signs with another key' },
    detail: {
      zh: '该执行器首次连接时登记了另一把签名密钥。请恢复原密钥，或吊销后重新登记。',
      en: 'At its first contact this runner had another signing key. Restore that key, or revoke the runner and register it anew.',
    },
  },
  RUN_NOT_SIGNED: {
    status: 422,
    title: { zh: '检测结果签名无效', en: 'The result is not signed by this runner' },
    detail: {
      zh: '签名、文件或任务不一致，结果未被采纳。',
      en: 'Signature, file and task do not fit together; nothing was kept.',
    },
  },
  LOOK_BACK_NOT_READY: {
    status: 409,
    title: { zh: '回头看当前状态不允许此操作', en: 'The look-back is not in a state for this' },
    detail: { zh: '当前状态：{state}。', en: 'Its state is {state}.' },
  },
  LOOK_BACK_EMPTY: {
    status: 422,
    title: { zh: '没有符合条件的已销号问题', en: 'No closed finding matches' },
    detail: { zh: '请放宽条件后重新发布。', en: 'Publish a new one with a wider rule.' },
  },
} as const satisfies Record<string, ProblemText>;
