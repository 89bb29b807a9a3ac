import { randomBytes } from 'node:crypto';
import {
  ById,
  LookBack,
  LookBackDetail,
  LookBackFindingList,
  LookBackFindingQuery,
  LookBackList,
  LookBackQuery,
  PublishLookBack,
} from '@backcheck/contract';
import {
  findLookBack,
  type LookBackRow,
  listLookBackFindings,
  listLookBacks,
  mayLieBelow,
  organizationsAmong,
  publishLookBack,
  seesAllBelow,
  type Tx,
} from '@backcheck/db';
import { after, KEY_ID, pageOf, readKeyset } from '../organizations/keyset.ts';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { lookBackStepRoutes } from './step-routes.ts';
import { viewLookBack, viewLookBackDetail } from './view.ts';

const LOOK_BACKS = ['Look-backs'];
const READ = { access: { object: 'campaign', action: 'read' } } as const;

export function lookBackRoutes(app: App, parts: Pick<Parts, 'clock'>): void {
  listRoute(app);
  publishRoute(app, parts);
  oneRoute(app);
  findingsRoute(app);
  lookBackStepRoutes(app, parts);
}

function listRoute(app: App): void {
  app.get(
    '/look-backs',
    {
      config: READ,
      schema: {
        tags: LOOK_BACKS,
        summary: 'Look-backs, latest first; only those whose every organization the caller sees',
        querystring: LookBackQuery,
        response: { 200: LookBackList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const wanted = { before: after(cursor, KEY_ID), limit: limit + 1 };
      const rows = await request.inScope((tx) => listLookBacks(tx, wanted));
      return pageOf(rows, limit, { view: viewLookBack, key: ({ id }) => [id] });
    },
  );
}

function publishRoute(app: App, { clock }: Pick<Parts, 'clock'>): void {
  app.post(
    '/look-backs',
    {
      config: { access: { object: 'campaign', action: 'create' } },
      schema: {
        tags: LOOK_BACKS,
        summary: 'Publish how a look-back will be drawn: rule, size, strata and seed, in the ledger',
        body: PublishLookBack,
        response: { 201: LookBack, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { organizationId, seed, ...plan } = request.body;
      const node = organizationId === undefined ? null : Number(organizationId);
      const { accountId } = callerOf(request).account;
      const made = await request.inScope(async (tx) => {
        await requireWhole(tx, node);
        const id = await publishLookBack(tx, {
          ...plan,
          organizationId: node,
          seed: seed ?? randomBytes(32).toString('hex'),
          publishedBy: accountId,
          at: clock().toISOString(),
        });
        request.audit.objectId = `look-backs/${id}`;
        return found(await findLookBack(tx, id));
      });
      return reply.code(201).send(viewLookBack(made));
    },
  );
}

/** A look-back is over everything below its node, so that nobody draws from what they happen to see. */
async function requireWhole(tx: Tx, node: number | null): Promise<void> {
  if (!(await mayLieBelow(tx, node)))
    throw node === null
      ? new Problem('ORGANIZATION_PARENT_NEEDED')
      : new Problem('ORGANIZATION_UNKNOWN', { organizationId: node });
  if (node !== null && !(await seesAllBelow(tx, node))) throw new Problem('FORBIDDEN');
}

function oneRoute(app: App): void {
  app.get(
    '/look-backs/:id',
    {
      config: READ,
      schema: {
        tags: LOOK_BACKS,
        summary: 'One look-back: how it was drawn, how far it is, and which share came back',
        params: ById,
        response: { 200: LookBackDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request) =>
      request.inScope(async (tx) => {
        const row = found(await findLookBack(tx, request.params.id));
        return viewLookBackDetail(row, await organizationsAmong(tx, organizationStrata(row)));
      }),
  );
}

const organizationStrata = ({ strata, counts }: LookBackRow): number[] =>
  strata === 'organization' ? (counts ?? []).map(({ stratum }) => Number(stratum)) : [];

const KEY_RANK = /^[0-3]$/;

function findingsRoute(app: App): void {
  app.get(
    '/look-backs/:id/findings',
    {
      config: READ,
      schema: {
        tags: LOOK_BACKS,
        summary: 'What was drawn and what became of it, what came back first',
        params: ById,
        querystring: LookBackFindingQuery,
        response: { 200: LookBackFindingList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const [rank, findingId] = cursor === undefined ? [] : readKeyset(cursor, [KEY_RANK, KEY_ID]);
      const behind = rank === undefined || findingId === undefined ? null : { rank: Number(rank), findingId };
      const rows = await request.inScope(async (tx) => {
        found(await findLookBack(tx, request.params.id));
        return listLookBackFindings(tx, request.params.id, { after: behind, limit: limit + 1 });
      });
      return pageOf(rows, limit, {
        view: ({ rank: _, ...row }) => row,
        key: (row) => [String(row.rank), row.findingId],
      });
    },
  );
}
