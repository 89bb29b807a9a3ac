import { randomUUID } from 'node:crypto';
import type { WebhookPayload } from '@backcheck/contract';
import {
  claimDeliveries,
  disableWebhook,
  type Ended,
  endAttempt,
  endOutdatedDeliveries,
  findWebhook,
  noteWebhookAnswer,
  type Outgoing,
  queueSending,
  recoverDeliveries,
  type WebhookRow,
} from '@backcheck/db';
import type { Task } from 'graphile-worker';
import type { Parts } from '../platform/parts.ts';
import { noticeLink } from './notice-mail.ts';
import { laterBy } from './pauses.ts';
import { type Posted, postWebhook } from './post-webhook.ts';
import { openSecret } from './webhook-secret.ts';
import { signWebhook } from './webhook-signature.ts';

const AT_ONCE = 20;
const MOST_ROUNDS = 50;
const MINUTE = 60_000;
/** The schedule that Standard Webhooks gives as its example. */
const PAUSES = [1 / 12, 5, 30, 120, 300, 600, 840, 1200, 1440].map((minutes) => minutes * MINUTE);
/** A receiver that took nothing for so long is no receiver. */
const MOST_FAILING = 5 * 24 * 60 * MINUTE;

/**
 * Posts what waits for webhooks. A message may come twice, such as after a kill, and has the same `webhook-id` each time:
 * that is what Standard Webhooks promises and asks receivers to handle.
 */
export function sendWebhooksTask(parts: Parts): Task {
  const { widePool, clock } = parts;
  return async (_payload, { abortSignal }) => {
    const sender = randomUUID();
    await recoverDeliveries(widePool, { channel: 'webhook', except: sender });
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await endOutdatedDeliveries(widePool, 'webhook');
      const at = clock().toISOString();
      const batch = await claimDeliveries(widePool, { channel: 'webhook', sender, at, most: AT_ONCE });
      if (batch.length === 0) return;
      // together: one receiver that does not answer does not keep the others waiting
      await Promise.all(batch.map(async (one) => endAttempt(widePool, one, await deliver(parts, one))));
      if (abortSignal?.aborted === true) return;
    }
    await queueSending(widePool, 'webhook');
  };
}

async function deliver(parts: Parts, outgoing: Outgoing): Promise<Ended> {
  const { widePool, clock, signIn } = parts;
  const webhook = outgoing.webhookId === null ? null : await findWebhook(widePool, outgoing.webhookId);
  if (webhook === null || webhook.disabledAt !== null) return { state: 'failed', failure: 'WEBHOOK_OFF' };
  const posted = await postTo(parts, webhook, {
    id: `msg_${outgoing.organizationId}_${outgoing.deliveryId}`,
    payload: {
      type: 'notice.issued',
      timestamp: outgoing.issuedAt,
      data: {
        organizationId: `${outgoing.organizationId}`,
        noticeId: outgoing.noticeId,
        number: outgoing.number,
        kind: outgoing.kind,
        link: noticeLink(signIn.publicUrl, outgoing.noticeId),
      },
    },
  });
  return await settle(parts, { webhook, posted, attempts: outgoing.attempts, now: clock() });
}

/** Signs and posts one message, now. */
export function postTo(
  { clock, signIn, webhookAllow }: Parts,
  { url, secret, organizationId }: WebhookRow,
  { id, payload }: { readonly id: string; readonly payload: WebhookPayload },
): Promise<Posted> {
  const body = JSON.stringify(payload);
  const opened = openSecret(secret, { serverSecret: signIn.secret, organizationId });
  const headers = { ...signWebhook(opened, { id, at: clock(), body }) };
  return postWebhook(url, { headers, body }, { allow: webhookAllow ?? [] });
}

async function settle(
  { widePool }: Parts,
  {
    webhook,
    posted,
    attempts,
    now,
  }: {
    readonly webhook: WebhookRow;
    readonly posted: Posted;
    readonly attempts: number;
    readonly now: Date;
  },
): Promise<Ended> {
  const at = now.toISOString();
  const failure = posted.kind === 'taken' ? null : posted.answer;
  const since = await noteWebhookAnswer(widePool, Number(webhook.id), { at, failure });
  if (posted.kind === 'taken') return { state: 'sent', at, answer: posted.answer };
  const tooLong = since !== null && now.getTime() - Date.parse(since) > MOST_FAILING;
  if (posted.kind === 'gone' || tooLong) await disableWebhook(widePool, webhook.id, { at, by: null });
  const notBefore = laterBy(PAUSES[attempts - 1], now);
  if (posted.kind === 'gone' || tooLong || notBefore === null)
    return { state: 'failed', failure: posted.answer };
  return { state: 'again', notBefore, failure: posted.answer };
}
