import {
  DECISION_LABELS,
  FINDING_CLASS_LABELS,
  FINDING_LEDGER_WORDS,
  type FindingLedgerColumn,
  type Language,
  PARTY_LABELS,
  PRIORITY_LABELS,
  REASON_LABELS,
  RETEST_OUTCOME_LABELS,
  SEVERITY_LABELS,
  STATE_LABELS,
  type Text,
} from '@backcheck/contract';
import { findingClassOf, type Instant, scoreOf } from '@backcheck/core';
import type { Explanation, FindingRow, LedgerRow } from '@backcheck/db';
import { cutTo } from './cut.ts';

/** A finding with what the ledger says of it beside. */
export interface LedgerEntry {
  readonly finding: FindingRow;
  /** Null: it is not seen whole. */
  readonly more: LedgerRow | null;
  /** What the tool says of its check; null: nothing. */
  readonly said: Explanation | null;
}

/** How a ledger says things: one for all of its rows. */
export interface Wording {
  readonly language: Language;
  readonly clock: Clock;
}

/** @param timeZone IANA name */
export const wordingOf = ({ language, timeZone }: { language: Language; timeZone: string }): Wording => ({
  language,
  clock: clockIn(timeZone),
});

type Words = (text: Text) => string;

/** Of a text of a tool, in characters; the screens and the papers have no more of it either. */
const LONGEST = 2000;

/** The cells of one row. What nobody knows is empty; what was not done is said. */
export function ledgerCells(
  { finding, more, said }: LedgerEntry,
  { language, clock }: Wording,
): Record<FindingLedgerColumn, string> {
  const say: Words = (text) => text[language];
  const { organization, asset, port, transport, overlay, state } = finding;
  const check = finding.locus === '' ? finding.check : `${finding.check} · ${finding.locus}`;
  return {
    number: finding.id,
    found: clock(finding.firstSeen),
    ...originOf(more, say),
    name: finding.title,
    description: cutTo(LONGEST, said?.description ?? '') || check,
    type: say(FINDING_CLASS_LABELS[findingClassOf(finding)]),
    cvss: worstScore(more?.cvss ?? []),
    grade: say(SEVERITY_LABELS[finding.severity]),
    cve: finding.cve.join(' '),
    code: more?.organization.code ?? '',
    organization: (language === 'zh' ? more?.organization.nameZh : null) ?? organization.name,
    asset: asset.identifiers.map(({ value }) => value).join(' '),
    port: port === 0 ? '' : `${port}/${transport}`,
    check,
    harm: cutTo(LONGEST, said?.harm ?? ''),
    advice: cutTo(LONGEST, said?.advice ?? ''),
    ...dueCells({ finding, more }, say, clock),
    state: say(STATE_LABELS[state].label),
    decided: overlay === null || overlay === 'claimed' ? '' : say(DECISION_LABELS[overlay]),
    ...proofCells({ finding, more }, say, clock),
    lastSeen: clock(finding.lastSeen),
  };
}

function originOf(
  more: LedgerRow | null,
  say: Words,
): { readonly source: string; readonly reporter: string } {
  const source = more?.source;
  if (source === undefined || source === null) return { source: '', reporter: '' };
  const { tool, version, submittedBy, reporter } = source;
  return {
    source: version === null ? tool : `${tool} ${version}`,
    reporter: [say(PARTY_LABELS[submittedBy]), reporter].filter((one) => one !== null).join(' · '),
  };
}

type Known = Omit<LedgerEntry, 'said'>;

/** Said, tried, proven: three columns, because each of them is taken for the others. */
function proofCells({ finding, more }: Known, say: Words, at: Clock) {
  const { claimed = null, tested = null, provenAt = null } = more ?? {};
  const { notDeclared, notTested, notProven, proven } = FINDING_LEDGER_WORDS;
  const isProven = finding.state === 'verified-fixed';
  return {
    declared: claimed === null ? say(notDeclared) : `${at(claimed.at)} · ${claimed.by}`,
    tested:
      tested === null
        ? say(notTested)
        : `${say(RETEST_OUTCOME_LABELS[tested.outcome].label)} · ${at(tested.at)}`,
    proven: isProven ? [say(proven), provenAt === null ? '' : at(provenAt)].join(' ') : say(notProven),
    reason: finding.reason === null ? '' : say(REASON_LABELS[finding.reason].label),
    certificate: finding.certificateId ?? '',
  };
}

function dueCells({ finding, more }: Known, say: Words, clock: Clock) {
  const { due } = finding;
  const { noClock, notDetermined, paused } = FINDING_LEDGER_WORDS;
  if (due === null)
    return { priority: '', due: finding.state === 'verified-fixed' ? '' : say(notDetermined), dueBasis: '' };
  const basis = more?.dueBasis ?? null;
  const date = due.dueAt === null ? (due.waived === null ? say(noClock) : '') : clock(due.dueAt, 'end');
  return {
    priority: say(PRIORITY_LABELS[due.priority]),
    due: due.paused === null ? date : `${date} (${say(paused)})`,
    dueBasis:
      basis === null
        ? ''
        : [say(basis.policy), `v${basis.version}`, basis.rule ?? ''].filter((one) => one !== '').join(' · '),
  };
}

/** The highest base score with its vector: "9.8 CVSS:3.1/AV:N/…". */
function worstScore(vectors: readonly string[]): string {
  const scored = vectors.flatMap((vector) => {
    const score = scoreOf(vector);
    return 'base' in score ? [{ vector, base: score.base }] : [];
  });
  const [worst] = scored.sort((a, b) => b.base - a.base);
  return worst === undefined ? '' : `${worst.base.toFixed(1)} ${worst.vector}`;
}

/** What a clock on the wall shows at a moment; `end`: of a date, the moment that it ends. */
type Clock = (instant: Instant, as?: 'moment' | 'end') => string;

/**
 * The clock of a place, and how far it is from UTC: "2026-11-21 18:00 +08:00". `end`: the first moment that is too late, where
 * it is a midnight, is the end of the day before: "2026-11-20 24:00 +08:00" (ISO 8601-1, 5.3.2). Made once for many moments:
 * the format costs a hundred times what it writes.
 */
export function clockIn(timeZone: string): Clock {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  });
  const shownAt = (date: Date) => {
    const parts = new Map(format.formatToParts(date).map(({ type, value }) => [type, value]));
    return {
      day: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
      time: `${parts.get('hour')}:${parts.get('minute')}`,
      offset: parts.get('timeZoneName')?.replace('GMT', '') || '+00:00',
    };
  };
  return (instant, as = 'moment') => {
    const shown = shownAt(new Date(instant));
    if (as === 'moment' || shown.time !== '00:00') return `${shown.day} ${shown.time} ${shown.offset}`;
    const { day, offset } = shownAt(new Date(Date.parse(instant) - 1));
    return `${day} 24:00 ${offset}`;
  };
}
