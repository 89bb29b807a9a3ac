import {
  ById,
  ChangeNotice,
  DraftNotice,
  NoticeDetail,
  NoticeProposal,
  NoticeProposalQuery,
} from '@backcheck/contract';
import {
  changeDraft,
  findNoticeByKey,
  findOrganization,
  noticeWords,
  numberOfIssued,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { IdempotencyKey, requestSha256 } from '../platform/idempotency-key.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { contentIfIssued, freezeDraft, readDraft } from './content.ts';
import { type Drafting, draftNotice, draftOnce, nameAll, refuseReferences } from './draft.ts';
import { IfMatch, refuseChanged } from './if-match.ts';
import { proposeNotice } from './propose.ts';
import { after, lockedNotice } from './ready.ts';
import { viewContent, viewNoticeDetail } from './view.ts';

const TAGS = ['Notices'];
const CREATE = { access: { object: 'notice', action: 'create' } } as const;
const UPDATE = { access: { object: 'notice', action: 'update' } } as const;

export function noticeDraftRoutes(app: App, parts: Parts): void {
  proposalRoute(app, parts);
  draftRoute(app, parts);
  changeRoute(app, parts);
  replaceRoute(app, parts);
}

function proposalRoute(app: App, { clock }: Parts): void {
  app.get(
    '/notices/proposal',
    {
      config: CREATE,
      schema: {
        tags: TAGS,
        summary: 'Words, findings and dates for a notice to an organization; nothing is stored',
        querystring: NoticeProposalQuery,
        response: { 200: NoticeProposal, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId: id, ...wanted } = request.query;
      const { accountId } = callerOf(request).account;
      const organizationId = Number(id);
      const now = clock();
      return request.inScope(async (tx) => {
        found(await findOrganization(tx, organizationId));
        const { draft, leftOut } = await proposeNotice(tx, { ...wanted, organizationId, now });
        const frozen = await freezeDraft(tx, { organizationId, draft, drafter: accountId });
        return { draft, content: viewContent(await contentIfIssued(tx, frozen, now.toISOString())), leftOut };
      });
    },
  );
}

function draftRoute(app: App, { clock }: Parts): void {
  app.post(
    '/notices',
    {
      config: CREATE,
      schema: {
        tags: TAGS,
        summary: 'Draft a notice; it gets its number when it is issued, after somebody else approved it',
        headers: IdempotencyKey,
        body: DraftNotice,
        response: { 201: NoticeDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'] ?? null;
      const now = clock();
      const detail = await request.inScope(async (tx) => {
        const id = await draftFor(tx, request, { body: request.body, key, now });
        return viewNoticeDetail(tx, request, { id, now });
      });
      return reply.code(201).header('location', `/api/v1/notices/${detail.id}`).send(detail);
    },
  );
}

async function draftFor(
  tx: Tx,
  request: FastifyRequest,
  { body, key, now }: { readonly body: DraftNotice; readonly key: string | null; readonly now: Date },
): Promise<string> {
  const { accountId } = callerOf(request).account;
  const organizationId = Number(body.organizationId);
  request.audit.organizationId = organizationId;
  const idempotency = key === null ? null : { key, sha256: requestSha256(body) };
  const drafted = await draftOnce(tx, {
    organizationId,
    draft: body.draft,
    draftedBy: accountId,
    now,
    idempotency,
  });
  const id = drafted ?? (await draftedBefore(tx, accountId, idempotency));
  request.audit.objectId = id;
  return id;
}

/** The draft that the same request made before. */
async function draftedBefore(tx: Tx, accountId: number, sent: Drafting['idempotency']): Promise<string> {
  const before = sent == null ? null : await findNoticeByKey(tx, accountId, sent.key);
  if (before === null) throw new Error('A notice was neither inserted nor found by its key');
  if (before.requestSha256 !== sent?.sha256) throw new Problem('IDEMPOTENCY_KEY_REUSED');
  return before.id;
}

function changeRoute(app: App, { clock }: Parts): void {
  app.patch(
    '/notices/:id',
    {
      config: UPDATE,
      schema: {
        tags: TAGS,
        summary: 'Write a draft anew; whoever does so cannot approve it any more',
        description:
          'With `If-Match`, nothing is written over that somebody else has written since the `tag` was read: 412 NOTICE_CHANGED.',
        params: ById,
        headers: IfMatch,
        body: ChangeNotice,
        response: { 200: NoticeDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { draft } = request.body;
      const { accountId } = callerOf(request).account;
      return request.inScope(async (tx) => {
        const notice = await lockedNotice(tx, request, id);
        // What can be submitted can still be changed.
        after(notice.state, 'submit');
        refuseChanged(notice, request.headers);
        if (draft.kind !== notice.kind)
          throw new Problem('NOTICE_FLAWED', { fields: 'kind' }, [
            { field: 'draft.kind', message: 'CHANGED' },
          ]);
        await refuseReferences(tx, notice.organizationId, draft);
        await changeDraft(tx, notice, { ...draft, draft, by: accountId });
        await nameAll(tx, notice, draft.findingIds);
        return viewNoticeDetail(tx, request, { id, now: clock() });
      });
    },
  );
}

function replaceRoute(app: App, { clock }: Parts): void {
  app.post(
    '/notices/:id/supersede',
    {
      config: CREATE,
      schema: {
        tags: TAGS,
        summary:
          'Draft a notice that takes the place of an issued one; the old one is superseded when it is issued',
        params: ById,
        response: { 201: NoticeDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).account;
      const now = clock();
      const detail = await request.inScope(async (tx) => {
        const old = await lockedNotice(tx, request, request.params.id);
        after(old.state, 'supersede');
        const words = found(await noticeWords(tx, old.noticeId));
        const { refersTo: noticeId, ...same } = readDraft(words.draft);
        const { organizationId } = old;
        const stands = noticeId !== null && (await numberOfIssued(tx, { organizationId, noticeId })) !== null;
        const draft = { ...same, refersTo: stands ? noticeId : null, replaces: old.noticeId };
        const id = await draftNotice(tx, {
          organizationId,
          draft,
          draftedBy: accountId,
          now,
        });
        request.audit.objectId = id;
        return viewNoticeDetail(tx, request, { id, now });
      });
      return reply.code(201).header('location', `/api/v1/notices/${detail.id}`).send(detail);
    },
  );
}
