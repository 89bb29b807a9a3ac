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
  findNoticeBatch,
  findOrganization,
  insertNoticeBatch,
  listLeftOut,
  listNoticeBatches,
  organizationExists,
  organizationsOfBatch,
  type Tx,
} from '@backcheck/db';
import { after, KEY_CODE, KEY_ID, pageOf } from '../organizations/keyset.ts';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
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
        body: NoticeBatchPlan,
        response: { 201: NoticeBatch, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const plan = request.body;
      const { accountId } = callerOf(request).account;
      const now = clock();
      const batch = await request.inScope(async (tx) => {
        const { members } = await addressed(tx, plan, now);
        if (members.length === 0) throw new Problem('NOTICE_BATCH_EMPTY');
        if (members.length > MOST_NOTICES_OF_BATCH)
          throw new Problem('NOTICE_BATCH_TOO_LARGE', { count: members.length, most: MOST_NOTICES_OF_BATCH });
        const organizationId = plan.organizationId === null ? null : Number(plan.organizationId);
        if (organizationId !== null) request.audit.organizationId = organizationId;
        const { kind, title } = plan;
        const draftedAt = now.toISOString();
        const id = await insertNoticeBatch(tx, {
          organizationId,
          kind,
          title,
          plan,
          members,
          draftedBy: accountId,
          draftedAt,
        });
        request.audit.objectId = `notice-batches/${id}`;
        request.audit.details = { members: members.length };
        return batchViewer(request)(found(await findNoticeBatch(tx, id)));
      });
      return reply.code(201).header('location', `/api/v1/notice-batches/${batch.id}`).send(batch);
    },
  );
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
