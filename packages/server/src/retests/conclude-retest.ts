import { better, outcomeOf } from '@backcheck/core';
import {
  endRetest,
  inTransaction,
  lockRetest,
  type RetestAnswers,
  type RetestKey,
  type RetestOutcomeRow,
  retestAnswers,
  settleDelivered,
  type TaskEnd,
  type Tx,
  taskEnds,
  type UnansweredFinding,
  unansweredFindings,
} from '@backcheck/db';
import type { Task } from 'graphile-worker';
import { z } from 'zod';
import type { Parts } from '../platform/parts.ts';

const Payload = z.object({ organizationId: z.int(), retestId: z.string() });

/** The queue's task `conclude-retest`; queued by `queue_conclusion` in 0013_retests.sql. May run at any time, again and again. */
export function concludeRetestTask({ widePool, clock }: Pick<Parts, 'widePool' | 'clock'>): Task {
  return async (payload) => {
    const key = Payload.parse(payload);
    await inTransaction(widePool, (tx) => concludeRetest(tx, key, clock()));
  };
}

/** Ends a retest all of whose tasks have ended, exactly once. Closes nothing: the imports of its files did, or did not. */
export async function concludeRetest(tx: Tx, key: RetestKey, now: Date): Promise<void> {
  const retest = await lockRetest(tx, key);
  if (retest === null) return;
  await settleDelivered(tx, key);
  const tasks = await taskEnds(tx, key);
  if (retest.ended || tasks.some(isUnderWay)) return;
  await endWith(tx, key, { at: now, stoppedBy: null, tasks, crossTool: retest.crossTool });
}

const isUnderWay = ({ state }: TaskEnd): boolean => ['waiting', 'running', 'delivered'].includes(state);

export interface End {
  readonly at: Date;
  readonly stoppedBy: number | null;
  readonly tasks: readonly TaskEnd[];
  readonly crossTool: boolean;
}

/** What has not ended was stopped. */
export async function endWith(
  tx: Tx,
  key: RetestKey,
  { at, stoppedBy, tasks, crossTool }: End,
): Promise<void> {
  const ended = tasks.map((task): TaskEnd => (isUnderWay(task) ? { ...task, obstacle: 'STOPPED' } : task));
  const outcomes: RetestOutcomeRow[] = [];
  for (const finding of await unansweredFindings(tx, key)) {
    const its = ended.filter(({ findingIds }) => findingIds.includes(finding.askedId));
    const scans = { scanIds: scansOf(its), allScanIds: scansOf(ended) };
    const found = await retestAnswers(tx, { findingId: finding.findingId, crossTool }, scans);
    outcomes.push(conclude(finding, its, found));
  }
  await endRetest(tx, key, { at, stoppedBy, outcomes });
}

const scansOf = (tasks: readonly TaskEnd[]): string[] => tasks.flatMap(({ scanId }) => scanId ?? []);

function conclude(
  { askedId, state, reason, certificateId, closedBefore }: UnansweredFinding,
  tasks: readonly TaskEnd[],
  { seenIn, answers, everywhere }: RetestAnswers,
): RetestOutcomeRow {
  const concluded = outcomeOf({
    seen: seenIn !== null,
    answers: answers.map(({ answer }) => answer),
    everywhere,
    closedBefore,
    state,
    reason,
    obstacles: tasks.flatMap(({ obstacle }) => obstacle ?? []),
  });
  return {
    askedId,
    ...concluded,
    scanId: seenIn ?? bestOf(answers),
    certificateId: concluded.outcome === 'proven' ? certificateId : null,
  };
}

/** The scan that came furthest towards an answer. */
function bestOf(answers: RetestAnswers['answers']): string | null {
  if (answers.length === 0) return null;
  return answers.reduce((a, b) => (better(a.answer, b.answer) === a.answer ? a : b)).scanId;
}
