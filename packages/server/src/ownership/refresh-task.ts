import { refreshOwnershipQueue } from '@backcheck/db';
import type { Task } from 'graphile-worker';
import type { Parts } from '../platform/parts.ts';

/** Every night, because claims begin and end by date. */
export const REFRESH_CRONTAB = '17 1 * * * refresh-ownership ?fill=1d&jobKey=refresh-ownership';

export const refreshTask =
  ({ widePool }: Pick<Parts, 'widePool'>): Task =>
  () =>
    refreshOwnershipQueue(widePool);
