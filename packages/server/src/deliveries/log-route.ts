import { ById, LogDelivery } from '@backcheck/contract';
import type { Instant } from '@backcheck/core';
import {
  type DeliveredNotice,
  insertLogged,
  insertReceipt,
  type LoggedDelivery,
  loggedByKey,
  type Tx,
} from '@backcheck/db';
import { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { IdempotencyKey, requestSha256 } from '../platform/idempotency-key.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { standingNotice } from './notice-of.ts';

const MINUTE = 60_000;

export function logRoute(app: App, { clock }: Parts): void {
  app.post(
    '/notices/:id/deliveries/log',
    {
      config: { access: { object: 'notice', action: 'create' } },
      schema: {
        tags: ['Deliveries'],
        summary:
          'Write a call or a handed-over paper into the log; a receipt too, where the recipient confirmed it',
        params: ById,
        headers: IdempotencyKey,
        body: LogDelivery,
        response: { 204: z.null().describe('Done'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { channel, recipient, received, note } = request.body;
      const key = request.headers['idempotency-key'] ?? null;
      const said = new Date(request.body.at).toISOString();
      const loggedAt = clock().toISOString();
      if (said > loggedAt) throw new Problem('LOG_IN_FUTURE');
      await request.inScope(async (tx) => {
        const notice = await standingNotice(tx, id);
        const { organizationId } = notice;
        request.audit = { ...request.audit, organizationId, details: { channel, received } };
        const entry = {
          channel,
          recipient,
          at: sinceIssue(notice, said),
          note: note === '' ? null : note,
          loggedBy: callerOf(request).account.accountId,
          loggedAt,
          idempotency: key === null ? null : { key, sha256: requestSha256([id, request.body]) },
        };
        await logOnce(tx, notice, { entry, received });
      });
      return reply.code(204).send(null);
    },
  );
}

/** A form knows the minute only: what it says of the minute of the issue came after it. @throws Problem LOG_BEFORE_ISSUE */
function sinceIssue({ issuedAt }: DeliveredNotice, at: Instant): Instant {
  if (issuedAt === null || at >= issuedAt) return at;
  const moment = Date.parse(issuedAt);
  if (Date.parse(at) < moment - (moment % MINUTE)) throw new Problem('LOG_BEFORE_ISSUE');
  return issuedAt;
}

/** Entry and receipt, or nothing where the same request wrote them before. @throws Problem IDEMPOTENCY_KEY_REUSED */
async function logOnce(
  tx: Tx,
  notice: DeliveredNotice,
  { entry, received }: { readonly entry: LoggedDelivery; readonly received: boolean },
): Promise<void> {
  const { channel, recipient, at, note, loggedBy, idempotency } = entry;
  if (await insertLogged(tx, notice, entry)) {
    const receipt = { channel, accountId: null, name: recipient, receivedAt: at, loggedBy, note };
    if (received) await insertReceipt(tx, notice, receipt);
    return;
  }
  const before = idempotency === null ? null : await loggedByKey(tx, loggedBy, idempotency.key);
  if (before === null || before !== idempotency?.sha256) throw new Problem('IDEMPOTENCY_KEY_REUSED');
}
