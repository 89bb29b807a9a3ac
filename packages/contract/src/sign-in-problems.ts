import type { ProblemText } from './problems.ts';

/** Refusals of sign-in, of invitations and about accounts; a part of PROBLEMS. */
export const SIGN_IN_PROBLEMS = {
  SIGN_IN_REFUSED: {
    status: 401,
    title: { zh: '登录失败', en: 'Sign-in failed' },
    detail: {
      zh: '邮箱或密码不正确，或账号已停用。',
      en: 'The address or the password is wrong, or the account is disabled.',
    },
  },
  TOO_MANY_ATTEMPTS: {
    status: 429,
    title: { zh: '尝试次数过多', en: 'Too many attempts' },
    detail: { zh: '请在 {seconds} 秒后再试。', en: 'Try again in {seconds} seconds.' },
  },
  TWO_FACTOR_CODE_WRONG: {
    status: 401,
    title: { zh: '验证码不正确', en: 'This code is wrong' },
    detail: {
      zh: '请输入验证器当前显示的六位数字；每个验证码和恢复码只能使用一次。',
      en: 'Enter the six digits that your authenticator shows now. Each code and each recovery code works once.',
    },
  },
  TWO_FACTOR_START_AGAIN: {
    status: 401,
    title: { zh: '请重新登录', en: 'Sign in again' },
    detail: {
      zh: '第二步验证已超时或错误次数过多，请重新输入密码。',
      en: 'The second step took too long or had too many wrong codes. Enter your password again.',
    },
  },
  TWO_FACTOR_REQUIRED: {
    status: 403,
    title: { zh: '需要先设置两步验证', en: 'Set up the second factor first' },
    detail: {
      zh: '该账号的权限要求两步验证。设置完成之前不能进行其他操作。',
      en: 'What this account may do demands a second factor. Until it is set up nothing else is possible.',
    },
  },
  TWO_FACTOR_ON: {
    status: 409,
    title: { zh: '两步验证已启用', en: 'The second factor is on' },
    detail: { zh: '请先关闭，再重新设置。', en: 'Turn it off before setting up another one.' },
  },
  TWO_FACTOR_OFF: {
    status: 409,
    title: { zh: '两步验证未启用', en: 'The second factor is off' },
    detail: { zh: '请先设置两步验证。', en: 'Set it up first.' },
  },
  PASSWORD_WRONG: {
    status: 422,
    title: { zh: '当前密码不正确', en: 'The current password is wrong' },
    detail: {
      zh: '请重新输入当前密码；通过链接或单点登录的账号没有密码。',
      en: 'Enter it again. An account that signs in by a link or by single sign-on has none.',
    },
  },
  PASSWORD_WEAK: {
    status: 422,
    title: { zh: '密码过于常见', en: 'This password is too easy to guess' },
    detail: {
      zh: '请不要使用姓名、邮箱、产品名称或常见密码，可以用几个不相关的词组成一句话。',
      en: 'Not your name, your address, the name of this product or a common password. A few unrelated words make a good one.',
    },
  },
  MAIL_LINK_INVALID: {
    status: 422,
    title: { zh: '链接无效', en: 'This link is not valid' },
    detail: {
      zh: '邮件中的链接只能使用一次，且会过期。请重新申请重置密码，或请邀请人重新发送邀请。',
      en: 'A link in a mail works once and for a limited time. Ask for another reset, or ask whoever invited you to send it again.',
    },
  },
  SINGLE_SIGN_ON_OFF: {
    status: 409,
    title: { zh: '未配置单点登录', en: 'There is no single sign-on' },
    detail: {
      zh: '请用邮箱和密码登录，或请管理员配置 OIDC_ISSUER。',
      en: 'Sign in with address and password, or ask the operator to set OIDC_ISSUER.',
    },
  },
  SINGLE_SIGN_ON_UNREACHABLE: {
    status: 503,
    title: { zh: '身份提供方没有应答', en: 'The identity provider does not answer' },
    detail: {
      zh: '身份提供方的配置信息读取失败或不正确，请稍后再试；日志中有原因。',
      en: 'Its configuration could not be read or is not right. Try again later; the log holds the cause.',
    },
  },
  SINGLE_SIGN_ON_REFUSED: {
    status: 401,
    title: { zh: '单点登录未成功', en: 'Single sign-on did not succeed' },
    detail: {
      zh: '登录过程已超时、被取消，或身份提供方的应答无效。请重新开始。',
      en: 'It took too long, was cancelled, or the answer of the identity provider is not valid. Start again.',
    },
  },
  SINGLE_SIGN_ON_UNKNOWN: {
    status: 401,
    title: { zh: '该邮箱没有账号', en: 'No account has this address' },
    detail: {
      zh: '身份提供方提供的邮箱未受邀请，或账号已停用。请联系管理员。',
      en: 'The address that the identity provider gave was not invited, or its account is disabled. Ask an administrator.',
    },
  },
  ACCOUNT_EXISTS: {
    status: 409,
    title: { zh: '该邮箱已有账号', en: 'An account has this address' },
    detail: { zh: '请直接给 {email} 的账号授权。', en: 'Give the account of {email} the grants instead.' },
  },
  INVITATION_EXISTS: {
    status: 409,
    title: { zh: '该邮箱已有邀请', en: 'This address is invited' },
    detail: {
      zh: '请重新发送或撤回给 {email} 的邀请。',
      en: 'Send the invitation of {email} again, or withdraw it.',
    },
  },
  ACCOUNT_OWN: {
    status: 409,
    title: { zh: '不能停用自己的账号', en: 'This is your own account' },
    detail: { zh: '请由另一位管理员操作。', en: 'Another administrator must do that.' },
  },
  API_KEY_EXPIRY: {
    status: 422,
    title: { zh: '有效期不正确', en: 'This is no time for a key to end' },
    detail: { zh: '到期时间必须在现在之后、一年之内。', en: 'A key ends after now and within a year.' },
  },
} as const satisfies Record<string, ProblemText>;
