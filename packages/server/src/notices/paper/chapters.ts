import { asIs, RETEST_OUTCOME_LABELS, type Text } from '@backcheck/contract';
import type { NoticeContent, NoticeKind } from '@backcheck/core';
import type { Block, Chapter } from './blocks.ts';
import { HEADINGS, SENTENCES } from './chapter-words.ts';
import { dueText } from './dates.ts';
import { findingTable } from './finding-table.ts';
import { linesOf } from './lines-of.ts';
import { WORDS } from './words.ts';

const NUMERALS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/** A chapter before it is counted; one without blocks is left out. */
interface Draft {
  readonly heading: Text;
  readonly blocks: readonly Block[];
}

/** The chapters of each kind of paper, in their order. */
const CHAPTERS: Readonly<Record<NoticeKind, (content: NoticeContent) => readonly Draft[]>> = {
  inspection: (content) => [
    basis(content),
    { heading: HEADINGS.arrangements, blocks: written(content) },
    { heading: HEADINGS.known, blocks: findingTable(content) },
    { heading: HEADINGS.cooperation, blocks: [said(SENTENCES.cooperation)] },
  ],
  rectification: (content) => [
    basis(content),
    { heading: HEADINGS.circumstances, blocks: [...reference(content), ...written(content)] },
    { heading: HEADINGS.list, blocks: findingList(content) },
    { heading: HEADINGS.deadline, blocks: [said(deadline(content))] },
    { heading: HEADINGS.feedback, blocks: [said(SENTENCES.feedback)] },
    { heading: HEADINGS.objection, blocks: [said(SENTENCES.objection)] },
  ],
  circular: (content) => [
    basis(content),
    { heading: HEADINGS.situation, blocks: [...reference(content), ...written(content)] },
    { heading: HEADINGS.list, blocks: findingList(content) },
    { heading: HEADINGS.disposal, blocks: [said(SENTENCES.disposal), said(deadline(content))] },
  ],
  reminder: (content) => [
    { heading: HEADINGS.reminded, blocks: [...reference(content), ...written(content)] },
    { heading: HEADINGS.overdue, blocks: findingList(content) },
    { heading: HEADINGS.demand, blocks: [...newDate(content), said(SENTENCES.reminder)] },
  ],
  supervision: (content) => [
    basis(content),
    { heading: HEADINGS.supervised, blocks: [...reference(content), ...written(content)] },
    { heading: HEADINGS.supervisedFindings, blocks: findingList(content) },
    { heading: HEADINGS.supervisionDemand, blocks: [...newDate(content), said(SENTENCES.supervision)] },
  ],
  'extension-decision': (content) => decided(content, SENTENCES.extension),
  'exception-decision': (content) => decided(content, SENTENCES.exception),
  'retest-result': (content) => [
    { heading: HEADINGS.retest, blocks: [...reference(content), ...written(content)] },
    { heading: HEADINGS.result, blocks: [said(outcomes(content)), ...findingTable(content)] },
    { heading: HEADINGS.next, blocks: [said(SENTENCES.retest)] },
  ],
  closing: (content) => [
    { heading: HEADINGS.closed, blocks: [...reference(content), ...written(content)] },
    { heading: HEADINGS.closedList, blocks: findingList(content) },
    { heading: HEADINGS.explanation, blocks: [said(SENTENCES.closing)] },
  ],
};

/** The chapters of a paper, counted. */
export function chaptersOf(content: NoticeContent): Chapter[] {
  const consequences = { heading: HEADINGS.consequences, blocks: lines(content.consequences ?? '') };
  const contact = { heading: HEADINGS.contact, blocks: lines(content.contact) };
  return [...CHAPTERS[content.kind](content), consequences, contact]
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ heading, blocks }, index) => ({
      heading: { zh: `${NUMERALS[index]}、${heading.zh}`, en: `${index + 1}. ${heading.en}` },
      blocks,
    }));
}

const said = (text: Text): Block => ({ kind: 'text', text });
const lines = (text: string): Block[] => linesOf(text).map((line) => said(asIs(line)));
const basis = ({ legalBasis }: NoticeContent): Draft => ({
  heading: HEADINGS.basis,
  blocks: lines(legalBasis),
});

function written({ body: { zh, en } }: NoticeContent): Block[] {
  const block: Block = { kind: 'written', zh: zh.flatMap(linesOf), en: en.flatMap(linesOf) };
  return block.zh.length + block.en.length === 0 ? [] : [block];
}

function reference({ refersTo }: NoticeContent): Block[] {
  if (refersTo === null) return [];
  return [said({ zh: `${WORDS.refersTo.zh}：${refersTo}。`, en: `${WORDS.refersTo.en}: ${refersTo}.` })];
}

function findingList(content: NoticeContent): Block[] {
  const { length } = content.findings;
  if (length === 0) return [];
  const count = { zh: `共 ${length} 项：`, en: length === 1 ? 'One finding:' : `${length} findings:` };
  const annex = content.annex === undefined ? [] : [said(SENTENCES.seeAnnex)];
  return [said(count), ...findingTable(content), ...annex];
}

function deadline(content: NoticeContent): Text {
  const { dueAt, timeZone, findings } = content;
  if (dueAt !== null) {
    const { within } = dueText(dueAt, timeZone);
    return {
      zh: `请于 ${within.zh}完成整改并反馈；上表另有期限的，以上表为准。`,
      en: `Please complete the fix and report it ${within.en}. Where the table above has another date, that one holds.`,
    };
  }
  return findings.some((finding) => finding.dueAt !== null) ? SENTENCES.eachItsDate : SENTENCES.noDate;
}

/** Reminders show the dates that have passed in the table; the one for all of it is the new one. */
function newDate({ dueAt, timeZone }: NoticeContent): Block[] {
  if (dueAt === null) return [];
  const { within } = dueText(dueAt, timeZone);
  return [said({ zh: `新的期限：${within.zh}。`, en: `The new date: ${within.en}.` })];
}

function decided(content: NoticeContent, sentence: Text): Draft[] {
  const { decision } = content;
  const reason = decision === null ? [] : lines(decision.reason);
  return [
    {
      heading: HEADINGS.asked,
      blocks: [...reference(content), ...(decision === null ? [] : asked(decision))],
    },
    { heading: HEADINGS.decision, blocks: decision === null ? [] : [said(decisionText(content, decision))] },
    { heading: HEADINGS.reason, blocks: reason },
    { heading: HEADINGS.known, blocks: findingTable(content) },
    {
      heading: HEADINGS.explanation,
      blocks: [...written(content), ...(decision?.granted === true ? [said(sentence)] : [])],
    },
  ];
}

function asked({ asked: { zh, en } }: NonNullable<NoticeContent['decision']>): Block[] {
  return [{ kind: 'written', zh: linesOf(zh), en: linesOf(en) }];
}

export function decisionText(
  { kind, timeZone }: NoticeContent,
  decision: NonNullable<NoticeContent['decision']>,
): Text {
  const { granted, until } = decision;
  const end = until === null ? null : dueText(until, timeZone).at;
  if (kind === 'extension-decision') {
    if (!granted)
      return { zh: '不同意延期，原期限不变。', en: 'The extension is not granted; the date stays.' };
    return end === null
      ? { zh: '同意延期。', en: 'The extension is granted.' }
      : { zh: `同意延期至 ${end.zh}。`, en: `The extension is granted until ${end.en}.` };
  }
  if (!granted)
    return { zh: '不同意接受风险，请继续整改。', en: 'The risk is not accepted; the fix remains due.' };
  return end === null
    ? { zh: '同意接受风险。', en: 'The risk is accepted.' }
    : { zh: `同意接受风险，有效期至 ${end.zh}。`, en: `The risk is accepted until ${end.en}.` };
}

function outcomes({ findings }: NoticeContent): Text {
  const counts = (['proven', 'still-present', 'inconclusive'] as const).map((outcome) => ({
    name: RETEST_OUTCOME_LABELS[outcome].label,
    count: findings.filter((finding) => finding.outcome === outcome).length,
  }));
  return {
    zh: `共 ${findings.length} 项：${counts.map(({ name, count }) => `${name.zh} ${count} 项`).join('，')}。`,
    en: `${findings.length} in all: ${counts.map(({ name, count }) => `${name.en.toLowerCase()} ${count}`).join(', ')}.`,
  };
}
