import type { Instant, NoticeKind } from '@backcheck/core';
import {
  inTransaction,
  newLadders,
  type PlannedNotice,
  planDeliveries,
  queueSending,
  type Tx,
  wantLadders,
} from '@backcheck/db';
import type { Task } from 'graphile-worker';
import type { Parts } from '../platform/parts.ts';
import { planLadder } from './plan-ladder.ts';
import { OF_NOTICE } from './recipients.ts';

/** Notices in one transaction, and rounds of one job: 200 take as long as two, and the next job goes on. */
const AT_ONCE = 200;
const MOST_ROUNDS = 25;

/** What asks for something by a date is followed up; the others say what was decided. */
const HAS_LADDER: readonly NoticeKind[] = ['rectification', 'circular'];

/**
 * Plans who gets the notices that were issued, by which channel, and the ladder of those that ask for something. A
 * process that is killed leaves them as they were, and the next run plans them; the rows are unique, so none comes twice.
 */
export function deliverNoticesTask({ widePool, signIn, clock }: Parts): Task {
  return async () => {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const taken = await inTransaction(widePool, async (tx) => {
        const at = clock().toISOString();
        const { taken: some, issued } = await planDeliveries(tx, {
          recipients: OF_NOTICE,
          at,
          mailDomain: signIn.mailer?.domain ?? null,
          most: AT_ONCE,
        });
        await planLadders(tx, issued, at);
        if (issued.length > 0) {
          await queueSending(tx, 'mail');
          await queueSending(tx, 'webhook');
        }
        return some;
      });
      if (taken < AT_ONCE) return;
    }
    await widePool.query('select queue_planning()');
  };
}

async function planLadders(tx: Tx, issued: readonly PlannedNotice[], at: Instant): Promise<void> {
  const followed = issued.filter(({ kind }) => HAS_LADDER.includes(kind));
  await wantLadders(tx, followed);
  for (const ladder of await newLadders(tx, followed)) await planLadder(tx, ladder, at);
}
