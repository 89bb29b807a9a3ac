import { randomUUID } from 'node:crypto';
import {
  ById,
  RegisteredWebhook,
  RegisterWebhook,
  Webhook,
  WebhookList,
  WebhookQuery,
  WebhookTested,
} from '@backcheck/contract';
import type { Permission } from '@backcheck/core';
import {
  disableWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  organizationExists,
  type Tx,
  type WebhookRow,
} from '@backcheck/db';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { webhookRefusal } from './post-webhook.ts';
import { postTo } from './send-webhooks.ts';
import { viewWebhook } from './view.ts';
import { sealSecret } from './webhook-secret.ts';
import { newWebhookSecret } from './webhook-signature.ts';

const TAGS = ['Deliveries'];
/** A webhook is a way to reach an organization, as a contact is: whoever keeps the contacts keeps the webhooks. */
const may = (action: Permission['action']) => ({ access: { object: 'contact', action } as const });

export function webhookRoutes(app: App, parts: Parts): void {
  listRoute(app);
  registerRoute(app, parts);
  testRoute(app, parts);
  disableRoute(app, parts);
}

function listRoute(app: App): void {
  app.get(
    '/webhooks',
    {
      config: may('read'),
      schema: {
        tags: TAGS,
        summary: 'Webhooks of organizations, without their secrets',
        querystring: WebhookQuery,
        response: { 200: WebhookList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId } = request.query;
      const of = organizationId === undefined ? null : Number(organizationId);
      const rows = await request.inScope((tx) => listWebhooks(tx, of));
      return { items: rows.map(viewWebhook) };
    },
  );
}

function registerRoute(app: App, parts: Parts): void {
  const { clock, signIn, webhookAllow = [] } = parts;
  app.post(
    '/webhooks',
    {
      config: may('create'),
      schema: {
        tags: TAGS,
        summary: 'Register a webhook (Standard Webhooks); the answer has its secret, once',
        body: RegisterWebhook,
        response: { 201: RegisteredWebhook, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { url } = request.body;
      const organizationId = Number(request.body.organizationId);
      const { accountId } = callerOf(request).account;
      const secret = newWebhookSecret();
      const known = await request.inScope((tx) => organizationExists(tx, organizationId));
      if (!known) throw new Problem('ORGANIZATION_UNKNOWN', { organizationId });
      // resolves a name, so outside of a transaction
      const refusal = await webhookRefusal(url, { allow: webhookAllow });
      if (refusal !== null) throw new Problem('WEBHOOK_ADDRESS_REFUSED', { detail: refusal });
      const row = await request.inScope(async (tx) => {
        const id = await insertWebhook(tx, {
          organizationId,
          url,
          secret: sealSecret(secret, { serverSecret: signIn.secret, organizationId }),
          registeredBy: accountId,
          registeredAt: clock().toISOString(),
        });
        request.audit = { ...request.audit, organizationId, objectId: `webhooks/${id}` };
        return webhookOf(tx, id);
      });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...viewWebhook(row), secret });
    },
  );
}

function testRoute(app: App, parts: Parts): void {
  app.post(
    '/webhooks/:id/test',
    {
      config: may('update'),
      schema: {
        tags: TAGS,
        summary: 'Post a message of the type `webhook.test` now, and say what came back',
        params: ById,
        response: { 200: WebhookTested, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const row = await request.inScope((tx) => webhookOf(tx, request.params.id));
      request.audit.organizationId = row.organizationId;
      if (row.disabledAt !== null) throw new Problem('WEBHOOK_OFF');
      const posted = await postTo(parts, row, {
        id: `msg_test_${randomUUID()}`,
        payload: {
          type: 'webhook.test',
          timestamp: parts.clock().toISOString(),
          data: {
            organizationId: `${row.organizationId}`,
            noticeId: null,
            number: null,
            kind: null,
            link: null,
          },
        },
      });
      return { taken: posted.kind === 'taken', answer: posted.answer };
    },
  );
}

function disableRoute(app: App, { clock }: Parts): void {
  app.post(
    '/webhooks/:id/disable',
    {
      config: may('update'),
      schema: {
        tags: TAGS,
        summary: 'Stop a webhook for good',
        params: ById,
        response: { 200: Webhook, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { accountId } = callerOf(request).account;
      const row = await request.inScope(async (tx) => {
        const { organizationId } = await webhookOf(tx, id);
        request.audit.organizationId = organizationId;
        await disableWebhook(tx, id, { at: clock().toISOString(), by: accountId });
        return webhookOf(tx, id);
      });
      return viewWebhook(row);
    },
  );
}

async function webhookOf(tx: Tx, id: string): Promise<WebhookRow> {
  const row = await findWebhook(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}
