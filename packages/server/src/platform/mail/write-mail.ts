import type { Language } from '@backcheck/contract';
import type { Mail } from './mailer.ts';
import { MAIL_TEXTS, type MailKind } from './texts.ts';

export interface MailFacts {
  readonly link: string;
  readonly name: string;
  readonly [fact: string]: string;
}

/** The mail of a kind in a language, as plain text and as the same text in HTML. */
export function writeMail(
  kind: MailKind,
  { language, to, facts }: { readonly language: Language; readonly to: string; readonly facts: MailFacts },
): Mail {
  const { subject, paragraphs } = MAIL_TEXTS[kind][language];
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => facts[name] ?? whole);
  const html = paragraphs.map((one) =>
    one === '{link}'
      ? `<p><a href="${escaped(facts.link)}">${escaped(facts.link)}</a></p>`
      : `<p>${escaped(fill(one))}</p>`,
  );
  return {
    to,
    subject: fill(subject),
    text: `${paragraphs.map(fill).join('\n\n')}\n`,
    html: `<!doctype html><html lang="${language}"><body>${html.join('')}</body></html>`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Names are what somebody typed. */
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one);
