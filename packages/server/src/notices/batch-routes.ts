import {
  ById,
  LeftOutList,
  MOST_FINDINGS_OF_NOTICE,
  MOST_NOTICES_OF_BATCH,
  NoticeBatch,
  NoticeBatchList,
  NoticeBatchPlan,
  NoticeBatchPreview,
  NoticeBatchQuery,
} from '@backcheck/contract';
import {
  countFindings,
  findBatchByKey,
  findNoticeBatch,
  findOrganization,
  insertNoticeBatch,
  listLeftOut,
  listNoticeBatches,
  organizationExists,
  organizationsOfBatch,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { after, KEY_CODE, KEY_ID, pageOf } from '../organizations/keyset.ts';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { IdempotencyKey, requestSha256 } from '../platform/idempotency-key.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { batchViewer, viewLeftOut } from './batch-view.ts';
import { draftOfPlan } from './draft-batch.ts';

const TAGS = ['Notices'];
/** Who may draft one notice need not write to everybody: a batch takes the right to change them. */
const UPDATE = { access: { object: 'notice', action: 'update' } } as const;
const READ = { access: { object: 'notice', action: 'read' } } as const;
const EXAMPLES = 3;

export function noticeBatchRoutes(app: App, parts: Parts): void {
  previewRoute(app, parts);
  createRoute(app, parts);
  readRoutes(app);
  leftOutRoute(app);
}

interface Addressed {
  readonly counts: ReadonlyMap<number, number>;
  readonly members: readonly number[];
  readonly withoutFindings: number;
}

/** Who gets a notice, and how many findings each. */
async function addressed(tx: Tx, plan: NoticeBatchPlan, at: Date): Promise<Addressed> {
  const { kind, which, fixId, scope } = plan;
  const organizationId = plan.organizationId === null ? null : Number(plan.organizationId);
  if (organizationId !== null && !(await organizationExists(tx, organizationId)))
    throw new Problem('ORGANIZATION_UNKNOWN', { organizationId });
  const organizationIds = await organizationsOfBatch(tx, organizationId, scope);
  const counts =
    which === 'none'
      ? new Map<number, number>()
      : await countFindings(tx, { organizationIds, which, fixId, kind, at });
  const members = which === 'none' ? organizationIds : organizationIds.filter((id) => counts.has(id));
  return { counts, members, withoutFindings: organizationIds.length - members.length };
}

function previewRoute(app: App, { clock }: Parts): void {
  app.post(
    '/notice-batches/preview',
    {
      config: UPDATE,
      schema: {
        tags: TAGS,
        summary: 'To whom a batch would go, and what it would say to the first of them; nothing is stored',
        body: NoticeBatchPlan,
        response: { 200: NoticeBatchPreview, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const plan = request.body;
      const now = clock();
      return request.inScope(async (tx) => {
        const { counts, members, withoutFindings } = await addressed(tx, plan, now);
        const examples = [];
        for (const organizationId of members.slice(0, EXAMPLES))
          examples.push(await exampleFor(tx, plan, { organizationId, now }));
        const sizes = members.map((id) => counts.get(id) ?? 0);
        return {
          organizations: members.length,
          findings: sizes.reduce((sum, one) => sum + one, 0),
          withoutFindings,
          tooManyFindings: sizes.filter((one) => one > MOST_FINDINGS_OF_NOTICE).length,
          examples,
        };
      });
    },
  );
}

async function exampleFor(
  tx: Tx,
  plan: NoticeBatchPlan,
  of: { readonly organizationId: number; readonly now: Date },
): Promise<NoticeBatchPreview['examples'][number]> {
  const { code, name, nameZh } = found(await findOrganization(tx, of.organizationId));
  const { title, body, findingIds } = await draftOfPlan(tx, plan, of);
  const organization = { id: String(of.organizationId), code, name, nameZh };
  return { organization, findings: findingIds.length, title, body };
}

function createRoute(app: App, { clock }: Parts): void {
  app.post(
    '/notice-batches',
    {
      config: UPDATE,
      schema: {
        tags: TAGS,
        summary:
          'Draft one notice for each organization of a scope, by a job; somebody else approves them as one',
        headers: IdempotencyKey,
        body: NoticeBatchPlan,
        response: { 201: NoticeBatch, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'] ?? null;
      const now = clock();
      const batch = await request.inScope(async (tx) => {
        const id = await makeOnce(tx, request, { plan: request.body, key, now });
        request.audit.objectId = `notice-batches/${id}`;
        return batchViewer(request)(found(await findNoticeBatch(tx, id)));
      });
      return reply.code(201).header('location', `/api/v1/notice-batches/${batch.id}`).send(batch);
    },
  );
}

interface Making {
  readonly plan: NoticeBatchPlan;
  readonly key: string | null;
  readonly now: Date;
}

/** The id. What the same request made before is looked for first: it may have left nothing to say to anybody. */
async function makeOnce(tx: Tx, request: FastifyRequest, { plan, key, now }: Making): Promise<string> {
  const { accountId } = callerOf(request).account;
  const idempotency = key === null ? null : { key, sha256: requestSha256(plan) };
  if (plan.organizationId !== null) request.audit.organizationId = Number(plan.organizationId);
  const before = await madeBefore(tx, accountId, idempotency);
  if (before !== null) return before;
  const { members } = await addressed(tx, plan, now);
  if (members.length === 0) throw new Problem('NOTICE_BATCH_EMPTY');
  if (members.length > MOST_NOTICES_OF_BATCH)
    throw new Problem('NOTICE_BATCH_TOO_LARGE', { count: members.length, most: MOST_NOTICES_OF_BATCH });
  request.audit.details = { members: members.length };
  const id = await insertNoticeBatch(tx, {
    organizationId: plan.organizationId === null ? null : Number(plan.organizationId),
    kind: plan.kind,
    title: plan.title,
    plan,
    members,
    draftedBy: accountId,
    draftedAt: now.toISOString(),
    idempotency,
  });
  const made = id ?? (await madeBefore(tx, accountId, idempotency));
  if (made === null) throw new Error('a batch of notices was neither inserted nor found by its key');
  return made;
}

async function madeBefore(
  tx: Tx,
  accountId: number,
  sent: { readonly key: string; readonly sha256: string } | null,
): Promise<string | null> {
  const before = sent === null ? null : await findBatchByKey(tx, accountId, sent.key);
  if (before === null) return null;
  if (before.requestSha256 !== sent?.sha256) throw new Problem('IDEMPOTENCY_KEY_REUSED');
  return before.id;
}

function readRoutes(app: App): void {
  app.get(
    '/notice-batches',
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: 'Batches of notices, latest first',
        querystring: NoticeBatchQuery,
        response: { 200: NoticeBatchList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const wanted = { before: after(cursor, KEY_ID), limit: limit + 1 };
      const rows = await request.inScope((tx) => listNoticeBatches(tx, wanted));
      return pageOf(rows, limit, { view: batchViewer(request), key: ({ id }) => [id] });
    },
  );

  app.get(
    '/notice-batches/:id',
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: 'One batch and how far it is; its notices are listed by `batchId`',
        params: ById,
        response: { 200: NoticeBatch, ...PROBLEM_RESPONSES },
      },
    },
    async (request) =>
      batchViewer(request)(found(await request.inScope((tx) => findNoticeBatch(tx, request.params.id)))),
  );
}

function leftOutRoute(app: App): void {
  app.get(
    '/notice-batches/:id/left-out',
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: 'Organizations of a batch that did not get what was drafted for all, and why',
        params: ById,
        querystring: NoticeBatchQuery,
        response: { 200: LeftOutList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const { id } = request.params;
      const rows = await request.inScope(async (tx) => {
        found(await findNoticeBatch(tx, id));
        return listLeftOut(tx, id, { after: after(cursor, KEY_CODE), limit: limit + 1 });
      });
      return pageOf(rows, limit, { view: viewLeftOut, key: ({ organization }) => [organization.code] });
    },
  );
}
