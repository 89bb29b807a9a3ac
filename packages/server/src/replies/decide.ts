import type { DecideReply } from '@backcheck/contract';
import { grantFlaw, latestUntil, type ReplyWish, reviewFlaw, usualReview } from '@backcheck/core';
import {
  decideReply,
  type FindingToAnswer,
  findingsToAnswer,
  type Overlaid,
  overlayFindings,
  type ReplyRow,
  startsOf,
  type Tx,
} from '@backcheck/db';
import type { z } from 'zod';
import { Problem, requestInvalid } from '../platform/problem.ts';
import { proposeNotice } from './propose-notice.ts';
import { problemOfFlaw } from './refusals.ts';
import type { Taking } from './taking.ts';

type Body = z.output<typeof DecideReply>;

/**
 * Writes the decision, what it lays over the findings, and the draft of its notice where that is asked for: in one
 * transaction, or nothing. Gives the id of the draft.
 */
export async function decide(tx: Tx, taking: Taking, body: Body): Promise<string | null> {
  const { row, at, name } = taking;
  checkBody(row, body);
  // verified and sent back elsewhere
  if (row.kind === 'plan' || row.kind === 'interim') throw new Problem('REPLY_STATE');
  const answered = await findingsToAnswer(tx, row.findingIds);
  // What was handed over since is not theirs to answer for any more.
  const theirs = answered.filter(({ organizationId }) => organizationId === row.organizationId);
  const findings = await ofItsCycle(tx, row, theirs);
  if (body.grant && findings.length === 0 && theirs[0] !== undefined)
    throw new Problem('REPLY_FINDING_RETURNED', { finding: theirs[0].findingId });
  const until = body.grant ? untilOf(row, body, { findings, at }) : null;
  if (body.grant) checkGrant(row, until, { findings, at });
  const grade = body.grant && row.terms.ground === 'grade' ? (body.grade ?? row.terms.grade ?? null) : null;
  const reviewAt = row.kind === 'acceptance' ? reviewAtOf(body, until, { findings, at }) : null;
  await decideReply(tx, row, { ...taking, text: body.text, until, grade, reviewAt });
  const kind = body.grant ? overlayOf(row, body) : null;
  const open = findings.filter(({ closed }) => !closed).map(({ findingId }) => findingId);
  if (kind !== null)
    await overlayFindings(tx, { ...row, findingIds: open }, { kind, at, by: name, note: body.text, until });
  if (!body.notice) return null;
  const extended = Math.max(0, ...findings.map(({ extensions }) => extensions));
  return proposeNotice(tx, taking, { granted: body.grant, text: body.text, until, extended });
}

/** Without those that were proven gone and came back since the reply was made: what was said before counts for nothing now. */
async function ofItsCycle(
  tx: Tx,
  { organizationId, madeAt }: ReplyRow,
  findings: readonly FindingToAnswer[],
): Promise<FindingToAnswer[]> {
  const returned = findings.filter((one) => one.returned).map(({ findingId }) => findingId);
  const starts = await startsOf(tx, { organizationId, returned });
  return findings.filter(({ findingId }) => (starts.get(findingId) ?? '') <= madeAt.toISOString());
}

/** What is said of a wish that it does not have would be lost without a word. */
function checkBody({ kind, terms: { ground } }: ReplyRow, body: Body): void {
  const errors = [
    { field: 'notice', wrong: body.notice && kind === 'objection' },
    { field: 'grade', wrong: body.grade !== undefined && ground !== 'grade' },
    { field: 'notApplicable', wrong: body.notApplicable && ground !== 'fact' },
    { field: 'reviewAt', wrong: body.reviewAt !== undefined && !(kind === 'acceptance' && body.grant) },
    { field: 'until', wrong: body.until !== undefined && !hasUntil(kind, ground, body) },
  ].filter(({ wrong }) => wrong);
  if (errors.length > 0)
    throw requestInvalid(errors.map(({ field }) => ({ field, message: 'does not go with this reply' })));
}

function hasUntil(kind: ReplyRow['kind'], ground: ReplyRow['terms']['ground'], body: Body): boolean {
  if (kind !== 'objection') return true;
  return ground === 'deadline' || (ground === 'fact' && !body.notApplicable);
}

interface At {
  readonly findings: readonly FindingToAnswer[];
  readonly at: string;
}

/** An objection to the fact names no date, and what it becomes is judged anew like any false positive. */
function untilOf(row: ReplyRow, body: Body, { findings, at }: At): string | null {
  const [first] = findings;
  if (!hasUntil(row.kind, row.terms.ground, body)) return null;
  if (row.kind === 'objection' && row.terms.ground === 'fact' && first !== undefined)
    return body.until ?? latestUntil('false-positive', first, at);
  return body.until ?? row.until?.toISOString() ?? null;
}

function checkGrant(row: ReplyRow, until: string | null, { findings, at }: At): void {
  const [first] = findings;
  if (first === undefined) throw new Problem('NOT_FOUND');
  if (findings.every(({ closed }) => closed)) throw problemOfFlaw({ code: 'FINDING_CLOSED' }, first);
  const ground = row.terms.ground ?? null;
  const kind: ReplyWish['kind'] = ground === 'fact' ? 'false-positive' : row.kind;
  const wished = row.until?.toISOString() ?? null;
  for (const finding of findings) {
    const flaw = grantFlaw({ kind, until, ground, wished }, finding, at);
    if (flaw !== null) throw problemOfFlaw(flaw, finding);
  }
}

/** When a risk that is borne until then is looked at again; null: it is not borne. @throws Problem what core refuses */
export function reviewAtOf(
  { reviewAt }: Pick<Body, 'reviewAt'>,
  until: string | null,
  { findings: [first], at }: At,
): string | null {
  if (until === null || first === undefined) return null;
  const chosen = reviewAt ?? usualReview(until, at);
  const flaw = reviewFlaw(chosen, until, at);
  if (flaw !== null) throw problemOfFlaw(flaw, first);
  return chosen;
}

function overlayOf({ kind, terms: { ground } }: ReplyRow, body: Body): Overlaid['kind'] | null {
  if (kind === 'acceptance') return 'accepted';
  if (kind === 'false-positive') return 'false-positive';
  if (ground !== 'fact') return null;
  return body.notApplicable ? 'not-applicable' : 'false-positive';
}
