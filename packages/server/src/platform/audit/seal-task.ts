import { sealAudit } from '@backcheck/db';
import type { Task } from 'graphile-worker';
import type { Parts } from '../parts.ts';

/** Each minute; one that is still waiting is not joined by a second. */
export const SEAL_CRONTAB = '* * * * * seal-audit ?jobKey=seal-audit&max=1';

/** The queue's task `seal-audit`: chains what the audit log took in since the last time into the ledger. */
export const sealTask =
  ({ widePool, clock }: Pick<Parts, 'widePool' | 'clock'>): Task =>
  async () => {
    await sealAudit(widePool, clock().toISOString());
  };
