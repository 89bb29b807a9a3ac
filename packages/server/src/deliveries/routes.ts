import { ById, DeliveryParams, DismissStep, EscalationParams, NoticeDeliveries } from '@backcheck/contract';
import { type Permission, ROLES, sideOf } from '@backcheck/core';
import {
  comeFor,
  confirmSent,
  type DeliveryRow,
  endRung,
  listDeliveries,
  listEscalations,
  listReceipts,
  lockDelivery,
  lockRung,
  queueSending,
  sendAgain,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { bounceRoute } from './bounce-route.ts';
import { logRoute } from './log-route.ts';
import { noticeOf, standingNotice } from './notice-of.ts';
import { mayAcknowledge, receiptRoutes } from './receipt-routes.ts';
import { troubledRoute } from './troubled-route.ts';
import { viewDelivery, viewEscalation, viewOrganization, viewReceipt } from './view.ts';

const TAGS = ['Deliveries'];
const COORDINATORS: readonly string[] = ROLES.filter((role) => sideOf(role) === 'coordinator');
const may = (action: Permission['action']) => ({ access: { object: 'notice', action } as const });
const DONE = { 204: z.null().describe('Done'), ...PROBLEM_RESPONSES };

/** How notices reach whom: what was sent, who has it, what comes when nothing happens. */
export function deliveryRoutes(app: App, parts: Parts): void {
  readRoute(app, parts);
  logRoute(app, parts);
  againRoute(app);
  confirmRoute(app, parts);
  stepRoutes(app, parts);
  receiptRoutes(app, parts);
  troubledRoute(app);
  bounceRoute(app, parts);
}

function readRoute(app: App, parts: Parts): void {
  app.get(
    '/notices/:id/deliveries',
    {
      config: may('read'),
      schema: {
        tags: TAGS,
        summary: 'How a notice reached whom, who acknowledged it, and the ladder that follows',
        params: ById,
        response: { 200: NoticeDeliveries, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { accountId } = callerOf(request).account;
      const seen = await request.inScope(async (tx) => ({
        notice: await noticeOf(tx, id),
        items: await listDeliveries(tx, id),
        receipts: await listReceipts(tx, id),
        // what is planned against an organization, and why it was left out, is the coordinators' own
        escalations: isCoordinator(request) ? await listEscalations(tx, id) : [],
      }));
      const { notice, items, receipts, escalations } = seen;
      const own = receipts.find((one) => one.accountId === accountId && one.loggedBy === null);
      return {
        noticeId: notice.noticeId,
        organization: viewOrganization(notice.organization),
        planned: notice.planned,
        noReceiptSince: receipts.length === 0 ? notice.issuedAt : null,
        items: items.map(viewDelivery),
        receipts: receipts.map(viewReceipt),
        escalations: escalations.map(viewEscalation),
        yours: {
          mayAcknowledge: own === undefined && (await mayAcknowledge(parts, request, notice)),
          acknowledgedAt: own?.receivedAt ?? null,
        },
      };
    },
  );
}

const isCoordinator = ({ grants }: FastifyRequest): boolean =>
  (grants ?? []).some(({ role }) => COORDINATORS.includes(role));

const AGAIN: readonly DeliveryRow['state'][] = ['failed', 'bounced', 'unconfirmed'];

function againRoute(app: App): void {
  app.post(
    '/notices/:id/deliveries/:deliveryId/send-again',
    {
      config: may('update'),
      schema: {
        tags: TAGS,
        summary: 'Send what failed, came back or is unconfirmed again, under the same Message-ID',
        params: DeliveryParams,
        response: DONE,
      },
    },
    async (request, reply) => {
      await request.inScope(async (tx) => {
        const delivery = await deliveryFor(tx, request, AGAIN);
        const { channel } = delivery;
        if (channel !== 'mail' && channel !== 'webhook')
          throw new Problem('DELIVERY_NOT_READY', { state: delivery.state });
        await sendAgain(tx, delivery);
        await queueSending(tx, channel);
      });
      return reply.code(204).send(null);
    },
  );
}

function confirmRoute(app: App, { clock }: Parts): void {
  app.post(
    '/notices/:id/deliveries/:deliveryId/confirm',
    {
      config: may('update'),
      schema: {
        tags: TAGS,
        summary:
          'Say that an unconfirmed mail arrived: somebody made sure, such as in the log of the mail server',
        params: DeliveryParams,
        response: DONE,
      },
    },
    async (request, reply) => {
      await request.inScope(async (tx) => {
        await confirmSent(tx, await deliveryFor(tx, request, ['unconfirmed']), clock().toISOString());
      });
      return reply.code(204).send(null);
    },
  );
}

type DeliveryRequest = FastifyRequest<{ Params: { id: string; deliveryId: string } }>;

/** Locked, of a notice that stands, in one of these states. */
async function deliveryFor(
  tx: Tx,
  request: DeliveryRequest,
  states: readonly DeliveryRow['state'][],
): Promise<DeliveryRow> {
  const { id, deliveryId } = request.params;
  const notice = await standingNotice(tx, id);
  const delivery = await lockDelivery(tx, id, deliveryId);
  if (delivery === null) throw new Problem('NOT_FOUND');
  request.audit = { ...request.audit, organizationId: notice.organizationId, details: { deliveryId } };
  if (!states.includes(delivery.state)) throw new Problem('DELIVERY_NOT_READY', { state: delivery.state });
  return delivery;
}

function stepRoutes(app: App, { clock }: Parts): void {
  const end = (request: FastifyRequest, change: StepChange) =>
    request.inScope((tx) => decideStep(tx, request, { ...change, at: clock().toISOString() }));
  app.post(
    '/notices/:id/escalations/:escalationId/dismiss',
    {
      config: may('update'),
      schema: {
        tags: TAGS,
        summary: 'Leave a rung of the ladder out, with the reason',
        params: EscalationParams,
        body: DismissStep,
        response: DONE,
      },
    },
    async (request, reply) => {
      await end(request, { ...request.params, state: 'dismissed', reason: request.body.reason });
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/notices/:id/escalations/:escalationId/done',
    {
      config: may('update'),
      schema: {
        tags: TAGS,
        summary: 'Say that a proposed rung was done, such as the talk',
        params: EscalationParams,
        response: DONE,
      },
    },
    async (request, reply) => {
      await end(request, { ...request.params, state: 'done', reason: null });
      return reply.code(204).send(null);
    },
  );
}

interface StepChange extends z.infer<typeof EscalationParams> {
  readonly state: 'done' | 'dismissed';
  readonly reason: string | null;
}

async function decideStep(
  tx: Tx,
  request: FastifyRequest,
  { id, escalationId, state, reason, at }: StepChange & { readonly at: string },
): Promise<void> {
  const rung = await lockRung(tx, id, escalationId);
  if (rung === null) throw new Problem('NOT_FOUND');
  const open = state === 'dismissed' ? ['planned', 'proposed'] : ['proposed'];
  if (!open.includes(rung.state)) throw new Problem('ESCALATION_NOT_OPEN', { state: rung.state });
  request.audit = {
    ...request.audit,
    organizationId: rung.organizationId,
    details: { step: rung.step, state },
  };
  await endRung(tx, escalationId, { state, at, by: callerOf(request).account.accountId, reason });
  // what was proposed has come already
  if (rung.state === 'planned') await comeFor(tx, rung, rung.named);
}
