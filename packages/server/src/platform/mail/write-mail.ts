import type { Language } from '@backcheck/contract';
import type { Mail } from './mailer.ts';
import { MAIL_TEXTS, type MailKind } from './texts.ts';

export interface MailFacts {
  readonly link: string;
  readonly [fact: string]: string;
}

/** In one language, or in both below each other: for somebody whose language nobody knows. */
export type MailLanguage = Language | 'both';

interface Written {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * The mail of a kind in a language, as plain text and as the same text in HTML. A paragraph that is nothing but a fact is
 * left out where that fact is empty. `facts` may differ by language: dates and names of kinds do.
 */
export function writeMail(
  kind: MailKind,
  {
    language,
    to,
    facts,
  }: {
    readonly language: MailLanguage;
    readonly to: string;
    readonly facts: MailFacts | ((language: Language) => MailFacts);
  },
): Mail {
  const languages: readonly Language[] = language === 'both' ? ['zh', 'en'] : [language];
  const parts = languages.map((one) => {
    return writeIn(one, kind, typeof facts === 'function' ? facts(one) : facts);
  });
  return {
    to,
    subject: parts.map(({ subject }) => subject).join(' / '),
    text: parts.map(({ text }) => text).join('\n————\n\n'),
    html: `<!doctype html><html lang="${languages[0]}"><body>${parts.map(({ html }) => html).join('<hr>')}</body></html>`,
  };
}

function writeIn(language: Language, kind: MailKind, facts: MailFacts): Written {
  const { subject, paragraphs } = MAIL_TEXTS[kind][language];
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => facts[name] ?? whole);
  const said = paragraphs.filter((one) => fill(one) !== '');
  const html = said.map((one) =>
    one === '{link}'
      ? `<p><a href="${escaped(facts.link)}">${escaped(facts.link)}</a></p>`
      : `<p>${escaped(fill(one))}</p>`,
  );
  return {
    subject: fill(subject),
    text: `${said.map(fill).join('\n\n')}\n`,
    html: `<div lang="${language}">${html.join('')}</div>`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Names are what somebody typed. */
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one);
