import { ById, Upload, UploadLimits } from '@backcheck/contract';
import { type Permission, rolesThatMay } from '@backcheck/core';
import { deleteUpload, findUpload, insertUpload, type UploadRow } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { fileNameOf } from '../platform/files/receive-form.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { finishOnce } from './finish-upload.ts';
import { type AnswerTus, answerTus } from './tus.ts';

const TAGS = ['Evidence'];
/** An account's own; which accounts is `mayUpload`. */
const OWN = { access: 'self' } as const;

/** Whoever may do one of these has something to prove or to send back. */
const REASONS: readonly Permission[] = [
  { object: 'retest', action: 'create' },
  { object: 'reply', action: 'create' },
  { object: 'notice', action: 'create' },
  { object: 'notice', action: 'approve' },
];

type Needs = Pick<Parts, 'files' | 'evidence' | 'clock' | 'widePool'>;

/** Resumable uploads of whoever sends them, by tus 1.0. */
export function uploadRoutes(app: App, parts: Needs): void {
  const answer = answerTus(parts, {
    begin: (request, upload) => begin(request, parts, upload),
    finish: async (request, id) => finishFor(request, parts, await ownUpload(request, id)),
  });
  limitsRoute(app, parts);
  readRoute(app, parts);
  // In a scope of its own, because a stream of bytes is a body nowhere else.
  app.register(async (scope: App) => {
    scope.addContentTypeParser('application/offset+octet-stream', (_request, _payload, done) => done(null));
    createRoute(scope, answer);
    continueRoutes(scope, parts, answer);
    removeRoute(scope, parts);
  });
}

/** The permission that a caller's uploads work under; refuses whoever has nothing to upload for. */
function mayUpload({ grants }: FastifyRequest): Permission {
  const held = (grants ?? []).map(({ role }) => role);
  const reason = REASONS.find((one) => rolesThatMay(one).some((role) => held.includes(role)));
  if (reason === undefined) throw new Problem('FORBIDDEN');
  return reason;
}

async function ownUpload(request: FastifyRequest, id: string): Promise<UploadRow> {
  const { accountId } = callerOf(request).account;
  request.audit.objectId = `uploads/${id}`;
  const row = await request.inScopeOf(mayUpload(request), (tx) => findUpload(tx, id, accountId));
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}

async function begin(
  request: FastifyRequest,
  { evidence: { mostBytes, most }, clock }: Needs,
  { sizeBytes, fileName }: { readonly sizeBytes: number; readonly fileName: string },
): Promise<string> {
  if (sizeBytes > mostBytes) throw new Problem('UPLOAD_TOO_LARGE', { most: mostBytes });
  const { accountId } = callerOf(request).account;
  const upload = {
    accountId,
    sizeBytes,
    fileName: fileNameOf(fileName, 'file'),
    createdAt: clock().toISOString(),
  };
  return request.inScopeOf(mayUpload(request), async (tx) => {
    const id = await insertUpload(tx, upload, most);
    if (id === null) throw new Problem('UPLOAD_TOO_MANY', { most });
    request.audit.objectId = `uploads/${id}`;
    return id;
  });
}

function finishFor(request: FastifyRequest, parts: Needs, upload: UploadRow): Promise<void> {
  return finishOnce(parts, upload, (work) => request.inScopeOf(mayUpload(request), work));
}

function limitsRoute(app: App, { evidence: { mostBytes, most, scanner } }: Needs): void {
  app.get(
    '/upload-limits',
    {
      config: OWN,
      schema: {
        tags: TAGS,
        summary: 'How large a file and how many may be sent, and whether a virus scanner looks at them',
        response: { 200: UploadLimits, ...PROBLEM_RESPONSES },
      },
    },
    async () => ({ mostBytes, most, scans: scanner !== null }),
  );
}

function readRoute(app: App, parts: Needs): void {
  app.get(
    '/uploads/:id',
    {
      config: OWN,
      // tus has its own HEAD
      exposeHeadRoute: false,
      schema: {
        tags: TAGS,
        summary: 'How far one upload of the caller is, and its SHA-256 when it is whole',
        params: ById,
        response: { 200: Upload, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      await finishFor(request, parts, await ownUpload(request, id));
      const row = await ownUpload(request, id);
      const received =
        row.state === 'receiving' ? ((await parts.evidence.uploads.received(id)) ?? 0) : row.sizeBytes;
      return viewUpload(row, received, parts.evidence.takeUnscanned);
    },
  );
}

const viewUpload = (
  { uploadId, accountId, ...row }: UploadRow,
  receivedBytes: number,
  takeUnscanned: boolean,
): Upload => ({
  id: uploadId,
  receivedBytes,
  usable: row.state === 'ready' || (row.state === 'unscanned' && takeUnscanned),
  ...row,
});

const Resumable = z.object({ 'tus-resumable': z.literal('1.0.0') });

function createRoute(app: App, answer: AnswerTus): void {
  app.post(
    '/uploads',
    {
      config: OWN,
      schema: {
        tags: TAGS,
        summary: 'Begin a resumable upload (tus 1.0, extension creation); `filename` in Upload-Metadata',
        headers: Resumable.extend({
          'upload-length': z.coerce.number().int().min(0),
          'upload-metadata': z.string().max(2000).optional(),
        }),
        response: {
          201: z.undefined().describe('Begun; Location says where it goes on'),
          ...PROBLEM_RESPONSES,
        },
      },
    },
    async (request, reply) => {
      mayUpload(request);
      return answer(request, reply);
    },
  );
}

function continueRoutes(app: App, parts: Needs, answer: AnswerTus): void {
  app.patch(
    '/uploads/:id',
    {
      config: OWN,
      schema: {
        tags: TAGS,
        summary: 'Send the next bytes of an upload (tus 1.0)',
        consumes: ['application/offset+octet-stream'],
        params: ById,
        headers: Resumable.extend({ 'upload-offset': z.coerce.number().int().min(0) }),
        response: { 204: z.undefined().describe('Taken in up to Upload-Offset'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      await ownUpload(request, request.params.id);
      return answer(request, reply);
    },
  );
  app.head(
    '/uploads/:id',
    {
      config: OWN,
      schema: {
        tags: TAGS,
        summary: 'From where an upload goes on (tus 1.0): Upload-Offset',
        params: ById,
        headers: Resumable,
        response: PROBLEM_RESPONSES,
      },
    },
    async (request, reply) => {
      // A process that was killed between the last byte and its answer left it whole, and not yet put together.
      await finishFor(request, parts, await ownUpload(request, request.params.id));
      return answer(request, reply);
    },
  );
}

function removeRoute(app: App, { evidence: { uploads } }: Needs): void {
  app.delete(
    '/uploads/:id',
    {
      config: OWN,
      schema: {
        tags: TAGS,
        summary: 'Give up an upload that nothing has taken',
        params: ById,
        response: { 204: z.undefined().describe('Given up'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await ownUpload(request, id);
      const { accountId } = callerOf(request).account;
      const gone = await request.inScopeOf(mayUpload(request), (tx) => deleteUpload(tx, id, accountId));
      if (!gone) throw new Problem('UPLOAD_UNKNOWN', { upload: id });
      await uploads.remove(id);
      return reply.code(204).header('tus-resumable', '1.0.0').send(undefined);
    },
  );
}
