import { RESCAN_INTERVALS } from '@backcheck/core';
import {
  dueRescans,
  inTransaction,
  lookBackToRequest,
  nextPending,
  noteAllRequested,
  noteRetest,
  organizationsToRescan,
  type Tx,
} from '@backcheck/db';
import type { TaskList } from 'graphile-worker';
import { z } from 'zod';
import type { Parts } from '../platform/parts.ts';
import { PRIORITY, type RetestWanted, requestRetest } from '../retests/request-retest.ts';

/** Once an hour; one that is still at it is not joined by a second. */
export const RESCAN_CRONTAB = '41 * * * * plan-rescans ?jobKey=plan-rescans&max=3';

type Asking = Pick<Parts, 'widePool' | 'clock' | 'log'>;

const Payload = z.object({ lookBackId: z.string() });

/** The queue's tasks `start-look-back`, queued by `queue_look_back` in 0014_look_back.sql, and `plan-rescans`. */
export function lookBackTasks(parts: Asking): TaskList {
  return {
    'start-look-back': (payload) => requestLookBack(parts, Payload.parse(payload).lookBackId),
    'plan-rescans': () => planRescans(parts),
  };
}

/** What one request takes. */
const BATCH = 500;

/** Asks for the retests of what was drawn, a batch in a transaction: a kill loses the last batch, and nothing is asked twice. */
export async function requestLookBack(parts: Asking, lookBackId: string): Promise<void> {
  let more = true;
  while (more) more = await inTransaction(parts.widePool, (tx) => requestBatch(tx, parts, lookBackId));
}

async function requestBatch(tx: Tx, parts: Asking, lookBackId: string): Promise<boolean> {
  const lookBack = await lookBackToRequest(tx, lookBackId);
  if (lookBack === null) return false;
  const now = parts.clock();
  const batch = await nextPending(tx, lookBackId, BATCH);
  if (batch === null) {
    await noteAllRequested(tx, lookBackId, now);
    return false;
  }
  const { retestId } = await requestRetest(tx, parts, {
    ...batch,
    ...BY_ITSELF,
    origin: 'look-back',
    requestedBy: lookBack.startedBy,
    priority: PRIORITY.lookBack,
    note: lookBack.title,
    lookBackId,
    now,
  });
  await noteRetest(tx, lookBackId, { ...batch, retestId });
  return true;
}

const BY_ITSELF = { note: null, fixClaimId: null, lookBackId: null } satisfies Partial<RetestWanted>;

/** At most so many findings of one organization an hour: an organization with many waits, the others do not. */
const MOST_AT_A_TIME = 200;

/** Asks for what is due in each organization whose plan is on, the most pressing first. */
export async function planRescans(parts: Asking): Promise<void> {
  for (const plan of await organizationsToRescan(parts.widePool)) {
    try {
      await inTransaction(parts.widePool, (tx) => requestDue(tx, parts, plan));
    } catch (error) {
      // The next hour tries again; the other organizations do not wait for this one.
      parts.log.error(
        { err: error, organizationId: plan.organizationId },
        'rescans by risk could not be asked for',
      );
    }
  }
}

interface DuePlan {
  readonly organizationId: number;
  readonly requestedBy: number;
}

async function requestDue(tx: Tx, parts: Asking, { organizationId, requestedBy }: DuePlan): Promise<void> {
  const now = parts.clock();
  const due = await dueRescans(tx, organizationId, { now, limit: MOST_AT_A_TIME });
  const byPriority = Map.groupBy(due, ({ risk }) => RESCAN_INTERVALS[risk].priority);
  for (const [priority, findings] of byPriority) {
    await requestRetest(tx, parts, {
      ...BY_ITSELF,
      organizationId,
      findingIds: findings.map(({ findingId }) => findingId),
      origin: 'plan',
      requestedBy,
      priority,
      now,
    });
  }
}
