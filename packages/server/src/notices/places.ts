import type { Text } from '@backcheck/contract';
import { CHINESE_GRADES, type Instant } from '@backcheck/core';
import type { NoticeFindingFacts, OrganizationRow } from '@backcheck/db';
import type { NoticeDues } from './content.ts';
import { daysOverdue, dueText } from './paper/dates.ts';
import { alike, type Places } from './words.ts';

/** What is known when a proposal is worded. */
export interface Known {
  readonly organization: Pick<OrganizationRow, 'name' | 'nameZh'>;
  readonly facts: readonly Pick<NoticeFindingFacts, 'id' | 'grade' | 'outcome'>[];
  readonly dues: NoticeDues;
  readonly dueAt: Instant | null;
  readonly number: string | null;
  readonly at: Instant;
  readonly timeZone: string;
}

const GRADES: Readonly<Record<(typeof CHINESE_GRADES)[number], Text>> = {
  critical: { zh: '超危', en: 'critical' },
  high: { zh: '高危', en: 'high' },
  medium: { zh: '中危', en: 'medium' },
  low: { zh: '低危', en: 'low' },
  info: { zh: '信息', en: 'informational' },
};

export function placesOf({
  organization: { name, nameZh },
  facts,
  dues,
  dueAt,
  number,
  at,
  timeZone,
}: Known): Places {
  const dates = facts.flatMap(({ id }) => dues.get(id)?.dueAt ?? []).sort();
  const outcomes = (outcome: NoticeFindingFacts['outcome']) =>
    alike(facts.filter((one) => one.outcome === outcome).length);
  const [first] = dates;
  return {
    organization: { zh: nameZh ?? name, en: name },
    findings: alike(facts.length),
    grades: gradesOf(facts),
    dueAt: dueWords(dueAt === null ? dates : [dueAt], timeZone),
    overdueDays: alike(first === undefined ? 0 : daysOverdue(first, at, timeZone)),
    reference: number === null ? alike('') : { zh: `${number}所列问题中，`, en: `of notice ${number} ` },
    proven: outcomes('proven'),
    stillPresent: outcomes('still-present'),
    inconclusive: outcomes('inconclusive'),
  };
}

function gradesOf(facts: Known['facts']): Text {
  const counts = CHINESE_GRADES.toReversed().flatMap((grade) => {
    const count = facts.filter((one) => one.grade === grade).length;
    return count === 0 ? [] : [{ ...GRADES[grade], count }];
  });
  return {
    zh: counts.map(({ zh, count }) => `${zh}${count}项`).join('、'),
    en: counts.map(({ en, count }) => `${count} ${en}`).join(', '),
  };
}

/** The date of all, or the first of several. */
function dueWords(dates: readonly Instant[], timeZone: string): Text {
  const [first] = dates;
  if (first === undefined) return { zh: '尽快', en: 'as soon as possible' };
  const { at, within } = dueText(first, timeZone);
  if (new Set(dates).size === 1) return { zh: `于${within.zh}`, en: within.en };
  return {
    zh: `按清单所列期限（最早一项为${at.zh}）`,
    en: `by the dates in the list, of which the first is ${at.en}`,
  };
}
