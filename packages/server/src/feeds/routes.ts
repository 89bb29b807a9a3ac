import {
  ByFeed,
  ById,
  Feed,
  FeedList,
  FeedVersionList,
  KnownVulnerabilityList,
  SetFeedAddress,
  SetFeedLimit,
  TakeInFeedQuery,
} from '@backcheck/contract';
import { FEEDS, type FeedName } from '@backcheck/core';
import {
  askForFeed,
  feedState,
  feedVersions,
  findFinding,
  knownVulnerabilities,
  mayLieBelow,
  scannedCvss,
  setFeedAddress,
  setFeedLimit,
  type Tx,
} from '@backcheck/db';
import { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { receiveForm, validateAllButBody } from '../platform/files/receive-form.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { refuseFeedAddress } from './download.ts';
import { type Spooled, spool } from './spool.ts';
import { takeInFeed } from './take-in.ts';
import { viewFeed, viewFeedVersion, viewKnownVulnerability } from './view.ts';

const FEED_TAG = ['Feeds'];
const READ = { access: { object: 'feed', action: 'read' } } as const;
const UPDATE = { access: { object: 'feed', action: 'update' } } as const;
const MOST_VERSIONS = 200;

export function feedRoutes(app: App, parts: Parts): void {
  readRoutes(app, parts);
  uploadRoute(app, parts);
  settingRoutes(app, parts);
  vulnerabilityRoute(app);
}

function readRoutes(app: App, { clock }: Pick<Parts, 'clock'>): void {
  app.get(
    '/feeds',
    {
      config: READ,
      schema: {
        tags: FEED_TAG,
        summary: 'What is known of vulnerabilities from where, how old it is, and whether it is stale',
        response: { 200: FeedList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) =>
      request.inScope(async (tx) => {
        const items: Feed[] = [];
        for (const feed of FEEDS) items.push(viewFeed(feed, await feedState(tx, feed), clock()));
        return { items };
      }),
  );
  app.get(
    '/feeds/:feed/versions',
    {
      config: READ,
      schema: {
        tags: FEED_TAG,
        summary: 'The versions of a feed that were taken in, newest first',
        params: ByFeed,
        response: { 200: FeedVersionList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const rows = await request.inScope((tx) => feedVersions(tx, request.params.feed, MOST_VERSIONS));
      return { items: rows.map(viewFeedVersion) };
    },
  );
}

/** The lists are everybody's. */
async function refuseUnlessWide(tx: Tx): Promise<void> {
  if (!(await mayLieBelow(tx, null))) throw new Problem('INSTALLATION_ONLY');
}

function uploadRoute(app: App, parts: Parts): void {
  app.post(
    '/feeds/:feed/files',
    {
      config: UPDATE,
      validatorCompiler: validateAllButBody,
      schema: {
        tags: FEED_TAG,
        summary: 'Take in a file of a feed as it is published, whole or not at all',
        consumes: ['multipart/form-data'],
        params: ByFeed,
        querystring: TakeInFeedQuery,
        body: z.object({
          file: z
            .file()
            .describe('Plain, gzip, or a zip: of one file, or of many of `nvd`, `cve`, `cnvd` and `cnnvd`'),
        }),
        response: { 200: Feed, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { feed } = request.params;
      const by = callerOf(request).account.accountId;
      await request.inScopeOf(UPDATE.access, refuseUnlessWide);
      const file = await receiveFeed(request, parts);
      try {
        return await request.inScope(async (tx) => {
          await refuseUnlessWide(tx);
          const at = parts.clock().toISOString();
          const { older } = request.query;
          await takeInFeed(tx, feed, { bytes: file.read(), sha256: file.sha256, by, at, older });
          return viewFeed(feed, await feedState(tx, feed), parts.clock());
        });
      } finally {
        await file.drop();
      }
    },
  );
}

/** A feed is no evidence: it goes to a temporary file in the place of the store. */
async function receiveFeed(
  request: Parameters<typeof receiveForm>[0],
  { files, maxUploadBytes }: Pick<Parts, 'files' | 'maxUploadBytes'>,
): Promise<Spooled> {
  let file: Spooled | undefined;
  const receive = async (bytes: AsyncIterable<Uint8Array>) => {
    const spooled = await spool(bytes);
    file = spooled;
    return { ...spooled, keep: async () => undefined };
  };
  await receiveForm(request, { files: { ...files, receive }, maxUploadBytes }, { read: () => ({}), most: 1 });
  if (file === undefined) throw new Problem('FILE_MISSING');
  return file;
}

function settingRoutes(app: App, { clock }: Pick<Parts, 'clock'>): void {
  const schema = { tags: FEED_TAG, params: ByFeed, response: { 200: Feed, ...PROBLEM_RESPONSES } };
  const viewOf = async (tx: Tx, feed: FeedName) => viewFeed(feed, await feedState(tx, feed), clock());
  app.put(
    '/feeds/:feed/address',
    {
      config: UPDATE,
      schema: { ...schema, summary: 'Where a feed is fetched from once a day', body: SetFeedAddress },
    },
    async (request) => {
      const { feed } = request.params;
      const { address } = request.body;
      if (address !== null) refuseFeedAddress(address);
      return request.inScope(async (tx) => {
        await refuseUnlessWide(tx);
        await setFeedAddress(tx, feed, address);
        return viewOf(tx, feed);
      });
    },
  );
  app.put(
    '/feeds/:feed/limit',
    {
      config: UPDATE,
      schema: { ...schema, summary: 'After how many days a feed is said to be stale', body: SetFeedLimit },
    },
    async (request) => {
      const { feed } = request.params;
      return request.inScope(async (tx) => {
        await refuseUnlessWide(tx);
        await setFeedLimit(tx, feed, request.body.staleAfterDays);
        return viewOf(tx, feed);
      });
    },
  );
  app.post(
    '/feeds/:feed/fetch',
    {
      config: UPDATE,
      schema: {
        ...schema,
        summary: 'Fetch a feed from its address soon; how that ended shows in the feed',
        response: { 202: Feed, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { feed } = request.params;
      const asked = await request.inScope(async (tx) => {
        await refuseUnlessWide(tx);
        if ((await feedState(tx, feed)).address === null) throw new Problem('FEED_WITHOUT_ADDRESS');
        await askForFeed(tx, feed, clock().toISOString());
        return viewOf(tx, feed);
      });
      return reply.code(202).send(asked);
    },
  );
}

function vulnerabilityRoute(app: App): void {
  app.get(
    '/findings/:id/vulnerabilities',
    {
      config: { access: { object: 'finding', action: 'read' } },
      schema: {
        tags: FEED_TAG,
        summary: 'What the feeds know of the CVEs of a finding, and which version of a feed said so',
        params: ById,
        response: { 200: KnownVulnerabilityList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) =>
      request.inScope(async (tx) => {
        const finding = await findFinding(tx, request.params.id);
        if (finding === null) throw new Problem('NOT_FOUND');
        request.audit.organizationId = Number(finding.organization.id);
        // A scanner's vector says nothing of which of several CVEs it is.
        const scanned = finding.cve.length === 1 ? await scannedCvss(tx, request.params.id) : [];
        const rows = await knownVulnerabilities(tx, finding.cve);
        return { items: rows.map((row) => viewKnownVulnerability(row, scanned)) };
      }),
  );
}
