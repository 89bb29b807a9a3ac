import {
  ById,
  CreateHandOver,
  CreateHandOvers,
  type HandedOver,
  HandedOver as HandedOverAnswer,
  HandOverList,
  HandOverQuery,
} from '@backcheck/contract';
import {
  findAssets,
  findOrganization,
  type HandOverResult,
  handOver,
  type IdentityDecision,
  listHandOvers,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../platform/access/guard.ts';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { asCoordinator } from './coordinator.ts';
import { viewChanges, viewHandOver, viewOutcome } from './view.ts';

const OWNERSHIP = ['Ownership'];
const allow = (action: 'read' | 'update') => ({ access: { object: 'asset', action } as const });
const ANSWER = { 200: HandedOverAnswer, ...PROBLEM_RESPONSES };

export function handOverRoutes(app: App, parts: Parts): void {
  listRoute(app);
  app.post(
    '/assets/:id/hand-over',
    {
      config: allow('update'),
      schema: {
        tags: OWNERSHIP,
        summary:
          'Give an asset with its scans and findings to another organization, which closes anew by the same proofs',
        params: ById,
        body: CreateHandOver,
        response: ANSWER,
      },
    },
    async (request) => {
      const { params, body } = request;
      const done = await handOverAll(parts, request, { ...body, assetIds: [params.id] });
      const outcome = done.outcomes[0]?.outcome;
      if (outcome === 'not-found') throw new Problem('NOT_FOUND');
      if (outcome === 'same-organization') throw new Problem('HAND_OVER_SAME_ORGANIZATION');
      if (outcome === 'linked') throw new Problem('HAND_OVER_LINKED');
      if (outcome === 'distrusted') throw new Problem('HAND_OVER_DISTRUSTED');
      return done;
    },
  );

  app.post(
    '/ownership/hand-overs',
    {
      config: allow('update'),
      schema: {
        tags: OWNERSHIP,
        summary: 'Give up to 500 assets to one organization; each has its own outcome',
        body: CreateHandOvers,
        response: ANSWER,
      },
    },
    async (request) => handOverAll(parts, request, request.body),
  );
}

function listRoute(app: App): void {
  app.get(
    '/ownership/hand-overs',
    {
      config: allow('read'),
      schema: {
        tags: OWNERSHIP,
        summary: 'Hand-overs, the latest first; both sides see them',
        querystring: HandOverQuery,
        response: { 200: HandOverList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, cursor, limit } = request.query;
      const filter = {
        organizationId: organizationId === undefined ? null : Number(organizationId),
        before: cursor === undefined ? undefined : readCursor(cursor),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => listHandOvers(tx, filter));
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).map(viewHandOver),
        nextCursor: last === undefined ? null : writeCursor(last.id),
      };
    },
  );
}

interface Wanted {
  readonly organizationId: string;
  readonly assetIds: readonly string[];
  readonly note: string;
}

/** One transaction for each organization that gives: what is refused leaves the others as they are. */
async function handOverAll(
  parts: Parts,
  request: FastifyRequest,
  { organizationId, assetIds, note }: Wanted,
): Promise<HandedOver> {
  const to = Number(organizationId);
  const decision = { at: parts.clock().toISOString(), by: callerOf(request).account.name, note };
  const assets = await asCoordinator(parts, request, async (tx) => {
    if ((await findOrganization(tx, to)) === null)
      throw new Problem('ORGANIZATION_UNKNOWN', { organizationId });
    return findAssets(tx, assetIds);
  });
  const byGiver = Map.groupBy(assets, ({ organization }) => Number(organization.id));
  const results: HandOverResult[] = [];
  for (const [from, given] of byGiver) {
    if (from === to) continue;
    results.push(await give(parts, request, { from, to, assets: given.map(({ id }) => id), decision }));
  }
  const done = new Map(
    results.flatMap(({ outcomes }) => outcomes).map((one) => [one.assetId, viewOutcome(one)]),
  );
  const there = new Set(byGiver.get(to)?.map(({ id }) => id));
  const outcomes = [...new Set(assetIds)].map((assetId) => {
    const outcome = there.has(assetId) ? ('same-organization' as const) : ('not-found' as const);
    return done.get(assetId) ?? { assetId, outcome, intoAssetId: null };
  });
  return { outcomes, changed: viewChanges(results.map(({ changed }) => changed)) };
}

interface Giving {
  readonly from: number;
  readonly to: number;
  readonly assets: readonly string[];
  readonly decision: IdentityDecision;
}

const give = (parts: Parts, request: FastifyRequest, giving: Giving): Promise<HandOverResult> =>
  asCoordinator(parts, request, async (tx) => {
    request.audit = { ...request.audit, organizationId: giving.from };
    return handOver(tx, giving);
  });
