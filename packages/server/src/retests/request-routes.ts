import { ById, RequestRetest, RetestDetail } from '@backcheck/contract';
import { roleMay, sideOf } from '@backcheck/core';
import {
  findFixClaim,
  findRetest,
  findRetestByKey,
  insertAuditEntry,
  joinWaitingRetest,
  lockRetest,
  lockRetestRequests,
  settleDelivered,
  stopWaitingTasks,
  type Tx,
  taskEnds,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../platform/access/guard.ts';
import { IdempotencyKey, requestSha256 } from '../platform/idempotency-key.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { rolesAt } from '../replies/roles.ts';
import { endWith } from './conclude-retest.ts';
import { findingsOfOne } from './plan-retest.ts';
import { NotAuthorized, PRIORITY, requestRetest } from './request-retest.ts';
import { viewDetail } from './routes.ts';

const TAGS = ['Retests'];
const CREATE = { object: 'retest', action: 'create' } as const;
/** Of an entry of the audit log, in characters. */
const LONGEST_TARGETS = 2000;

export function retestRequestRoutes(app: App, parts: Parts): void {
  requestRoute(app, parts);
  stopRoute(app, parts);
}

function requestRoute(app: App, parts: Parts): void {
  app.post(
    '/retests',
    {
      config: { access: CREATE },
      schema: {
        tags: TAGS,
        summary: 'Ask that findings be looked at again; what nothing here can prove is answered at once',
        headers: IdempotencyKey,
        body: RequestRetest,
        response: { 201: RetestDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const asked = { request, body: request.body, key: request.headers['idempotency-key'] ?? null };
      try {
        const detail = await request.inScope((tx) => ask(tx, parts, asked));
        return reply.code(201).header('location', `/api/v1/retests/${detail.id}`).send(detail);
      } catch (error) {
        if (error instanceof NotAuthorized) await recordRefused(parts, request, error);
        throw error;
      }
    },
  );
}

interface Asked {
  readonly request: FastifyRequest;
  readonly body: RequestRetest;
  readonly key: string | null;
}

async function ask(tx: Tx, parts: Parts, asked: Asked): Promise<RetestDetail> {
  const { request, body, key } = asked;
  const { accountId } = callerOf(request).account;
  const now = parts.clock();
  const sha256 = requestSha256(body);
  const sent = key === null ? null : { accountId, key, sha256 };
  const before = sent === null ? null : await firstRetest(tx, sent);
  if (before !== null) return viewDetail(tx, before, now);
  const { organizationId, findings } = await findingsOfOne(tx, body.findingIds);
  request.audit.organizationId = organizationId;
  const fixClaimId = body.fixClaimId ?? null;
  const claim = fixClaimId === null ? null : await findFixClaim(tx, fixClaimId);
  if (fixClaimId !== null && claim?.organizationId !== organizationId) throw new Problem('NOT_FOUND');
  const origin = (await isOfTheOrganization(tx, request, organizationId)) ? 'request' : 'order';
  const wanted = {
    organizationId,
    findingIds: findings.map(({ findingId }) => findingId),
    origin,
    note: body.note ?? null,
    fixClaimId,
  } as const;
  await lockRetestRequests(tx, organizationId);
  const waiting = await joinWaitingRetest(tx, wanted);
  if (waiting !== null) {
    request.audit = { ...request.audit, objectId: waiting, details: { waiting: true } };
    return viewDetail(tx, waiting, now);
  }
  const made = await requestRetest(tx, parts, {
    ...wanted,
    requestedBy: accountId,
    priority: PRIORITY.people,
    lookBackId: null,
    now,
    ...(sent === null ? {} : { idempotency: sent }),
  });
  // Null: the same request was carried out in the meantime.
  const retestId = made?.retestId ?? (sent === null ? null : await firstRetest(tx, sent));
  if (retestId === null) throw new Error('A retest was neither inserted nor found by its key');
  request.audit.objectId = retestId;
  const refusedTargets = (made?.refusedTargets ?? []).join(' ').slice(0, LONGEST_TARGETS);
  if (refusedTargets !== '') request.audit.details = { refusedTargets };
  return viewDetail(tx, retestId, now);
}

interface Sent {
  readonly accountId: number;
  readonly key: string;
  readonly sha256: string;
}

async function firstRetest(tx: Tx, { accountId, key, sha256 }: Sent): Promise<string | null> {
  const first = await findRetestByKey(tx, accountId, key);
  if (first !== null && first.requestSha256 !== sha256) throw new Problem('IDEMPOTENCY_KEY_REUSED');
  return first?.id ?? null;
}

/** All roles under which it is asked, and that reach the organization, are of the inspected side. */
const isOfTheOrganization = async (
  tx: Tx,
  request: FastifyRequest,
  organizationId: number,
): Promise<boolean> =>
  (await rolesAt(tx, request, organizationId))
    .filter((role) => roleMay(role, CREATE))
    .every((role) => sideOf(role) === 'organization');

/** An attempt outside of every authorization is kept with its targets; what it wanted to write was rolled back. */
async function recordRefused(
  { widePool, clock }: Parts,
  request: FastifyRequest,
  { targets }: NotAuthorized,
): Promise<void> {
  const { account, via } = callerOf(request);
  const { routeOptions, ip } = request;
  await insertAuditEntry(widePool, {
    organizationId: request.audit.organizationId ?? null,
    at: clock().toISOString(),
    account,
    via,
    address: ip,
    action: 'create',
    object: 'retest',
    objectId: null,
    details: {
      operation: `${request.method} ${routeOptions.url ?? ''}`,
      outcome: 'refused',
      status: 422,
      code: 'NOT_AUTHORIZED',
      targets: targets.join(' ').slice(0, LONGEST_TARGETS),
    },
  });
}

function stopRoute(app: App, { clock }: Parts): void {
  app.post(
    '/retests/:id/stop',
    {
      config: { access: CREATE },
      schema: {
        tags: TAGS,
        summary:
          'End a retest now: what runs is halted within 5 seconds, and what is not known stays unknown',
        params: ById,
        response: { 200: RetestDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => request.inScope((tx) => stop(tx, request, clock())),
  );
}

async function stop(
  tx: Tx,
  request: FastifyRequest<{ Params: { id: string } }>,
  now: Date,
): Promise<RetestDetail> {
  const { id } = request.params;
  const row = await findRetest(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  const key = { organizationId: Number(row.organization.id), retestId: id };
  request.audit.organizationId = key.organizationId;
  // Whoever is inspected must not keep a look-back from finding what came back; the emergency stop is theirs.
  if (row.origin !== 'request' && (await isOfTheOrganization(tx, request, key.organizationId)))
    throw new Problem('FORBIDDEN');
  const retest = await lockRetest(tx, key);
  if (retest === null || retest.ended) throw new Problem('RETEST_ENDED');
  await settleDelivered(tx, key);
  await stopWaitingTasks(tx, key, now);
  const { accountId } = callerOf(request).account;
  const tasks = await taskEnds(tx, key);
  await endWith(tx, key, { at: now, stoppedBy: accountId, tasks, crossTool: retest.crossTool });
  return viewDetail(tx, id, now);
}
