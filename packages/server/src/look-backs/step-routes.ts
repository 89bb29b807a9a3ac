import { Readable } from 'node:stream';
import { ById, LookBack } from '@backcheck/contract';
import {
  drawLookBack,
  findLookBack,
  frozenPopulation,
  type LookBackRow,
  type LookBackState,
  lockLookBack,
  populationText,
  startLookBack,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { viewLookBack } from './view.ts';

const LOOK_BACKS = ['Look-backs'];
const CHANGE = { access: { object: 'campaign', action: 'update' } } as const;

/** published → drawn → running; each step once, each in a transaction of its own. */
export function lookBackStepRoutes(app: App, { clock }: Pick<Parts, 'clock'>): void {
  drawRoute(app, clock);
  startRoute(app, clock);
  populationRoute(app);
}

/** Locked, and in the state that the step begins in. */
async function readyFor(
  tx: Tx,
  request: FastifyRequest,
  id: string,
  state: LookBackState,
): Promise<LookBackRow> {
  if (!(await lockLookBack(tx, id))) throw new Problem('NOT_FOUND');
  const row = found(await findLookBack(tx, id));
  if (row.state !== state) throw new Problem('LOOK_BACK_NOT_READY', { state: row.state });
  if (row.organizationId !== null) request.audit.organizationId = row.organizationId;
  return row;
}

function drawRoute(app: App, clock: Parts['clock']): void {
  app.post(
    '/look-backs/:id/draw',
    {
      config: CHANGE,
      schema: {
        tags: LOOK_BACKS,
        summary: 'Freeze what is closed now and draw from it as was published; once',
        params: ById,
        response: { 200: LookBack, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { accountId } = callerOf(request).account;
      return request.inScope(async (tx) => {
        const row = await readyFor(tx, request, id, 'published');
        const drawn = await drawLookBack(tx, row, { by: accountId, at: clock().toISOString() });
        if (drawn === 0) throw new Problem('LOOK_BACK_EMPTY');
        return viewLookBack(found(await findLookBack(tx, id)));
      });
    },
  );
}

function startRoute(app: App, clock: Parts['clock']): void {
  app.post(
    '/look-backs/:id/start',
    {
      config: CHANGE,
      schema: {
        tags: LOOK_BACKS,
        summary: 'Ask for the retests of what was drawn; once',
        params: ById,
        response: { 200: LookBack, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { accountId } = callerOf(request).account;
      return request.inScope(async (tx) => {
        await readyFor(tx, request, id, 'drawn');
        await startLookBack(tx, id, { by: accountId, at: clock().toISOString() });
        return viewLookBack(found(await findLookBack(tx, id)));
      });
    },
  );
}

function populationRoute(app: App): void {
  app.get(
    '/look-backs/:id/population',
    {
      config: { access: { object: 'campaign', action: 'read' }, audited: true },
      schema: {
        tags: LOOK_BACKS,
        summary: 'The frozen list that was drawn from, for whoever repeats the draw (docs/look-back.md)',
        params: ById,
        response: {
          200: { description: 'JSON Lines', content: { 'application/jsonl': { schema: z.string() } } },
          ...PROBLEM_RESPONSES,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const row = found(await request.inScope((tx) => findLookBack(tx, id)));
      if (row.drawnAt === null) throw new Problem('LOOK_BACK_NOT_READY', { state: row.state });
      if (row.organizationId !== null) request.audit.organizationId = row.organizationId;
      reply
        .type('application/jsonl; charset=utf-8')
        .header('content-disposition', `attachment; filename="look-back-${id}-population.jsonl"`)
        .header('cache-control', 'no-store');
      return reply.send(Readable.from(pages(request, id)) as never);
    },
  );
}

/** One page of the list in one transaction, so that a slow reader holds none open. */
async function* pages(request: FastifyRequest, id: string): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const page = await request.inScope((tx) => frozenPopulation(tx, id, after));
    const last = page.at(-1);
    if (last === undefined) return;
    yield populationText(page);
    after = last.certificate;
  }
}
