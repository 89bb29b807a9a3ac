import { AssetList, AssetPage, AssetQuery, ById } from '@backcheck/contract';
import { latestVisits, linksOfAsset, listAssets, listTasks, otherHolders } from '@backcheck/db';
import { readCursor, writeCursor } from '../imports/cursor.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { assetOf, viewTasks } from './find.ts';
import { viewAsset, viewHolder, viewLink, viewVisit } from './view.ts';

const ASSETS = ['Assets'];
const LATEST_VISITS = 20;
const MOST_TASKS = 20;

export function assetRoutes(app: App, { pool }: Parts): void {
  app.get(
    '/assets',
    {
      schema: {
        tags: ASSETS,
        summary:
          'Assets with their identifiers, found by any of them, in the order in which they were first met',
        querystring: AssetQuery,
        response: { 200: AssetList, ...PROBLEM_RESPONSES },
      },
    },
    async ({ query: { organizationId, q, cursor, limit } }) => {
      const rows = await listAssets(pool, {
        organizationId: organizationId === undefined ? null : Number(organizationId),
        q,
        after: cursor === undefined ? undefined : readCursor(cursor),
        limit: limit + 1,
      });
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      const nextCursor = last === undefined ? null : writeCursor(last.id);
      return { items: rows.slice(0, limit).map(viewAsset), nextCursor };
    },
  );

  app.get(
    '/assets/:id',
    {
      schema: {
        tags: ASSETS,
        summary: 'One asset: who else had its identifiers, which scans visited it, what is asked about it',
        params: ById,
        response: { 200: AssetPage, ...PROBLEM_RESPONSES },
      },
    },
    async ({ params: { id } }) => {
      const asset = await assetOf(pool, id);
      const organizationId = Number(asset.organization.id);
      const [links, holders, visits, tasks] = await Promise.all([
        linksOfAsset(pool, asset),
        otherHolders(pool, asset),
        latestVisits(pool, asset, LATEST_VISITS),
        listTasks(pool, organizationId, { open: true, assetId: id, limit: MOST_TASKS }),
      ]);
      return {
        asset: viewAsset(asset),
        links: links.map(viewLink),
        holders: holders.map(viewHolder),
        visits: visits.map(viewVisit),
        tasks: await viewTasks(pool, tasks),
      };
    },
  );
}
