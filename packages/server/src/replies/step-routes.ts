import {
  ById,
  DecidedReply,
  DecideReply,
  EndReply,
  OpineOnReply,
  ReplyDetail,
  ReviewReply,
  VerifyReply,
} from '@backcheck/contract';
import { decideReply, endReply, liftOverlay, opineOnReply, signReply, type Tx } from '@backcheck/db';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { decide } from './decide.ts';
import { review } from './review.ts';
import { type StepRequest, type Taking, take } from './taking.ts';
import { replyOf, viewDetail } from './view.ts';

const may = (action: 'create' | 'approve') => ({ access: { object: 'reply', action } as const });
const schemaOf = (summary: string) => ({
  tags: ['Replies'],
  summary,
  params: ById,
  response: { 200: ReplyDetail, ...PROBLEM_RESPONSES },
});

/** What people do with a reply after it was made. Each asks core whether it waits for that, and whether they may. */
export function replyStepRoutes(app: App, parts: Parts): void {
  organizationRoutes(app, parts);
  opinionRoute(app, parts);
  decideRoute(app, parts);
  verifyRoute(app, parts);
  reviewRoute(app, parts);
  revokeRoute(app, parts);
}

const viewAgain = async (tx: Tx, request: StepRequest): Promise<ReplyDetail> =>
  viewDetail(tx, request, await replyOf(tx, request.params.id));

function organizationRoutes(app: App, { clock }: Parts): void {
  app.post(
    '/replies/:id/sign',
    { config: may('create'), schema: schemaOf('Sign for a risk: the organization’s security lead') },
    (request) =>
      request.inScope(async (tx) => {
        const taking = await take(tx, request, { step: 'sign', now: clock() });
        await signReply(tx, taking.row, taking);
        return viewAgain(tx, request);
      }),
  );
  app.post(
    '/replies/:id/withdraw',
    {
      config: may('create'),
      schema: {
        ...schemaOf('Take it back: for who made it, and for the organization’s security lead'),
        body: EndReply,
      },
    },
    (request) =>
      request.inScope(async (tx) => {
        const taking = await take(tx, request, { step: 'withdraw', now: clock() });
        await end(tx, taking, request.body.because);
        return viewAgain(tx, request);
      }),
  );
}

async function end(tx: Tx, taking: Taking, because: string): Promise<void> {
  await endReply(tx, taking.row, { ...taking, because });
  await liftOverlay(tx, taking.row);
}

function opinionRoute(app: App, { clock }: Parts): void {
  app.post(
    '/replies/:id/opinion',
    {
      config: may('approve'),
      schema: {
        ...schemaOf('The first of two pairs of eyes on an objection or a false positive'),
        body: OpineOnReply,
      },
    },
    (request) =>
      request.inScope(async (tx) => {
        const taking = await take(tx, request, { step: 'opine', now: clock() });
        await opineOnReply(tx, taking.row, { ...taking, ...request.body });
        return viewAgain(tx, request);
      }),
  );
}

function decideRoute(app: App, parts: Parts): void {
  app.post(
    '/replies/:id/decide',
    {
      config: may('approve'),
      schema: {
        ...schemaOf('Grant or refuse it, with the reason; changes no state of any finding'),
        body: DecideReply,
        response: { 200: DecidedReply, ...PROBLEM_RESPONSES },
      },
    },
    (request) =>
      request.inScope(async (tx) => {
        const step = request.body.grant ? 'grant' : 'refuse';
        const taking = await take(tx, request, { step, now: parts.clock() });
        const draftedNoticeId = await decide(tx, taking, request.body);
        return { ...(await viewAgain(tx, request)), draftedNoticeId };
      }),
  );
}

function verifyRoute(app: App, { clock }: Parts): void {
  app.post(
    '/replies/:id/verify',
    {
      config: may('approve'),
      schema: {
        ...schemaOf('Say that a plan or an interim measure was looked at: it holds, or goes back'),
        body: VerifyReply,
      },
    },
    (request) =>
      request.inScope(async (tx) => {
        const { verified, text } = request.body;
        const taking = await take(tx, request, { step: verified ? 'verify' : 'refuse', now: clock() });
        // What waits for a decision has a way of its own, which judges more.
        if (taking.row.kind !== 'plan' && taking.row.kind !== 'interim') throw new Problem('REPLY_STATE');
        await decideReply(tx, taking.row, { ...taking, text, until: null, grade: null, reviewAt: null });
        return viewAgain(tx, request);
      }),
  );
}

function reviewRoute(app: App, { clock }: Parts): void {
  app.post(
    '/replies/:id/review',
    {
      config: may('approve'),
      schema: {
        ...schemaOf('Look again at a risk that is borne: it still holds, until the next time'),
        body: ReviewReply,
      },
    },
    (request) =>
      request.inScope(async (tx) => {
        const taking = await take(tx, request, { step: 'review', now: clock() });
        await review(tx, taking, request.body);
        return viewAgain(tx, request);
      }),
  );
}

function revokeRoute(app: App, { clock }: Parts): void {
  app.post(
    '/replies/:id/revoke',
    {
      config: may('approve'),
      schema: {
        ...schemaOf('End before its time what was granted or verified; what it laid over findings is lifted'),
        body: EndReply,
      },
    },
    (request) =>
      request.inScope(async (tx) => {
        const taking = await take(tx, request, { step: 'revoke', now: clock() });
        await end(tx, taking, request.body.because);
        return viewAgain(tx, request);
      }),
  );
}
