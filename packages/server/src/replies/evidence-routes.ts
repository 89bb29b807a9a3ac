import { AddReplyEvidence, ById, EvidenceParams, ReplyDetail } from '@backcheck/contract';
import { lockReply, replyEvidence, type Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../platform/access/guard.ts';
import { FILE_RESPONSE, sendFile } from '../platform/files/send-file.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { lookingAt, mayAddEvidence } from './judge.ts';
import { attach } from './make-reply.ts';
import { replyOf, viewDetail } from './view.ts';

const TAGS = ['Replies'];

export function replyEvidenceRoutes(app: App, parts: Parts): void {
  addRoute(app, parts);
  readRoute(app, parts);
}

function addRoute(app: App, parts: Parts): void {
  app.post(
    '/replies/:id/evidence',
    {
      config: { access: { object: 'reply', action: 'create' } },
      schema: {
        tags: TAGS,
        summary: 'Add a finished upload (docs/evidence.md) to a reply that is not decided yet',
        params: ById,
        body: AddReplyEvidence,
        response: { 201: ReplyDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const detail = await request.inScope((tx) =>
        add(tx, parts, { request, uploadId: request.body.uploadId }),
      );
      return reply.code(201).send(detail);
    },
  );
}

interface Adding {
  readonly request: FastifyRequest<{ Params: { id: string } }>;
  readonly uploadId: string;
}

async function add(tx: Tx, parts: Parts, { request, uploadId }: Adding): Promise<ReplyDetail> {
  const { id } = request.params;
  const { accountId } = callerOf(request).account;
  const row = await lockReply(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  request.audit.organizationId = row.organizationId;
  if (!mayAddEvidence(await lookingAt(tx, request, row))) throw new Problem('REPLY_STATE');
  await attach(tx, parts, { reply: row, uploadIds: [uploadId], accountId });
  return viewDetail(tx, request, await replyOf(tx, id));
}

function readRoute(app: App, { files }: Parts): void {
  app.get(
    '/replies/:id/evidence/:no',
    {
      config: { access: { object: 'reply', action: 'read' }, audited: true },
      schema: {
        tags: TAGS,
        summary: 'One evidence file of a reply',
        params: EvidenceParams,
        response: { ...FILE_RESPONSE, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { id, no } = request.params;
      const file = await request.inScope(async (tx) => {
        const row = await replyOf(tx, id);
        request.audit.organizationId = row.organizationId;
        return (await replyEvidence(tx, id)).find((one) => one.no === no);
      });
      if (file === undefined) throw new Problem('NOT_FOUND');
      return sendFile(reply, files, file);
    },
  );
}
