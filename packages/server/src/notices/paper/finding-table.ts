import { asIs, RETEST_OUTCOME_LABELS, type Text } from '@backcheck/contract';
import type { Instant, NoticeContent, NoticeFinding, NoticeKind } from '@backcheck/core';
import type { Block, Cell, Column } from './blocks.ts';
import { daysOverdue, dueText } from './dates.ts';
import { GRADE_NAMES, WORDS } from './words.ts';

/** A title is a stranger's text of any length; the screens have all of it. */
const LONGEST = 300;
/** CVEs of one finding that are named. */
const MOST_CVES = 6;

type Row = { readonly finding: NoticeFinding; readonly index: number };

interface Shown extends Column {
  readonly cell: (row: Row, content: NoticeContent) => Cell;
}

const number: Shown = {
  heading: WORDS.row,
  width: { mm: 12 },
  cell: ({ index }) => [asIs(String(index + 1))],
};

const problem: Shown = {
  heading: WORDS.problem,
  width: { share: 1.5 },
  cell: ({ finding }) => [
    titleText(finding),
    ...toolTitle(finding),
    asIs(identity(finding)),
    ...measure(finding),
  ],
};

const place: Shown = {
  heading: WORDS.place,
  width: { share: 1 },
  cell: ({ finding }) => [asIs(cut(finding.asset)), placeText(finding)],
};

const grade: Shown = {
  heading: WORDS.grade,
  width: { mm: 16 },
  cell: ({ finding }) => [GRADE_NAMES[finding.grade]],
};

const due: Shown = {
  heading: WORDS.due,
  width: { mm: 33 },
  cell: ({ finding }, content) => [dueCell(finding, content), ...basis(finding)],
};

const was: Shown = { ...due, heading: WORDS.was };

const overdue: Shown = {
  heading: WORDS.overdue,
  width: { mm: 17 },
  cell: ({ finding }, content) => [overdueCell(finding, content)],
};

const outcome: Shown = {
  heading: WORDS.outcome,
  width: { mm: 26 },
  cell: ({ finding: { outcome: how, certificateId } }) => {
    const said = how === null ? WORDS.none : RETEST_OUTCOME_LABELS[how].label;
    if (certificateId === null) return [said];
    const { zh, en } = WORDS.certificate;
    return [said, { zh: `${zh} ${certificateId}`, en: `${en} ${certificateId}` }];
  },
};

const certificate: Shown = {
  heading: WORDS.certificate,
  width: { mm: 24 },
  cell: ({ finding }) => [finding.certificateId === null ? WORDS.none : asIs(finding.certificateId)],
};

const dated = [number, problem, place, grade, due];
const COLUMNS: Readonly<Record<NoticeKind, readonly Shown[]>> = {
  inspection: dated,
  rectification: dated,
  circular: dated,
  reminder: [number, problem, place, grade, was, overdue],
  supervision: [number, problem, place, grade, was, overdue],
  'extension-decision': dated,
  'exception-decision': dated,
  'retest-result': [number, problem, place, grade, due, outcome],
  closing: [number, problem, place, grade, certificate],
};

/** The findings of a paper, with what its kind says of them; none where it names none. */
export function findingTable(content: NoticeContent): Block[] {
  if (content.findings.length === 0) return [];
  const columns = COLUMNS[content.kind];
  return [
    {
      kind: 'table',
      columns: columns.map(({ heading, width }) => ({ heading, width })),
      rows: content.findings.map((finding, index) =>
        columns.map(({ cell }) => cell({ finding, index }, content)),
      ),
    },
  ];
}

/** Papers whose date for all of it is a new one, after the dates of the findings have passed. */
export const SETS_NEW_DATE: readonly NoticeKind[] = ['reminder', 'supervision'];

/** Of the finding: its own, or else the one for all of the paper. Where that one is new, it is no date that has passed. */
function dateOf({ dueAt: own }: NoticeFinding, { kind, dueAt: all }: NoticeContent): Instant | null {
  if (SETS_NEW_DATE.includes(kind)) return own === all ? null : own;
  return own ?? all;
}

export function dueCell(finding: NoticeFinding, content: NoticeContent): Text {
  const at = dateOf(finding, content);
  return at === null ? WORDS.none : dueText(at, content.timeZone).at;
}

/** Days between the last day in time and the day of the paper. */
export function overdueCell(finding: NoticeFinding, content: NoticeContent): Text {
  const dueAt = dateOf(finding, content);
  const days = dueAt === null ? 0 : daysOverdue(dueAt, content.issuedAt, content.timeZone);
  if (days === 0) return WORDS.none;
  return { zh: `${days} 天`, en: days === 1 ? '1 day' : `${days} days` };
}

/** As the product calls the problem; else as the tool does. */
export const titleText = ({ name, title }: NoticeFinding): Text => {
  const text = name ?? asIs(title);
  return { zh: cut(text.zh), en: cut(text.en) };
};

/** What the tool calls it, where that is something else. */
export const toolTitle = ({ name, title }: NoticeFinding): Text[] =>
  name === undefined || name.en === title || name.zh === title ? [] : [asIs(cut(title))];

const measure = ({ measure: what }: NoticeFinding): Text[] =>
  what === undefined
    ? []
    : [{ zh: `${WORDS.measure.zh}：${what.zh}`, en: `${WORDS.measure.en}: ${what.en}` }];

export const placeText = ({ place: where }: NoticeFinding): Text =>
  where === '' ? WORDS.wholeAsset : asIs(where);

const basis = ({ dueBasis }: NoticeFinding): Text[] => (dueBasis === null ? [] : [dueBasis]);

function identity({ id, check, cve }: NoticeFinding): string {
  const named = cve.slice(0, MOST_CVES);
  const more = cve.length > MOST_CVES ? [`+${cve.length - MOST_CVES}`] : [];
  return [`#${id}`, ...named, ...more, check].join(' · ');
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
