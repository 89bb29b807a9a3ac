import { ById, Finding, FindingHistory, FindingList, FindingQuery, SiblingList } from '@backcheck/contract';
import {
  BadCursor,
  type FindingFilter,
  findFinding,
  findingHistory,
  listFindings,
  listSiblings,
  type Tx,
} from '@backcheck/db';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { viewEvent, viewFinding, viewSibling } from './view.ts';

const FINDINGS = ['Findings'];
const READ = { object: 'finding', action: 'read' } as const;

export function findingRoutes(app: App): void {
  listRoute(app);
  findingRoute(app);
  problemRoute(app);
  historyRoute(app);
}

function listRoute(app: App): void {
  app.get(
    '/findings',
    {
      config: { access: READ },
      schema: {
        tags: FINDINGS,
        summary: 'Findings of all organizations or of one, filtered and sorted',
        querystring: FindingQuery,
        response: { 200: FindingList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { items, nextCursor } = await request.inScope((tx) => findingsPage(tx, request.query));
      return { items: items.map(viewFinding), nextCursor };
    },
  );
}

function findingRoute(app: App): void {
  app.get(
    '/findings/:id',
    {
      config: { access: READ, audited: true },
      schema: {
        tags: FINDINGS,
        summary: 'One finding',
        params: ById,
        response: { 200: Finding, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const row = await request.inScope((tx) => findFinding(tx, request.params.id));
      if (row === null) throw new Problem('NOT_FOUND');
      request.audit.organizationId = Number(row.organization.id);
      return viewFinding(row);
    },
  );
}

function problemRoute(app: App): void {
  app.get(
    '/findings/:id/problem',
    {
      config: { access: READ, audited: true },
      schema: {
        tags: FINDINGS,
        summary: 'The other findings of the same problem: the same weakness, reported by other checks',
        params: ById,
        response: { 200: SiblingList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      return request.inScope(async (tx) => {
        if ((await findFinding(tx, id)) === null) throw new Problem('NOT_FOUND');
        return { items: (await listSiblings(tx, id)).map(viewSibling) };
      });
    },
  );
}

function historyRoute(app: App): void {
  app.get(
    '/findings/:id/history',
    {
      config: { access: READ, audited: true },
      schema: {
        tags: FINDINGS,
        summary: 'What every scan said about a finding, and its certificates, newest first',
        params: ById,
        response: { 200: FindingHistory, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      return request.inScope(async (tx) => {
        const finding = await findFinding(tx, id);
        const events = await findingHistory(tx, id);
        if (finding === null || events === null) throw new Problem('NOT_FOUND');
        request.audit.organizationId = Number(finding.organization.id);
        return { events: events.map(viewEvent) };
      });
    },
  );
}

async function findingsPage(tx: Tx, filter: FindingFilter) {
  try {
    return await listFindings(tx, filter);
  } catch (error) {
    if (error instanceof BadCursor) throw new Problem('CURSOR_INVALID');
    throw error;
  }
}
