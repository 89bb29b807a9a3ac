import { asIs, type Text } from '@backcheck/contract';
import type { NoticeContent, NoticeExplanation } from '@backcheck/core';
import type { Block, Chapter } from './blocks.ts';
import { HEADINGS, SENTENCES } from './chapter-words.ts';
import { titleText } from './finding-table.ts';
import { linesOf } from './lines-of.ts';
import { WORDS } from './words.ts';

/** Rows of the table that are named for one check. */
const MOST_ROWS = 8;

/** What the tools say of each check, on pages of its own behind the paper; null: the paper has no annex. */
export function annexChapter(content: NoticeContent): Chapter | null {
  if (content.annex === undefined || content.annex.explanations.length === 0) return null;
  const { explanations } = content.annex;
  const more = moreText(content);
  return {
    heading: HEADINGS.annex,
    blocks: [
      { kind: 'text', text: SENTENCES.annex },
      ...explanations.map((one, index) => explained(content, one, index)),
      ...(more === null ? [] : [{ kind: 'text', text: more } as const]),
    ],
  };
}

function explained(content: NoticeContent, said: NoticeExplanation, index: number): Block {
  const { check, description, harm, advice } = said;
  const { zh, en } = nameOf(content, check);
  const parts = [
    { label: WORDS.description, lines: linesOf(description) },
    { label: WORDS.harm, lines: linesOf(harm) },
    { label: WORDS.advice, lines: linesOf(advice) },
  ];
  return {
    kind: 'explained',
    name: { zh: `${index + 1}. ${zh}`, en: `${index + 1}. ${en}` },
    check,
    rows: rowsText(content, check),
    parts: parts.filter(({ lines }) => lines.length > 0),
  };
}

/** As the table names the first finding of the check. */
export function nameOf({ findings }: NoticeContent, check: string): Text {
  const first = findings.find((finding) => finding.check === check);
  return first === undefined ? asIs(check) : titleText(first);
}

/** In which rows of the table it stands. */
export function rowsText({ findings }: NoticeContent, check: string): Text {
  const rows = findings.flatMap((finding, index) => (finding.check === check ? [index + 1] : []));
  const named = rows.slice(0, MOST_ROWS);
  const all = rows.length;
  if (all > named.length)
    return {
      zh: `清单第 ${named.join('、')} 等 ${all} 项`,
      en: `Nos. ${named.join(', ')} and ${all - named.length} more of the list`,
    };
  return {
    zh: `清单第 ${named.join('、')} 项`,
    en: `${all === 1 ? 'No.' : 'Nos.'} ${named.join(', ')} of the list`,
  };
}

/** How many checks have no room; null: none. */
export function moreText({ annex }: NoticeContent): Text | null {
  const more = annex?.more ?? 0;
  if (more === 0) return null;
  return {
    zh: `另有 ${more} 个检测项的说明未能列入，请在平台查看。`,
    en: `${more} more ${more === 1 ? 'check is' : 'checks are'} explained on the platform.`,
  };
}
