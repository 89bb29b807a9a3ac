import { endUncoveredTasks } from '@backcheck/db';
import type { Task } from 'graphile-worker';
import type { Parts } from '../platform/parts.ts';

/** Each minute: what waits under an authorization that has ended is ended, and its retest concluded. */
export const END_UNCOVERED_CRONTAB = '* * * * * end-uncovered-tasks';

/** The queue's task `end-uncovered-tasks`. */
export function endUncoveredTask({ widePool, clock }: Pick<Parts, 'widePool' | 'clock'>): Task {
  return () => endUncoveredTasks(widePool, { at: clock().toISOString() });
}
