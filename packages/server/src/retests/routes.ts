import {
  ById,
  FindingRetests,
  PlanRetest,
  type Retest,
  RetestDetail,
  RetestList,
  RetestPlan,
  RetestQuery,
} from '@backcheck/contract';
import { bookedSeconds } from '@backcheck/core';
import {
  findFinding,
  findRetest,
  listFixClaims,
  listRetests,
  type RetestRow,
  resultsOfFinding,
  retestFindings,
  retestTasks,
  type Tx,
} from '@backcheck/db';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { planRetest } from './plan-retest.ts';
import { viewPlan, viewResult, viewRetest, viewRetestFinding, viewTask } from './view.ts';
import { viewClaims } from './view-claims.ts';
import { waitsOf } from './wait.ts';

const TAGS = ['Retests'];
const READ = { object: 'retest', action: 'read' } as const;
const CREATE = { object: 'retest', action: 'create' } as const;
/** Of the claims and retests of one finding. */
const MOST = 100;

export function retestRoutes(app: App, parts: Parts): void {
  planRoute(app, parts);
  listRoute(app, parts);
  retestRoute(app, parts);
  findingRoute(app, parts);
}

function planRoute(app: App, { clock }: Parts): void {
  app.post(
    '/retests/plan',
    {
      config: { access: CREATE },
      schema: {
        tags: TAGS,
        summary:
          'What a retest of these findings would do, and what would prove the others; nothing is asked yet',
        body: PlanRetest,
        response: { 200: RetestPlan, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { findingIds } = request.body;
      const plan = await request.inScope((tx) => planRetest(tx, findingIds, clock()));
      request.audit.organizationId = plan.organizationId;
      return viewPlan(plan);
    },
  );
}

function listRoute(app: App, { clock }: Parts): void {
  app.get(
    '/retests',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'Retests, the latest first',
        querystring: RetestQuery,
        response: { 200: RetestList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, state, findingId, lookBackId, cursor, limit } = request.query;
      const page = {
        organizationId: organizationId === undefined ? null : Number(organizationId),
        state: state ?? null,
        findingId: findingId ?? null,
        lookBackId: lookBackId ?? null,
        before: cursor === undefined ? null : readCursor(cursor),
        limit: limit + 1,
      };
      return request.inScope(async (tx) => {
        const rows = await listRetests(tx, page);
        const shown = rows.slice(0, limit);
        const last = rows.length > limit ? shown.at(-1) : undefined;
        return {
          items: await viewRetests(tx, shown, clock()),
          nextCursor: last === undefined ? null : writeCursor(last.id),
        };
      });
    },
  );
}

async function viewRetests(tx: Tx, rows: readonly RetestRow[], now: Date): Promise<Retest[]> {
  const waits = await waitsOf(tx, rows, now);
  return rows.map((row) => viewRetest(row, waits.get(row.id) ?? null, now));
}

function retestRoute(app: App, { clock }: Parts): void {
  app.get(
    '/retests/:id',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'One retest: what it asks, how far its tasks are, and what came of each finding',
        params: ById,
        response: { 200: RetestDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => request.inScope((tx) => viewDetail(tx, request.params.id, clock())),
  );
}

export async function viewDetail(tx: Tx, id: string, now: Date): Promise<RetestDetail> {
  const row = await findRetest(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  const waits = await waitsOf(tx, [row], now);
  const findings = await retestFindings(tx, id);
  const tasks = await retestTasks(tx, id);
  return {
    ...viewRetest(row, waits.get(id) ?? null, now),
    findings: findings.map(viewRetestFinding),
    tasks: tasks.map(viewTask),
  };
}

function findingRoute(app: App, { clock }: Parts): void {
  app.get(
    '/findings/:id/retests',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'What was claimed and asked about a finding, and how long the coordinator was waited for',
        params: ById,
        response: { 200: FindingRetests, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => request.inScope((tx) => ofFinding(tx, request.params.id, clock())),
  );
}

async function ofFinding(tx: Tx, findingId: string, now: Date): Promise<FindingRetests> {
  if ((await findFinding(tx, findingId)) === null) throw new Problem('NOT_FOUND');
  const claims = await listFixClaims(tx, findingId, MOST);
  const page = { organizationId: null, state: null, lookBackId: null, before: null };
  const rows = await listRetests(tx, { ...page, findingId, limit: MOST });
  const results = await resultsOfFinding(
    tx,
    findingId,
    rows.map(({ id }) => id),
  );
  const viewed = await viewRetests(tx, rows, now);
  return {
    claims: await viewClaims(tx, claims, now),
    retests: viewed.flatMap((retest) => {
      const result = results.get(retest.id);
      return result === undefined ? [] : [{ ...retest, result: viewResult(result) }];
    }),
    coordinatorSeconds: bookedSeconds(
      viewed.map(({ requestedAt, finishedAt }) => ({
        from: requestedAt,
        until: finishedAt ?? now.toISOString(),
      })),
    ),
  };
}
