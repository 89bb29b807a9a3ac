import { ById, Finding, FindingHistory, FindingList, FindingQuery, SiblingList } from '@backcheck/contract';
import { rolesThatMay } from '@backcheck/core';
import {
  BadCursor,
  type FindingFilter,
  findExplanations,
  findFinding,
  findingHistory,
  fixOfFinding,
  type HistoryEvent,
  listFindings,
  listSiblings,
  noticeEvents,
  replyEvents,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { findingExportRoute } from './export-route.ts';
import { viewEvent, viewFinding, viewSibling } from './view.ts';

const FINDINGS = ['Findings'];
const READ = { object: 'finding', action: 'read' } as const;

export function findingRoutes(app: App): void {
  listRoute(app);
  findingExportRoute(app);
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
        summary:
          'The other findings of the same problem: the same weakness, reported by other checks; the measure that mends it; and what the tool says of it',
        params: ById,
        response: { 200: SiblingList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      return request.inScope(async (tx) => {
        if ((await findFinding(tx, id)) === null) throw new Problem('NOT_FOUND');
        const items = (await listSiblings(tx, id)).map(viewSibling);
        const explanation = (await findExplanations(tx, [id])).get(id) ?? null;
        return { items, fix: await fixOfFinding(tx, id), explanation };
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
        summary:
          'What every scan said about a finding, its certificates, and as far as the caller may read them its notices and replies; newest first',
        params: ById,
        response: { 200: FindingHistory, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const known = await request.inScope(async (tx) => {
        const finding = await findFinding(tx, id);
        const events = await findingHistory(tx, id);
        if (finding === null || events === null) throw new Problem('NOT_FOUND');
        request.audit.organizationId = Number(finding.organization.id);
        return events;
      });
      const notices = await readable(request, 'notice', (tx) => noticeEvents(tx, id));
      const replies = await readable(request, 'reply', (tx) => replyEvents(tx, id));
      // what a reply brought about is told with it
      const told = new Set(replies.map(({ reply }) => reply?.id));
      const others = known.filter(({ decision }) => decision?.replyId == null || !told.has(decision.replyId));
      const events = [...others, ...notices, ...replies];
      return { events: events.sort((a, b) => b.at.localeCompare(a.at)).map(viewEvent) };
    },
  );
}

/** With what the caller's grants show of such objects; none where no grant lets them read any. */
function readable(
  request: FastifyRequest,
  object: 'notice' | 'reply',
  events: (tx: Tx) => Promise<HistoryEvent[]>,
): Promise<HistoryEvent[]> {
  const permission = { object, action: 'read' } as const;
  const roles: readonly string[] = rolesThatMay(permission);
  return request.grants?.some(({ role }) => roles.includes(role)) === true
    ? request.inScopeOf(permission, events)
    : Promise.resolve([]);
}

async function findingsPage(tx: Tx, filter: FindingFilter) {
  try {
    return await listFindings(tx, filter);
  } catch (error) {
    if (error instanceof BadCursor) throw new Problem('CURSOR_INVALID');
    throw error;
  }
}
