import { ById, Finding, FindingHistory, FindingList, FindingQuery, SiblingList } from '@backcheck/contract';
import {
  BadCursor,
  type FindingFilter,
  findFinding,
  findingHistory,
  listFindings,
  listSiblings,
  type Pool,
} from '@backcheck/db';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { viewEvent, viewFinding, viewSibling } from './view.ts';

const FINDINGS = ['Findings'];

export function findingRoutes(app: App, parts: Parts): void {
  listRoute(app, parts);
  findingRoute(app, parts);
  problemRoute(app, parts);
  historyRoute(app, parts);
}

function listRoute(app: App, { pool }: Parts): void {
  app.get(
    '/findings',
    {
      schema: {
        tags: FINDINGS,
        summary: 'Findings of all organizations or of one, filtered and sorted',
        querystring: FindingQuery,
        response: { 200: FindingList, ...PROBLEM_RESPONSES },
      },
    },
    async ({ query }) => {
      const { items, nextCursor } = await findingsPage(pool, query);
      return { items: items.map(viewFinding), nextCursor };
    },
  );
}

function findingRoute(app: App, { pool }: Parts): void {
  app.get(
    '/findings/:id',
    {
      schema: {
        tags: FINDINGS,
        summary: 'One finding',
        params: ById,
        response: { 200: Finding, ...PROBLEM_RESPONSES },
      },
    },
    async ({ params: { id } }) => {
      const row = await findFinding(pool, id);
      if (row === null) throw new Problem('NOT_FOUND');
      return viewFinding(row);
    },
  );
}

function problemRoute(app: App, { pool }: Parts): void {
  app.get(
    '/findings/:id/problem',
    {
      schema: {
        tags: FINDINGS,
        summary: 'The other findings of the same problem: the same weakness, reported by other checks',
        params: ById,
        response: { 200: SiblingList, ...PROBLEM_RESPONSES },
      },
    },
    async ({ params: { id } }) => {
      if ((await findFinding(pool, id)) === null) throw new Problem('NOT_FOUND');
      return { items: (await listSiblings(pool, id)).map(viewSibling) };
    },
  );
}

function historyRoute(app: App, { pool }: Parts): void {
  app.get(
    '/findings/:id/history',
    {
      schema: {
        tags: FINDINGS,
        summary: 'What every scan said about a finding, and its certificates, newest first',
        params: ById,
        response: { 200: FindingHistory, ...PROBLEM_RESPONSES },
      },
    },
    async ({ params: { id } }) => {
      const events = await findingHistory(pool, id);
      if (events === null) throw new Problem('NOT_FOUND');
      return { events: events.map(viewEvent) };
    },
  );
}

async function findingsPage(pool: Pool, filter: FindingFilter) {
  try {
    return await listFindings(pool, filter);
  } catch (error) {
    if (error instanceof BadCursor) throw new Problem('CURSOR_INVALID');
    throw error;
  }
}
