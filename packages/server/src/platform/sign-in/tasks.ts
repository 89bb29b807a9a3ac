import { deleteExpiredTokens } from '@backcheck/db';
import type { TaskList } from 'graphile-worker';
import type { Parts } from '../parts.ts';
import { mailTasks } from './send-mail.ts';

/** Once an hour. What is expired opens nothing before that either; it only takes room. */
export const SIGN_IN_CRONTAB = '17 * * * * forget-expired';

/** What sign-in leaves to the queue. */
export function signInTasks(parts: Pick<Parts, 'signIn' | 'clock'>): TaskList {
  const { signIn, clock } = parts;
  return { ...mailTasks(parts), 'forget-expired': () => deleteExpiredTokens(signIn.pool, clock()) };
}
