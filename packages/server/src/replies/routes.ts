import {
  ById,
  FindingReplies,
  MakeReply,
  PreviewReply,
  ReplyDetail,
  ReplyList,
  type ReplyOffer,
  ReplyPreview,
  ReplyQuery,
} from '@backcheck/contract';
import {
  latestUntil,
  needsInterim,
  OBJECTION_GROUNDS,
  offerFlaw,
  REPLY_KINDS,
  REVIEW_AHEAD,
  type ReplyKind,
} from '@backcheck/core';
import { type FindingToAnswer, listReplies, type Tx } from '@backcheck/db';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { IdempotencyKey } from '../platform/idempotency-key.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { replyEvidenceRoutes } from './evidence-routes.ts';
import { findingsOfOne, makeReply } from './make-reply.ts';
import { previewReply } from './preview.ts';
import { problemOfFlaw, refusalText } from './refusals.ts';
import { replyStepRoutes } from './step-routes.ts';
import { vetoRoutes } from './veto-routes.ts';
import { replyOf, viewDetail, viewReply } from './view.ts';

const TAGS = ['Replies'];
const CREATE = { object: 'reply', action: 'create' } as const;
const READ = { object: 'reply', action: 'read' } as const;
/** Of the replies about one finding. */
const MOST = 100;

export function replyRoutes(app: App, parts: Parts): void {
  makeRoute(app, parts);
  previewRoute(app, parts);
  listRoute(app, parts);
  readRoute(app);
  findingRoute(app, parts);
  replyStepRoutes(app, parts);
  replyEvidenceRoutes(app, parts);
  vetoRoutes(app, parts);
}

function makeRoute(app: App, parts: Parts): void {
  app.post(
    '/replies',
    {
      config: { access: CREATE },
      schema: {
        tags: TAGS,
        summary:
          'Object, file a plan or an interim measure, ask for more time, bear a risk, or call it a false positive',
        headers: IdempotencyKey,
        body: MakeReply,
        response: { 201: ReplyDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'] ?? null;
      const detail = await request.inScope(async (tx) => {
        const row = await makeReply(tx, parts, { request, body: request.body, key, now: parts.clock() });
        request.audit.objectId = `replies/${row.id}`;
        return viewDetail(tx, request, row);
      });
      return reply.code(201).header('location', `/api/v1/replies/${detail.id}`).send(detail);
    },
  );
}

function previewRoute(app: App, { clock }: Parts): void {
  app.post(
    '/replies/preview',
    {
      config: { access: CREATE },
      schema: {
        tags: TAGS,
        summary:
          'Which of many findings such a reply could be about, and why not the others; nothing is made',
        body: PreviewReply,
        response: { 200: ReplyPreview, ...PROBLEM_RESPONSES },
      },
    },
    async (request) =>
      request.inScope((tx) => previewReply(tx, { request, wish: request.body, now: clock() })),
  );
}

function listRoute(app: App, { clock }: Parts): void {
  app.get(
    '/replies',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'Replies, the latest first; `waiting=decision` is the coordinator’s turn',
        querystring: ReplyQuery,
        response: { 200: ReplyList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, kind, state, findingId, waiting, cursor, limit } = request.query;
      const rows = await request.inScope((tx) =>
        listReplies(tx, {
          organizationId: organizationId === undefined ? null : Number(organizationId),
          kind: kind ?? null,
          state: state ?? null,
          findingId: findingId ?? null,
          waiting: waiting ?? null,
          endingBefore: new Date(clock().getTime() + REVIEW_AHEAD).toISOString(),
          before: cursor === undefined ? null : readCursor(cursor),
          limit: limit + 1,
        }),
      );
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return {
        items: shown.map(viewReply),
        nextCursor: last === undefined ? null : writeCursor(last.id),
      };
    },
  );
}

function readRoute(app: App): void {
  app.get(
    '/replies/:id',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'One reply with its evidence and history, and what the caller may do with it',
        params: ById,
        response: { 200: ReplyDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request) =>
      request.inScope(async (tx) => viewDetail(tx, request, await replyOf(tx, request.params.id))),
  );
}

function findingRoute(app: App, { clock }: Parts): void {
  app.get(
    '/findings/:id/replies',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'What was answered to a finding, and what still can be, within which limits',
        params: ById,
        response: { 200: FindingReplies, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => request.inScope((tx) => ofFinding(tx, request.params.id, clock())),
  );
}

async function ofFinding(tx: Tx, findingId: string, now: Date): Promise<FindingReplies> {
  const { findings } = await findingsOfOne(tx, [findingId]);
  const [finding] = findings;
  if (finding === undefined) throw new Problem('NOT_FOUND');
  const rows = await listReplies(tx, {
    organizationId: finding.organizationId,
    kind: null,
    state: null,
    findingId: finding.findingId,
    waiting: null,
    endingBefore: now.toISOString(),
    before: null,
    limit: MOST,
  });
  const offers = REPLY_KINDS.map((kind) => offerOf(kind, finding, now.toISOString()));
  return { replies: rows.map(viewReply), offers };
}

function offerOf(kind: ReplyKind, finding: FindingToAnswer, now: string): ReplyOffer {
  const flaw = offerFlaw(kind, finding, now);
  const isExtension = kind === 'extension';
  return {
    kind,
    refusal: flaw === null ? null : refusalText(problemOfFlaw(flaw, finding)),
    before: isExtension ? finding.dueAt : null,
    latest: latestUntil(kind, finding, now),
    left: isExtension ? Math.max(0, finding.extension.most - finding.extensions) : null,
    needsInterim: isExtension && needsInterim(finding),
    grounds: kind === 'objection' ? OBJECTION_GROUNDS.filter((one) => !finding.grounds.includes(one)) : [],
  };
}
