import type { Language } from '@backcheck/contract';

interface MailText {
  readonly subject: string;
  /** Paragraphs; `{link}` stands alone in its own. */
  readonly paragraphs: readonly string[];
}

export type MailKind = 'invitation' | 'password-reset';

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
};
