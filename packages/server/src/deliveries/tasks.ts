import type { TaskList } from 'graphile-worker';
import type { Parts } from '../platform/parts.ts';
import { escalateTask } from './escalate.ts';
import { deliverNoticesTask } from './plan-deliveries.ts';
import { readMailboxTask } from './read-mailbox.ts';
import { sendMailTask } from './send-mail.ts';
import { sendWebhooksTask } from './send-webhooks.ts';

export const DELIVERY_CRONTAB = [
  '* * * * * send-mail ?jobKey=send-mail&jobKeyMode=preserve_run_at&queue=send-mail&max=3',
  '* * * * * send-webhooks ?jobKey=send-webhooks&jobKeyMode=preserve_run_at&queue=send-webhooks&max=3',
  '*/2 * * * * read-mailbox ?jobKey=read-mailbox&queue=read-mailbox&max=1',
  '*/5 * * * * escalate ?jobKey=escalate&queue=escalate&max=3',
].join('\n');

export const deliveryTasks = (parts: Parts): TaskList => ({
  'deliver-notices': deliverNoticesTask(parts),
  'send-mail': sendMailTask(parts),
  'send-webhooks': sendWebhooksTask(parts),
  'read-mailbox': readMailboxTask(parts),
  escalate: escalateTask(parts),
});
