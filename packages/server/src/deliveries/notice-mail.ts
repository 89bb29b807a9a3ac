import { type Language, NOTICE_KIND_LABELS } from '@backcheck/contract';
import type { Outgoing } from '@backcheck/db';
import { dueText } from '../notices/paper/dates.ts';
import type { Mail } from '../platform/mail/mailer.ts';
import { writeMail } from '../platform/mail/write-mail.ts';

/** Where a person reads the notice. Without PUBLIC_URL only the path is known. */
export const noticeLink = (publicUrl: string | null, noticeId: string): string =>
  `${publicUrl ?? ''}/notices/${noticeId}`;

const DUE: Readonly<Record<Language, (within: string) => string>> = {
  zh: (within) => `请于${within}办结。`,
  en: (within) => `It is to be settled ${within}.`,
};
const FIRST_DUE: Readonly<Record<Language, (within: string) => string>> = {
  zh: (within) => `各项期限不同，最早一项请于${within}办结，其余见全文。`,
  en: (within) =>
    `Its findings have different dates: the first is to be settled ${within}, the others as the paper says.`,
};

/** A reminder is about one date, which may have moved since the paper was issued. */
const SOME_DUE: Readonly<Record<Language, (within: string) => string>> = {
  zh: (within) => `各项期限不同，其中部分请于${within}办结，详情请登录平台查看。`,
  en: (within) =>
    `Its findings have different dates: some are to be settled ${within}, the platform shows which.`,
};

/**
 * The mail about a notice: who wrote, which paper, to whom, by when, and where it is. Never a finding, an asset, a CVE or
 * a grade, and not the title either, because people write them there. `Outgoing` does not even hold them.
 */
export function noticeMail(outgoing: Outgoing, publicUrl: string | null): Mail {
  const { authority, kind, number, organization, occasion, dueAt, dueDates, timeZone } = outgoing;
  const first = occasion === 'issued' ? FIRST_DUE : SOME_DUE;
  const due = dueDates > 1 ? first : DUE;
  return writeMail(`notice-${occasion}`, {
    language: outgoing.language,
    to: outgoing.address,
    facts: (language: Language) => ({
      link: noticeLink(publicUrl, outgoing.noticeId),
      authority: authority[language],
      kind: NOTICE_KIND_LABELS[kind][language],
      number,
      organization: language === 'zh' ? (organization.nameZh ?? organization.name) : organization.name,
      due: dueAt === null ? '' : due[language](dueText(dueAt, timeZone).within[language]),
    }),
  });
}
