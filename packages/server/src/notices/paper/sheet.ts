import {
  asIs,
  LANGUAGES,
  type Language,
  NOTICE_KIND_LABELS,
  type PaperLanguage,
  type Text,
  TLP_LABELS,
} from '@backcheck/contract';
import type { NoticeContent } from '@backcheck/core';
import { annexChapter } from './annex.ts';
import type { Chapter } from './blocks.ts';
import { chaptersOf } from './chapters.ts';
import { dayOf } from './dates.ts';
import { WORDS } from './words.ts';

/** Of a hash that is only there to be recognized. */
const SHORT_HASH = 12;

/** What is known of a paper beside its content. */
export interface Print {
  /** One that the content is written in. */
  readonly language: PaperLanguage;
  /** Of the content's canonical form, in hex; null: a draft, which has no number, no code and no hash either. */
  readonly sha256: string | null;
  /** What the QR code says (`checkAddress`). */
  readonly checkUrl: string;
  /** Says across the paper that it does not hold; null: it does. */
  readonly stamp: 'draft' | 'withdrawn' | 'superseded' | null;
}

/** All that stands on a paper, in the order in which it is read; a PDF and a DOCX are made from it alike. */
export interface Sheet {
  readonly languages: readonly Language[];
  readonly tlp: { readonly mark: string; readonly level: NoticeContent['tlp']; readonly meaning: Text };
  readonly stamp: Text | null;
  readonly authority: Text;
  readonly number: Text;
  readonly name: Text;
  readonly title: Text;
  readonly to: Text;
  readonly chapters: readonly Chapter[];
  readonly sealHere: Text;
  readonly date: Text;
  readonly people: readonly { readonly label: Text; readonly value: Text }[];
  readonly check: {
    readonly label: Text;
    readonly hashLabel: Text;
    readonly sha256: string;
    readonly short: string;
    readonly url: string;
  } | null;
  readonly slip: {
    readonly heading: Text;
    readonly statement: Text;
    readonly rows: readonly { readonly label: Text; readonly value: Text }[];
  };
  readonly annex: Chapter | null;
  readonly footer: Text;
}

/** The same content and print give the same sheet. */
export function sheetOf(written: NoticeContent, print: Print): Sheet {
  const content = printable(written);
  const { kind, timeZone } = content;
  const isDraft = print.stamp === 'draft';
  const number = isDraft ? WORDS.noNumber : asIs(content.number);
  const date = isDraft ? WORDS.noDate : dayOf(content.issuedAt, timeZone);
  return {
    languages: print.language === 'both' ? LANGUAGES : [print.language],
    tlp: { mark: `TLP:${content.tlp}`, level: content.tlp, meaning: TLP_LABELS[content.tlp] },
    stamp: print.stamp === null ? null : WORDS[print.stamp],
    authority: content.authority,
    number,
    name: NOTICE_KIND_LABELS[kind],
    title: content.title,
    to: addressOf(content),
    chapters: chaptersOf(content),
    sealHere: WORDS.sealHere,
    date,
    people: [
      { label: WORDS.handler, value: asIs(content.drafter) },
      { label: WORDS.approver, value: asIs(isDraft ? '' : content.approver) },
    ],
    check: checkOf(print),
    slip: {
      heading: WORDS.slip,
      statement: WORDS.slipStatement,
      rows: [
        { label: WORDS.paper, value: NOTICE_KIND_LABELS[kind] },
        { label: WORDS.number, value: number },
        { label: WORDS.addressedTo, value: organizationText(content) },
        { label: WORDS.channel, value: WORDS.channels },
        { label: WORDS.receiver, value: asIs('') },
        { label: WORDS.post, value: asIs('') },
        { label: WORDS.phone, value: asIs('') },
        { label: WORDS.receivedOn, value: WORDS.blankDate },
        { label: WORDS.note, value: asIs('') },
      ],
    },
    annex: annexChapter(content),
    footer: footerOf(number, print.sha256),
  };
}

function checkOf({ sha256, checkUrl }: Print): Sheet['check'] {
  if (sha256 === null) return null;
  const short = sha256.slice(0, SHORT_HASH);
  return { label: WORDS.scan, hashLabel: WORDS.hash, sha256, short, url: checkUrl };
}

function footerOf(number: Text, sha256: string | null): Text {
  const hash = sha256 === null ? [] : [`SHA-256 ${sha256.slice(0, SHORT_HASH)}…`];
  const of = (language: Language) => [number[language], ...hash, WORDS.machines[language]].join(' · ');
  return { zh: of('zh'), en: of('en') };
}

/** Its names as the register has them; the other one where there is only one. */
export function organizationText({ organization: { name, nameZh } }: NoticeContent): Text {
  return { zh: nameZh ?? name, en: name };
}

function addressOf(content: NoticeContent): Text {
  const { zh, en } = organizationText(content);
  const { addressee } = content;
  if (addressee === '') return { zh: `${zh}：`, en: `To ${en}:` };
  return {
    zh: `${zh}（${WORDS.attention.zh}：${addressee}）：`,
    en: `To ${en} (${WORDS.attention.en.toLowerCase()}: ${addressee}):`,
  };
}

/**
 * Characters that print nothing, turn the order of what stands beside them, or may not stand in XML 1.0 show as what
 * they are: something that is not there.
 */
export function printable(content: NoticeContent): NoticeContent {
  return JSON.parse(JSON.stringify(content, readable)) as NoticeContent;
}

function readable(_key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/gu, '\ufffd');
}
