import { ById, Finding, FindingHistory, FindingList, FindingQuery } from '@backcheck/contract';
import {
  BadCursor,
  type FindingFilter,
  findFinding,
  findingHistory,
  listFindings,
  type Pool,
} from '@backcheck/db';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { viewEvent, viewFinding } from './view.ts';

const FINDINGS = ['Findings'];

export function findingRoutes(app: App, { pool }: Parts): void {
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
