import { DELAY_REASON_LABELS, FALSE_POSITIVE_REASON_LABELS, type Text } from '@backcheck/contract';
import { DELAY_REASONS, FALSE_POSITIVE_REASONS, type Instant, type NoticeKind } from '@backcheck/core';
import { officeOf, type ReplyRow, type Tx } from '@backcheck/db';
import { draftNotice } from '../notices/draft.ts';
import { dueText } from '../notices/paper/dates.ts';
import { proposeNotice as proposeWords } from '../notices/propose.ts';
import type { Taking } from './taking.ts';

interface Decided {
  readonly granted: boolean;
  readonly text: string;
  readonly until: Instant | null;
  /** How often the findings were given more time before. */
  readonly extended: number;
}

/**
 * Drafts the notice that tells of a decision; gives its id. It is nobody's draft: whoever of the coordinator submits it
 * stands for its words, so that the lead who decided may still be the one who approves it.
 */
export async function proposeNotice(tx: Tx, { row, at }: Taking, decided: Decided): Promise<string> {
  const { organizationId, findingIds, noticeId } = row;
  const { granted, text, until, extended } = decided;
  const kind: NoticeKind = row.kind === 'extension' ? 'extension-decision' : 'exception-decision';
  const { timeZone } = await officeOf(tx, organizationId);
  const now = new Date(at);
  const { draft } = await proposeWords(tx, {
    organizationId,
    kind,
    language: 'both',
    findingIds,
    refersTo: noticeId,
    decision: { asked: askedOf(row, { timeZone, extended }), granted, reason: text, until },
    dueAt: row.kind === 'extension' ? until : null,
    now,
  });
  return draftNotice(tx, { organizationId, draft, draftedBy: null, now });
}

/** What the organization wanted, in a line of each language; what it wrote itself stays in its own words. */
export function askedOf(
  { kind, terms, until, dueBefore }: ReplyRow,
  { timeZone, extended }: { readonly timeZone: string; readonly extended: number },
): Text {
  const date = until === null ? null : dueText(until.toISOString(), timeZone).at;
  const to = { zh: date === null ? '' : `至${date.zh}`, en: date === null ? '' : ` until ${date.en}` };
  const reason = reasonOf(terms.reason);
  if (kind === 'extension') {
    const old = dueBefore === null ? null : dueText(dueBefore.toISOString(), timeZone).at;
    const from = { zh: old === null ? '' : `由${old.zh}`, en: old === null ? '' : ` from ${old.en}` };
    const before = timesText(extended);
    return {
      zh: `整改期限${from.zh}延长${to.zh}（${reason.zh}；${before.zh}）`,
      en: `More time${from.en}${date === null ? '' : ` to ${date.en}`} (${reason.en}; ${before.en})`,
    };
  }
  if (kind === 'acceptance')
    return {
      zh: `接受风险${to.zh}，补偿控制：${terms.control ?? ''}`,
      en: `To bear the risk${to.en}; compensating control: ${terms.control ?? ''}`,
    };
  return {
    zh: `认定为误报${to.zh}（${reason.zh}）`,
    en: `To treat it as a false positive${to.en} (${reason.en})`,
  };
}

function timesText(extended: number): Text {
  if (extended === 0) return { zh: '此前未延期', en: 'not extended before' };
  return {
    zh: `此前已延期${extended}次`,
    en: extended === 1 ? 'extended once before' : `extended ${extended} times before`,
  };
}

function reasonOf(reason: ReplyRow['terms']['reason']): Text {
  const delay = DELAY_REASONS.find((one) => one === reason);
  if (delay !== undefined) return DELAY_REASON_LABELS[delay];
  const wrong = FALSE_POSITIVE_REASONS.find((one) => one === reason);
  return wrong === undefined ? { zh: '', en: '' } : FALSE_POSITIVE_REASON_LABELS[wrong];
}
