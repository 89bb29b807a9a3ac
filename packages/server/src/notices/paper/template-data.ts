import { asIs, NOTICE_KIND_LABELS, RETEST_OUTCOME_LABELS, type Text, TLP_LABELS } from '@backcheck/contract';
import type { NoticeContent, NoticeFinding } from '@backcheck/core';
import type { ImageContent, TemplateData } from 'easy-template-x';
import { moreText, nameOf, rowsText } from './annex.ts';
import { decisionText } from './chapters.ts';
import { dayOf, dueText } from './dates.ts';
import { dueCell, overdueCell, placeText, titleText, toolTitle } from './finding-table.ts';
import { linesOf } from './lines-of.ts';
import { organizationText, type Print, printable } from './sheet.ts';
import { GRADE_NAMES, WORDS } from './words.ts';

const QR_PIXELS = 92;
const SHORT_HASH = 12;
const NOTHING: Text = asIs('');

type Words = Readonly<Record<string, Text>>;

/** What the tags of a template stand for (contract's NOTICE_TEMPLATE_TAGS). `code`: PNG; null: a draft has none. */
export function templateData(written: NoticeContent, print: Print, code: Buffer | null): TemplateData {
  const content = printable(written);
  const isDraft = print.stamp === 'draft';
  const sha256 = print.sha256 ?? '';
  const { kind, timeZone, dueAt } = content;
  const say = sayIn(print.language);
  return {
    ...say({
      kind: NOTICE_KIND_LABELS[kind],
      title: content.title,
      authority: content.authority,
      organization: organizationText(content),
      issueDate: isDraft ? WORDS.noDate : dayOf(content.issuedAt, timeZone),
      dueDate: dueAt === null ? NOTHING : dueText(dueAt, timeZone).at,
      tlpMeaning: TLP_LABELS[content.tlp],
      explanationsMore: moreText(content) ?? NOTHING,
    }),
    number: isDraft ? `${WORDS.draft.zh} ${WORDS.draft.en}` : content.number,
    organizationCode: content.organization.code,
    addressee: content.addressee,
    legalBasis: content.legalBasis,
    consequences: content.consequences ?? '',
    contact: content.contact,
    refersTo: content.refersTo ?? '',
    handler: content.drafter,
    approver: isDraft ? '' : content.approver,
    tlp: `TLP:${content.tlp}`,
    findingCount: String(content.findings.length),
    qr: code === null ? '' : imageOf(code),
    sha256,
    hash: sha256.slice(0, SHORT_HASH),
    body: paragraphsOf(content, print).map((paragraph) => say({ paragraph })),
    findings: content.findings.map((finding, index) => ({
      ...say(findingWords(finding, content)),
      row: String(index + 1),
      findingId: finding.id,
      toolTitle: toolTitle(finding)[0]?.zh ?? '',
      asset: finding.asset,
      check: finding.check,
      cve: finding.cve.join(', '),
      certificate: finding.certificateId ?? '',
    })),
    explanations: (content.annex?.explanations ?? []).map(({ check, ...texts }) => ({
      ...say({ explainedName: nameOf(content, check), explainedRows: rowsText(content, check) }),
      explainedCheck: check,
      ...texts,
    })),
    decision: decisionsOf(content, say),
  };
}

type Say = (words: Words) => Record<string, string>;

/** Each under its name in the paper's language, and under `…Zh` and `…En`; in both, one under the other. */
function sayIn(language: Print['language']): Say {
  const of = ({ zh, en }: Text): string => {
    if (language !== 'both') return language === 'zh' ? zh : en;
    return zh === en ? zh : `${zh}\n${en}`;
  };
  return (words) =>
    Object.fromEntries(
      Object.entries(words).flatMap(([name, text]) => [
        [name, of(text)],
        [`${name}Zh`, text.zh],
        [`${name}En`, text.en],
      ]),
    );
}

function imageOf(source: Buffer): ImageContent {
  return { _type: 'image', source, format: 'image/png', width: QR_PIXELS, height: QR_PIXELS, altText: 'QR' };
}

/** Paragraphs in the paper's languages: all of the first language, then all of the second. */
function paragraphsOf({ body }: NoticeContent, { language }: Print): Text[] {
  const zh = body.zh.flatMap(linesOf).map((text) => ({ zh: text, en: '' }));
  const en = body.en.flatMap(linesOf).map((text) => ({ zh: '', en: text }));
  if (language === 'both') return [...zh, ...en].map(({ zh: first, en: second }) => asIs(first + second));
  return language === 'zh' ? zh : en;
}

function findingWords(finding: NoticeFinding, content: NoticeContent): Words {
  return {
    findingTitle: titleText(finding),
    measure: finding.measure ?? NOTHING,
    place: placeText(finding),
    grade: GRADE_NAMES[finding.grade],
    firstSeen: dayOf(finding.firstSeen, content.timeZone),
    due: dueCell(finding, content),
    dueBasis: finding.dueBasis ?? NOTHING,
    overdue: overdueCell(finding, content),
    outcome: finding.outcome === null ? NOTHING : RETEST_OUTCOME_LABELS[finding.outcome].label,
  };
}

function decisionsOf(content: NoticeContent, say: Say): TemplateData[] {
  const { decision, timeZone } = content;
  if (decision === null) return [];
  const { asked, until, reason } = decision;
  const words = {
    asked,
    result: decisionText(content, decision),
    until: until === null ? NOTHING : dueText(until, timeZone).at,
  };
  return [{ ...say(words), reason }];
}
