import { groupFixes, inTransaction, organizationsToGroup, sumFixes } from '@backcheck/db';
import type { TaskList } from 'graphile-worker';
import { z } from 'zod';
import type { Parts } from '../platform/parts.ts';

const Payload = z.object({ organizationId: z.int() });

/** At night what was merged, handed over, or there before measures were told; each minute what was settled since. */
export const FIX_CRONTAB = `53 1 * * * group-all-fixes ?jobKey=group-all-fixes&max=3
* * * * * sum-fixes ?jobKey=sum-fixes&max=3`;

/**
 * The queue's tasks: `group-fixes`, queued by an import that is done (0023_fixes.sql), `group-all-fixes`, and `sum-fixes` for
 * lists over many organizations.
 */
export const fixTasks = ({ widePool }: Pick<Parts, 'widePool'>): TaskList => ({
  'group-fixes': (payload) => groupAll(widePool, Payload.parse(payload).organizationId),
  'group-all-fixes': async () => {
    for (const organizationId of await organizationsToGroup(widePool))
      await groupAll(widePool, organizationId);
    await inTransaction(widePool, (tx) => sumFixes(tx, true));
  },
  'sum-fixes': () => inTransaction(widePool, (tx) => sumFixes(tx)),
});

/** A batch in a transaction: a kill loses the last one, and nothing is grouped twice. */
async function groupAll(widePool: Parts['widePool'], organizationId: number): Promise<void> {
  let after: string | null = '0';
  while (after !== null) {
    const from: string = after;
    after = await inTransaction(widePool, (tx) => groupFixes(tx, organizationId, from));
  }
}
