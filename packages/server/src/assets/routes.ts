import { AssetList, AssetPage, AssetQuery, ById } from '@backcheck/contract';
import { latestVisits, linksOfAsset, listAssets, listTasks, otherHolders, type Tx } from '@backcheck/db';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { assetOf, viewTasks } from './find.ts';
import { viewAsset, viewHolder, viewLink, viewVisit } from './view.ts';

const ASSETS = ['Assets'];
const READ = { object: 'asset', action: 'read' } as const;
const LATEST_VISITS = 20;
const MOST_TASKS = 20;

export function assetRoutes(app: App): void {
  app.get(
    '/assets',
    {
      config: { access: READ },
      schema: {
        tags: ASSETS,
        summary:
          'Assets with their identifiers, found by any of them, in the order in which they were first met',
        querystring: AssetQuery,
        response: { 200: AssetList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, q, cursor, limit } = request.query;
      const filter = {
        organizationId: organizationId === undefined ? null : Number(organizationId),
        q,
        after: cursor === undefined ? undefined : readCursor(cursor),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => listAssets(tx, filter));
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      const nextCursor = last === undefined ? null : writeCursor(last.id);
      return { items: rows.slice(0, limit).map(viewAsset), nextCursor };
    },
  );

  app.get(
    '/assets/:id',
    {
      config: { access: READ },
      schema: {
        tags: ASSETS,
        summary: 'One asset: who else had its identifiers, which scans visited it, what is asked about it',
        params: ById,
        response: { 200: AssetPage, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => request.inScope((tx) => assetPage(tx, request.params.id)),
  );
}

async function assetPage(tx: Tx, id: string) {
  const asset = await assetOf(tx, id);
  const organizationId = Number(asset.organization.id);
  return {
    asset: viewAsset(asset),
    links: (await linksOfAsset(tx, asset)).map(viewLink),
    holders: (await otherHolders(tx, asset)).map(viewHolder),
    visits: (await latestVisits(tx, asset, LATEST_VISITS)).map(viewVisit),
    tasks: await viewTasks(
      tx,
      await listTasks(tx, organizationId, { open: true, assetId: id, limit: MOST_TASKS }),
    ),
  };
}
