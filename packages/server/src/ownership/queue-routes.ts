import {
  AssetOwnership,
  ById,
  NotOurs,
  OursAfterAll,
  QueueCounts,
  QueueList,
  QueueQuery,
  RegisterQuery,
} from '@backcheck/contract';
import {
  countOwnershipQueue,
  currentAssetOf,
  disputeAsset,
  endDispute,
  handOversOfAsset,
  listOwnershipQueue,
  type QueuePlace,
  questionAbout,
  type Tx,
} from '@backcheck/db';
import { assetOf } from '../assets/find.ts';
import { KEY_ID, readKeyset, writeKeyset } from '../organizations/keyset.ts';
import { callerOf, scopeOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { viewHandOver, viewItem } from './view.ts';

const OWNERSHIP = ['Ownership'];
const allow = (action: 'read' | 'update') => ({ access: { object: 'asset', action } as const });
const idOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

export function queueRoutes(app: App, parts: Parts): void {
  listRoute(app);
  countRoute(app);
  assetRoute(app);
  disputeRoutes(app, parts);
}

function listRoute(app: App): void {
  app.get(
    '/ownership/queue',
    {
      config: allow('read'),
      schema: {
        tags: OWNERSHIP,
        summary: 'Assets whose owner is in question, with their findings, the oldest question first',
        querystring: QueueQuery,
        response: { 200: QueueList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, reason = null, guess, cursor, limit } = request.query;
      const filter = {
        wide: scopeOf(request, { object: 'asset', action: 'read' }).wide,
        organizationId: idOf(organizationId),
        reason,
        guess: idOf(guess),
        after: cursor === undefined ? null : placeOf(cursor),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => listOwnershipQueue(tx, filter));
      const last = rows.length > limit ? rows[limit - 1]?.place : undefined;
      const nextCursor = last === undefined ? null : writeKeyset([last.since, last.assetId]);
      return { items: rows.slice(0, limit).map(viewItem), nextCursor };
    },
  );
}

/** As PostgreSQL writes it, with all its digits. */
const MOMENT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;

function placeOf(cursor: string): QueuePlace {
  const [since = '', assetId = ''] = readKeyset(cursor, [MOMENT, KEY_ID]);
  if (Number.isNaN(Date.parse(since.replace(' ', 'T').replace('+00', 'Z'))))
    throw new Problem('CURSOR_INVALID');
  return { since, assetId };
}

function countRoute(app: App): void {
  app.get(
    '/ownership/queue/counts',
    {
      config: allow('read'),
      schema: {
        tags: OWNERSHIP,
        summary: 'How many assets are in question, by reason',
        querystring: RegisterQuery.partial(),
        response: { 200: QueueCounts, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => request.inScope((tx) => countOwnershipQueue(tx, idOf(request.query.organizationId))),
  );
}

function assetRoute(app: App): void {
  app.get(
    '/assets/:id/ownership',
    {
      config: allow('read'),
      schema: {
        tags: OWNERSHIP,
        summary:
          'Whose an asset is: what is in question, and every hand-over, also under an id that it had before',
        params: ById,
        response: { 200: AssetOwnership, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => request.inScope((tx) => ownershipOf(tx, request.params.id)),
  );
}

async function ownershipOf(tx: Tx, id: string) {
  const assetId = await currentAssetOf(tx, id);
  const handOvers = await handOversOfAsset(tx, id);
  if (assetId === null && handOvers.length === 0) throw new Problem('NOT_FOUND');
  const item = assetId === null ? null : await questionAbout(tx, assetId);
  return {
    assetId,
    question: item === null ? null : viewItem(item),
    handOvers: handOvers.map(viewHandOver),
  };
}

function disputeRoutes(app: App, { clock }: Parts): void {
  const schema = {
    tags: OWNERSHIP,
    params: ById,
    response: { 200: AssetOwnership, ...PROBLEM_RESPONSES },
  };
  app.post(
    '/assets/:id/not-ours',
    {
      config: allow('update'),
      schema: {
        ...schema,
        summary:
          'Say that an asset is not of this organization; its findings stay open until somebody answers',
        body: NotOurs,
      },
    },
    async (request) => {
      const { params, body } = request;
      const word = { at: clock().toISOString(), by: callerOf(request).account.name, note: body.reason };
      return request.inScope(async (tx) => {
        await assetOf(tx, params.id);
        await disputeAsset(tx, params.id, word);
        return ownershipOf(tx, params.id);
      });
    },
  );

  app.post(
    '/assets/:id/ours-after-all',
    {
      config: allow('update'),
      schema: { ...schema, summary: 'Take "not ours" back', body: OursAfterAll },
    },
    async (request) => {
      const { params, body } = request;
      const word = { at: clock().toISOString(), by: callerOf(request).account.name, note: body.note };
      return request.inScope(async (tx) => {
        await assetOf(tx, params.id);
        if (!(await endDispute(tx, params.id, word))) throw new Problem('OWNERSHIP_NOT_DISPUTED');
        return ownershipOf(tx, params.id);
      });
    },
  );
}
