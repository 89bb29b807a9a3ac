import { TROUBLED_STATES, TroubledDeliveries, TroubledQuery } from '@backcheck/contract';
import { listTroubled } from '@backcheck/db';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { viewTroubled } from './view.ts';

/** What did not reach anybody, over all notices: a batch of ten thousand is not looked through one by one. */
export function troubledRoute(app: App): void {
  app.get(
    '/deliveries/troubled',
    {
      config: { access: { object: 'notice', action: 'update' } },
      schema: {
        tags: ['Deliveries'],
        summary: 'Deliveries that failed, came back or are unconfirmed, of notices that stand',
        querystring: TroubledQuery,
        response: { 200: TroubledDeliveries, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { state, organizationId, cursor, limit } = request.query;
      const rows = await request.inScope((tx) =>
        listTroubled(tx, {
          states: state === undefined ? TROUBLED_STATES : [state],
          organizationId: organizationId === undefined ? null : Number(organizationId),
          before: cursor === undefined ? null : readCursor(cursor),
          limit: limit + 1,
        }),
      );
      const items = rows.slice(0, limit).map(viewTroubled);
      const last = items.at(-1);
      return { items, nextCursor: rows.length > limit && last !== undefined ? writeCursor(last.id) : null };
    },
  );
}
