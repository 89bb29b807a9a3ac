import { Acknowledge, ById } from '@backcheck/contract';
import { type DeliveredNotice, findDeliveredNotice, insertReceipt, noteRead } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { standingNotice } from './notice-of.ts';
import { asReceiver } from './recipients.ts';

const TAGS = ['Deliveries'];
const DONE = { 204: z.null().describe('Done'), ...PROBLEM_RESPONSES };

export function receiptRoutes(app: App, parts: Parts): void {
  acknowledgeRoute(app, parts);
  openedRoute(app, parts);
}

function acknowledgeRoute(app: App, parts: Parts): void {
  app.post(
    '/notices/:id/receipts',
    {
      config: { access: { object: 'notice', action: 'approve' } },
      schema: {
        tags: TAGS,
        summary: 'Acknowledge a notice for your organization; a second time changes nothing',
        params: ById,
        body: Acknowledge,
        response: DONE,
      },
    },
    async (request, reply) => {
      const { accountId, name } = callerOf(request).account;
      await asReceiver(parts, request, async (tx) => {
        const notice = await standingNotice(tx, request.params.id);
        request.audit.organizationId = notice.organizationId;
        const note = request.body.note === '' ? null : request.body.note;
        await insertReceipt(tx, notice, {
          channel: 'platform',
          accountId,
          name,
          receivedAt: parts.clock().toISOString(),
          loggedBy: null,
          note,
        });
      });
      return reply.code(204).send(null);
    },
  );
}

function openedRoute(app: App, { clock }: Parts): void {
  app.post(
    '/notices/:id/opened',
    {
      config: { access: { object: 'notice', action: 'read' } },
      schema: {
        tags: TAGS,
        summary: 'Note that the caller has opened a notice that was delivered to them; no receipt',
        params: ById,
        response: DONE,
      },
    },
    async (request, reply) => {
      const { account, via } = callerOf(request);
      // a program that looks in has opened nothing for anybody
      if (via !== 'session') throw new Problem('FORBIDDEN');
      const { accountId } = account;
      await request.inScope(async (tx) => {
        const notice = await standingNotice(tx, request.params.id);
        request.audit.organizationId = notice.organizationId;
        await noteRead(tx, { noticeId: notice.noticeId, accountId, at: clock().toISOString() });
      });
      return reply.code(204).send(null);
    },
  );
}

/** Whether the caller is of the organization's side here, and the notice stands. */
export async function mayAcknowledge(
  { pool, widePool }: Parts,
  request: FastifyRequest,
  { noticeId, state }: DeliveredNotice,
): Promise<boolean> {
  if (state !== 'issued') return false;
  try {
    return (
      (await asReceiver({ pool, widePool }, request, (tx) => findDeliveredNotice(tx, noticeId))) !== null
    );
  } catch (error) {
    if (error instanceof Problem && error.code === 'FORBIDDEN') return false;
    throw error;
  }
}
