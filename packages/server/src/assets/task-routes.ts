import {
  ById,
  IdentityTaskList,
  IdentityTaskQuery,
  ResolvedTask,
  ResolveTask,
  steadierAsset,
} from '@backcheck/contract';
import {
  countOpenTasks,
  type Db,
  findTask,
  type IdentityTask,
  listTasks,
  resolveTask,
  type TaskAnswer,
  type Tx,
} from '@backcheck/db';
import type { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { assetOf, viewTasks } from './find.ts';
import { refusalOf } from './refusal.ts';
import { viewAsset, viewChange } from './view.ts';

const ASSETS = ['Assets'];
const NOTHING = { scans: 0, findings: 0, superseded: 0, issued: 0 };

export function identityTaskRoutes(app: App, parts: Parts): void {
  listRoute(app);
  resolveRoute(app, parts);
}

function listRoute(app: App): void {
  app.get(
    '/identity-tasks',
    {
      config: { access: { object: 'asset', action: 'read' } },
      schema: {
        tags: ASSETS,
        summary: 'Questions about who is who, that only a person answers',
        querystring: IdentityTaskQuery,
        response: { 200: IdentityTaskList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, state, cursor, limit } = request.query;
      const whose = organizationId === undefined ? null : Number(organizationId);
      const after = cursor === undefined ? undefined : readCursor(cursor);
      return request.inScope(async (tx) => {
        const tasks = await listTasks(tx, whose, { open: state === 'open', after, limit: limit + 1 });
        const last = tasks.length > limit ? tasks[limit - 1] : undefined;
        const nextCursor = last === undefined ? null : writeCursor(last.id);
        const items = await viewTasks(tx, tasks.slice(0, limit));
        return { items, nextCursor, open: await countOpenTasks(tx, whose) };
      });
    },
  );
}

function resolveRoute(app: App, { clock }: Parts): void {
  app.post(
    '/identity-tasks/:id/resolve',
    {
      config: { access: { object: 'asset', action: 'update' } },
      schema: {
        tags: ASSETS,
        summary: 'Answer a question; a merge is carried out at once and settled',
        params: ById,
        body: ResolveTask,
        response: { 200: ResolvedTask, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const by = { at: clock().toISOString(), by: callerOf(request).account.name };
      return request.inScope(async (tx) => {
        const changed = await resolve(tx, await taskOf(tx, id), { body: request.body, by });
        return { task: await viewTaskOf(tx, id), changed };
      });
    },
  );
}

interface Resolving {
  readonly body: z.infer<typeof ResolveTask>;
  readonly by: { readonly at: string; readonly by: string };
}

async function resolve(tx: Tx, task: IdentityTask, { body, by }: Resolving) {
  if (task.resolution?.answer === body.outcome) return NOTHING;
  const answer = await answerTo(tx, task, body);
  const decision = { ...by, note: body.note };
  const done = await resolveTask(tx, task.organizationId, { taskId: task.id, answer, decision });
  if (done.kind === 'refused') throw refusalOf(done.code, { asset: body.into ?? '' });
  return viewChange(done.changed);
}

async function taskOf(db: Db, id: string): Promise<IdentityTask> {
  const task = await findTask(db, id);
  if (task === null) throw new Problem('NOT_FOUND');
  return task;
}

async function viewTaskOf(db: Db, id: string) {
  const [view] = await viewTasks(db, [await taskOf(db, id)]);
  if (view === undefined) throw new Error(`identity task ${id} was found, but is not shown`);
  return view;
}

async function answerTo(
  db: Db,
  { asset, other }: IdentityTask,
  body: z.infer<typeof ResolveTask>,
): Promise<TaskAnswer> {
  if (body.outcome === 'different') return { answer: 'different' };
  const interval = { from: body.from ?? null, until: body.until ?? null };
  if (body.into !== undefined) return { answer: 'merge', into: body.into, ...interval };
  const first = await assetOf(db, asset.id);
  const second = await assetOf(db, other?.id ?? asset.id);
  return { answer: 'merge', into: steadierAsset(viewAsset(first), viewAsset(second)).id, ...interval };
}
