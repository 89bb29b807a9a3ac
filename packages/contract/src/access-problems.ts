import type { ProblemText } from './problems.ts';

/** Refusals of permissions and grants; a part of PROBLEMS. */
export const ACCESS_PROBLEMS = {
  FORBIDDEN: {
    status: 403,
    title: { zh: '没有权限', en: 'Your role does not allow this' },
    detail: {
      zh: '您当前的授权不包含此操作。请让管理员为您授予相应角色。',
      en: 'None of your grants allows this operation. Ask an administrator for a role that does.',
    },
  },
  GRANT_TO_SELF: {
    status: 422,
    title: { zh: '不能给自己授权', en: 'Nobody gives a grant to themselves' },
    detail: { zh: '请让另一位管理员为您授权。', en: 'Ask another administrator to give you this role.' },
  },
  GRANT_NEEDS_END: {
    status: 422,
    title: { zh: '该角色必须设定结束日期', en: 'This role ends by a date' },
    detail: {
      zh: '技术支撑人员和运维人员的访问必须有结束日期，请填写。',
      en: 'The access of technical support and contractors ends by a date. Give one.',
    },
  },
  GRANT_NEEDS_SYSTEM: {
    status: 422,
    title: { zh: '该角色必须限定到一个系统', en: 'This role is for one system' },
    detail: {
      zh: '系统责任人和运维人员只能看到自己的系统，请选择系统。',
      en: 'A system owner or a contractor sees one system only. Choose it.',
    },
  },
  GRANT_NEEDS_ORGANIZATION: {
    status: 422,
    title: { zh: '该角色必须限定到一个单位', en: 'This role is inside one organization' },
    detail: {
      zh: '被检查单位一侧的角色不能授予整个平台，请选择单位。',
      en: 'Roles of an inspected organization are not given for the whole installation. Choose the organization.',
    },
  },
  GRANT_ENDS_BEFORE_START: {
    status: 422,
    title: { zh: '结束日期已过', en: 'The end date has passed' },
    detail: { zh: '请填写今天之后的日期。', en: 'Give a date after today.' },
  },
} as const satisfies Record<string, ProblemText>;
