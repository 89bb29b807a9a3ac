import type { Language } from '@backcheck/contract';

interface MailText {
  readonly subject: string;
  /** Paragraphs; `{link}` stands alone in its own. */
  readonly paragraphs: readonly string[];
}

export type MailKind =
  | 'invitation'
  | 'password-reset'
  | 'notice-issued'
  | 'notice-remind'
  | 'notice-remind-leader';

/**
 * A mail about a notice carries a link and never a weakness: it travels through other people's servers. It is no receipt
 * either, and says so. `{due}` is a paragraph of its own that is left out where there is no date.
 */
const NOTICE_HINT: Readonly<Record<Language, string>> = {
  zh: '为保护贵单位，本邮件不含问题内容和附件。打开邮件或链接均不视为签收，请登录平台签收。',
  en: 'To protect your organization this mail names no weakness and has no attachment. Opening it is no receipt: acknowledge the notice on the platform.',
};

/** `{name}` is filled from the facts of the case, as in the problems of the contract. */
export const MAIL_TEXTS: Readonly<Record<MailKind, Readonly<Record<Language, MailText>>>> = {
  invitation: {
    zh: {
      subject: '{inviter} 邀请您使用 Backcheck',
      paragraphs: [
        '{name}，您好：',
        '{inviter} 为您开通了 Backcheck 账号。请打开以下链接设置密码：',
        '{link}',
        '链接在 {days} 天内有效，只能使用一次。如果您不认识邀请人，请忽略此邮件。',
      ],
    },
    en: {
      subject: '{inviter} invites you to Backcheck',
      paragraphs: [
        'Hello {name},',
        '{inviter} has prepared an account in Backcheck for you. Open this link to choose a password:',
        '{link}',
        'It works once, within {days} days. If you do not know the sender, ignore this mail.',
      ],
    },
  },
  'password-reset': {
    zh: {
      subject: '重置 Backcheck 密码',
      paragraphs: [
        '{name}，您好：',
        '有人申请重置您的 Backcheck 密码。请打开以下链接设置新密码：',
        '{link}',
        '链接在 1 小时内有效，只能使用一次。如果不是您本人申请，请忽略此邮件，原密码不变。',
      ],
    },
    en: {
      subject: 'Reset your Backcheck password',
      paragraphs: [
        'Hello {name},',
        'Somebody asked to reset your Backcheck password. Open this link to choose a new one:',
        '{link}',
        'It works once, within 1 hour. If it was not you, ignore this mail; your password stays as it is.',
      ],
    },
  },
  'notice-issued': {
    zh: {
      subject: '【{authority}】{kind}：{number}',
      paragraphs: [
        '{organization}：',
        '{authority}向贵单位发出{kind}（{number}）。请打开以下链接，登录后查看全文并签收：',
        '{link}',
        '{due}',
        NOTICE_HINT.zh,
      ],
    },
    en: {
      subject: '{kind} {number} from {authority}',
      paragraphs: [
        'To {organization}:',
        '{authority} has issued a notice to your organization: {kind}, {number}. Open this link and sign in to read it and to acknowledge receipt:',
        '{link}',
        '{due}',
        NOTICE_HINT.en,
      ],
    },
  },
  'notice-remind': {
    zh: {
      subject: '【{authority}】提醒：{kind}（{number}）尚未办结',
      paragraphs: [
        '{organization}：',
        '{kind}（{number}）尚未办结。请打开以下链接查看办理情况：',
        '{link}',
        '{due}',
        NOTICE_HINT.zh,
      ],
    },
    en: {
      subject: 'Reminder: {kind} {number} is not settled yet',
      paragraphs: [
        'To {organization}:',
        'The {kind} {number} is not settled yet. Open this link to see what is left:',
        '{link}',
        '{due}',
        NOTICE_HINT.en,
      ],
    },
  },
  'notice-remind-leader': {
    zh: {
      subject: '【{authority}】请领导关注：{kind}（{number}）即将到期',
      paragraphs: [
        '{organization}：',
        '{kind}（{number}）临近期限，尚未办结，请负责人督促落实。请打开以下链接查看办理情况：',
        '{link}',
        '{due}',
        NOTICE_HINT.zh,
      ],
    },
    en: {
      subject: 'For your leaders: {kind} {number} is close to its date',
      paragraphs: [
        'To {organization}:',
        'The {kind} {number} is close to its date and not settled yet. Please see that it is done. Open this link to see what is left:',
        '{link}',
        '{due}',
        NOTICE_HINT.en,
      ],
    },
  },
};
