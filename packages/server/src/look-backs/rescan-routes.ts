import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  KnownExploited,
  KnownExploitedCatalogue,
  RescanPlan,
  SwitchRescanPlan,
  TakeInFeedQuery,
} from '@backcheck/contract';
import {
  findRescanPlan,
  knownExploitedList,
  mayLieBelow,
  organizationExists,
  switchRescanPlan,
  type Tx,
} from '@backcheck/db';
import { takeInFeed } from '../feeds/take-in.ts';
import { ByOrganizationId } from '../organizations/routes.ts';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem, requestInvalid } from '../platform/problem.ts';
import { viewKnownExploited, viewRescanPlan } from './view.ts';

const READ = { access: { object: 'campaign', action: 'read' } } as const;

/** CISA's catalogue has 1.3 MB today. */
const MOST_BYTES = 20_000_000;

/** What is looked at again by itself. */
export function rescanRoutes(app: App, { clock }: Pick<Parts, 'clock'>): void {
  planRoutes(app, clock);
  knownExploitedRoutes(app, clock);
}

async function planOf(tx: Tx, organizationId: number): Promise<RescanPlan> {
  if (!(await organizationExists(tx, organizationId))) throw new Problem('NOT_FOUND');
  return viewRescanPlan(await findRescanPlan(tx, organizationId));
}

function planRoutes(app: App, clock: Parts['clock']): void {
  const schema = {
    tags: ['Rescans'],
    params: ByOrganizationId,
    response: { 200: RescanPlan, ...PROBLEM_RESPONSES },
  };
  app.get(
    '/organizations/:id/rescan-plan',
    {
      config: READ,
      schema: { ...schema, summary: "Whether an organization's closed findings are rescanned by risk" },
    },
    async (request) => request.inScope((tx) => planOf(tx, Number(request.params.id))),
  );
  app.put(
    '/organizations/:id/rescan-plan',
    {
      config: { access: { object: 'campaign', action: 'update' } },
      schema: {
        ...schema,
        summary: 'Switch rescans by risk on or off; the retests are those of who switched it on',
        body: SwitchRescanPlan,
      },
    },
    async (request) => {
      const organizationId = Number(request.params.id);
      const by = callerOf(request).account.accountId;
      return request.inScope(async (tx) => {
        await planOf(tx, organizationId);
        await switchRescanPlan(tx, organizationId, { on: request.body.on, by, at: clock().toISOString() });
        return planOf(tx, organizationId);
      });
    },
  );
}

function knownExploitedRoutes(app: App, clock: Parts['clock']): void {
  const schema = { tags: ['Rescans'], response: { 200: KnownExploited, ...PROBLEM_RESPONSES } };
  app.get(
    '/known-exploited',
    {
      config: READ,
      schema: {
        ...schema,
        summary: 'Which list of known exploited vulnerabilities is in use, and how old it is',
      },
    },
    async (request) =>
      request.inScope(async (tx) => viewKnownExploited(await knownExploitedList(tx), clock())),
  );
  app.put(
    '/known-exploited',
    {
      bodyLimit: MOST_BYTES,
      config: { access: { object: 'settings', action: 'update' } },
      schema: {
        ...schema,
        summary:
          "Take in CISA's catalogue, as it is published; it takes the place of the one before. The same as a file of the feed `kev`",
        querystring: TakeInFeedQuery,
        body: KnownExploitedCatalogue,
      },
    },
    async (request) => {
      refuseCut(request.body);
      const bytes = Buffer.from(JSON.stringify(request.body));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const by = callerOf(request).account.accountId;
      const file = {
        bytes: Readable.from([bytes]),
        sha256,
        by,
        at: clock().toISOString(),
        older: request.query.older,
      };
      return request.inScope(async (tx) => {
        // The list is everybody's.
        if (!(await mayLieBelow(tx, null))) throw new Problem('INSTALLATION_ONLY');
        await takeInFeed(tx, 'kev', file);
        return viewKnownExploited(await knownExploitedList(tx), clock());
      });
    },
  );
}

/** A list that was cut on its way would silently make findings less pressing. */
function refuseCut({ count, vulnerabilities }: KnownExploitedCatalogue): void {
  if (vulnerabilities.length !== count)
    throw requestInvalid([
      { field: 'count', message: `says ${count}, but there are ${vulnerabilities.length} entries` },
    ]);
}
