import { expireReplies, inTransaction } from '@backcheck/db';
import type { TaskList } from 'graphile-worker';
import type { Parts } from '../platform/parts.ts';

export const REPLY_CRONTAB = '7 * * * * expire-replies ?jobKey=expire-replies&max=3';

/** Rows in one transaction. */
const AT_ONCE = 500;
const MOST_ROUNDS = 1000;

/** Marks replies that ended by themselves. Nobody waits for it: what they laid over findings ended at its moment. */
export const replyTasks = ({ widePool, clock }: Parts): TaskList => ({
  'expire-replies': async () => {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const now = clock().toISOString();
      const expired = await inTransaction(widePool, (tx) => expireReplies(tx, now, AT_ONCE));
      if (expired < AT_ONCE) return;
    }
  },
});
