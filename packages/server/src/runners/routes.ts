import { ById, RegisteredRunner, RegisterRunner, Runner, RunnerList, RunnerQuery } from '@backcheck/contract';
import { findRunner, insertRunner, listRunners, mayLieBelow, revokeRunner } from '@backcheck/db';
import { after, KEY_ID, pageOf } from '../organizations/keyset.ts';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { newSecret, RUNNER_KEY_PREFIX } from '../platform/sign-in/tokens.ts';
import { viewRunner } from './view.ts';

const RUNNERS = ['Runners'];
const allow = (action: 'create' | 'read' | 'update') => ({ access: { object: 'runner', action } as const });

/** For people: register, look, revoke. What runners themselves ask is protocol-routes.ts. */
export function runnerRoutes(app: App, parts: Parts): void {
  registerRoute(app, parts);
  listRoute(app, parts);
  revokeRoute(app, parts);
}

function registerRoute(app: App, { clock }: Parts): void {
  app.post(
    '/runners',
    {
      config: allow('create'),
      schema: {
        tags: RUNNERS,
        summary: 'Register a remote runner; its key is shown only in this answer',
        body: RegisterRunner,
        response: { 201: RegisteredRunner, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { secret, hash } = newSecret(RUNNER_KEY_PREFIX);
      const { name, vantage } = request.body;
      const organizationId =
        request.body.organizationId === undefined ? null : Number(request.body.organizationId);
      const registeredBy = callerOf(request).account.accountId;
      const runner = await request.inScope(async (tx) => {
        if (!(await mayLieBelow(tx, organizationId))) {
          throw organizationId === null
            ? new Problem('ORGANIZATION_PARENT_NEEDED')
            : new Problem('ORGANIZATION_UNKNOWN', { organizationId });
        }
        const one = { organizationId, name, vantage, keyHash: hash, registeredBy, registeredAt: clock() };
        const id = await insertRunner(tx, one);
        const row = id === null ? null : await findRunner(tx, id);
        if (row === null) throw new Problem('RUNNER_NAME_TAKEN', { name });
        request.audit.objectId = String(row.runnerId);
        return viewRunner(row, clock());
      });
      return reply.code(201).header('cache-control', 'no-store').send({ runner, key: secret });
    },
  );
}

function listRoute(app: App, { clock }: Parts): void {
  app.get(
    '/runners',
    {
      config: allow('read'),
      schema: {
        tags: RUNNERS,
        summary: 'Runners, latest first: who looks, from where, with which tools',
        querystring: RunnerQuery,
        response: { 200: RunnerList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const page = { before: after(cursor, KEY_ID), limit: limit + 1 };
      const rows = await request.inScope((tx) => listRunners(tx, page));
      return pageOf(rows, limit, {
        view: (row) => viewRunner(row, clock()),
        key: ({ runnerId }) => [String(runnerId)],
      });
    },
  );
}

function revokeRoute(app: App, { clock }: Parts): void {
  app.post(
    '/runners/:id/revoke',
    {
      config: { ...allow('update'), audited: 'revoke' },
      schema: {
        tags: RUNNERS,
        summary: 'Revoke the key of a remote runner: it stops within seconds, others take its tasks over',
        params: ById,
        response: { 200: Runner, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      return request.inScope(async (tx) => {
        const before = await findRunner(tx, id);
        if (before?.organizationId != null) request.audit.organizationId = before.organizationId;
        const revoked = before !== null && (await revokeRunner(tx, id, clock()));
        const row = revoked ? await findRunner(tx, id) : null;
        if (row === null) throw new Problem('NOT_FOUND');
        return viewRunner(row, clock());
      });
    },
  );
}
