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
  inTransaction,
  listTasks,
  resolveTask,
  type TaskAnswer,
} from '@backcheck/db';
import type { z } from 'zod';
import { readCursor, writeCursor } from '../imports/cursor.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { accountOf } from '../platform/sign-in/guard.ts';
import { assetOf, viewTasks } from './find.ts';
import { refusalOf } from './refusal.ts';
import { viewAsset, viewChange } from './view.ts';

const ASSETS = ['Assets'];
const NOTHING = { scans: 0, findings: 0, superseded: 0, issued: 0 };

export function identityTaskRoutes(app: App, parts: Parts): void {
  listRoute(app, parts);
  resolveRoute(app, parts);
}

function listRoute(app: App, { pool }: Parts): void {
  app.get(
    '/identity-tasks',
    {
      schema: {
        tags: ASSETS,
        summary: 'Questions about who is who, that only a person answers',
        querystring: IdentityTaskQuery,
        response: { 200: IdentityTaskList, ...PROBLEM_RESPONSES },
      },
    },
    async ({ query: { organizationId, state, cursor, limit } }) => {
      const whose = organizationId === undefined ? null : Number(organizationId);
      const [tasks, open] = await Promise.all([
        listTasks(pool, whose, {
          open: state === 'open',
          after: cursor === undefined ? undefined : readCursor(cursor),
          limit: limit + 1,
        }),
        countOpenTasks(pool, whose),
      ]);
      const last = tasks.length > limit ? tasks[limit - 1] : undefined;
      const nextCursor = last === undefined ? null : writeCursor(last.id);
      return { items: await viewTasks(pool, tasks.slice(0, limit)), nextCursor, open };
    },
  );
}

function resolveRoute(app: App, { pool, clock }: Parts): void {
  app.post(
    '/identity-tasks/:id/resolve',
    {
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
      const { note, outcome, into = null } = request.body;
      const task = await taskOf(pool, id);
      if (task.resolution?.answer === outcome) {
        return { task: await viewTaskOf(pool, id), changed: NOTHING };
      }
      const answer = await answerTo(pool, task, request.body);
      const decision = { at: clock().toISOString(), by: accountOf(request).name, note };
      const changed = await inTransaction(pool, async (tx) => {
        const done = await resolveTask(tx, task.organizationId, { taskId: id, answer, decision });
        if (done.kind === 'refused') throw refusalOf(done.code, { asset: into ?? '' });
        return done.changed;
      });
      return { task: await viewTaskOf(pool, id), changed: viewChange(changed) };
    },
  );
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
  const [first, second] = await Promise.all([assetOf(db, asset.id), assetOf(db, other?.id ?? asset.id)]);
  return { answer: 'merge', into: steadierAsset(viewAsset(first), viewAsset(second)).id, ...interval };
}
