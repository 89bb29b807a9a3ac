import { type Import, REASON_LABELS, type Sheet, STATE_LABELS } from '@backcheck/contract';
import type { Language } from './verify-text.ts';

interface Words {
  readonly heading: string;
  readonly reached: (reached: number, total: number) => string;
  readonly observations: (present: number, absent: number, error: number) => string;
  readonly newly: string;
  readonly again: string;
  readonly closes: string;
  readonly likely: string;
  readonly regresses: string;
  readonly notClosed: string;
  readonly warnings: (count: number) => string;
  readonly already: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    heading: 'What this file can prove',
    reached: (reached, total) => `${reached} of ${total} assets reached`,
    observations: (present, absent, error) =>
      `${present} present, ${absent} absent, ${error} without a verdict`,
    newly: 'new findings',
    again: 'seen again',
    closes: STATE_LABELS['verified-fixed'].label.en,
    likely: STATE_LABELS['fixed-unverified'].label.en,
    regresses: STATE_LABELS.regressed.label.en,
    notClosed: 'not closed',
    warnings: (count) => `${count} warnings`,
    already: 'This file was imported before; nothing changed.',
  },
  zh: {
    heading: '这份文件能证明什么',
    reached: (reached, total) => `到达资产 ${reached} / ${total}`,
    observations: (present, absent, error) => `发现 ${present}，未发现 ${absent}，无结论 ${error}`,
    newly: '新问题',
    again: '再次发现',
    closes: STATE_LABELS['verified-fixed'].label.zh,
    likely: STATE_LABELS['fixed-unverified'].label.zh,
    regresses: STATE_LABELS.regressed.label.zh,
    notClosed: '未销号',
    warnings: (count) => `警告 ${count} 条`,
    already: '此文件以前已导入，没有变化。',
  },
};

/** The sheet of one import, for a terminal. */
export function sheetText({ sheet, alreadyImported, fileName }: Import, language: Language): string {
  const words = WORDS[language];
  if (alreadyImported) return `${fileName}\n  ${words.already}\n`;
  if (sheet === null) return `${fileName}\n`;
  return `${[`${fileName}  ${words.heading}`, ...linesOf(sheet, words, language)].join('\n  ')}\n`;
}

function linesOf(sheet: Sheet, words: Words, language: Language): string[] {
  const { assets, observations, findings, warnings } = sheet;
  const counts: readonly (readonly [string, number])[] = [
    [words.closes, findings.closes],
    [words.likely, findings.likelyFixed],
    [words.regresses, findings.regresses],
    [words.newly, findings.new],
    [words.again, findings.seenAgain],
  ];
  const open = findings.notClosed.map(
    ({ reason, count }) =>
      `${count} ${words.notClosed}: ${REASON_LABELS[reason].label[language]} (${reason})`,
  );
  const notes = warnings.map(
    ({ code, message, line }) => `${code}${line === null ? '' : `:${line}`} ${message}`,
  );
  return [
    words.reached(assets.reached, assets.total),
    words.observations(observations.present, observations.absent, observations.error),
    ...counts.map(([label, count]) => `${count} ${label}`),
    ...open,
    ...(sheet.warningsTotal === 0 ? [] : [words.warnings(sheet.warningsTotal), ...notes.slice(0, 5)]),
  ];
}
