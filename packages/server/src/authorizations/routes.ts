import {
  Authorization,
  AuthorizationList,
  AuthorizationQuery,
  ById,
  DraftAuthorizationFields,
} from '@backcheck/contract';
import { type AuthorizationRow, findAuthorization, listAuthorizations, type Tx } from '@backcheck/db';
import { z } from 'zod';
import { passScanner } from '../evidence/pass-scanner.ts';
import { callerOf } from '../platform/access/guard.ts';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { validateAllButBody } from '../platform/files/receive-form.ts';
import { FILE_RESPONSE, sendFile } from '../platform/files/send-file.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { draftAuthorization, receiveDraft } from './draft.ts';
import { viewAuthorization } from './view.ts';

const TAGS = ['Authorizations'];
const READ = { object: 'authorization', action: 'read' } as const;
const CREATE = { object: 'authorization', action: 'create' } as const;

export function authorizationRoutes(app: App, parts: Parts): void {
  draftRoute(app, parts);
  listRoute(app, parts);
  readRoutes(app, parts);
}

function draftRoute(app: App, parts: Parts): void {
  app.post(
    '/authorizations',
    {
      config: { access: CREATE },
      validatorCompiler: validateAllButBody,
      schema: {
        tags: TAGS,
        summary:
          'Draft an authorization to test from its signed paper; it takes effect when somebody else approves it',
        consumes: ['multipart/form-data'],
        body: DraftAuthorizationFields.extend({ file: z.file().describe('The signed paper') }),
        response: { 201: Authorization, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).account;
      const upload = await receiveDraft(request, parts);
      const now = parts.clock();
      try {
        request.audit.organizationId = Number(upload.fields.organizationId);
        await passScanner(parts, upload);
        const row = await request.inScope(async (tx) => {
          const id = await draftAuthorization(tx, upload, { accountId, now });
          request.audit.objectId = id;
          return authorizationOf(tx, id);
        });
        return reply.code(201).send(viewAuthorization(row, now.toISOString()));
      } catch (error) {
        await upload.file.drop();
        throw error;
      }
    },
  );
}

function listRoute(app: App, { clock }: Parts): void {
  app.get(
    '/authorizations',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'Authorizations to test, the latest first',
        querystring: AuthorizationQuery,
        response: { 200: AuthorizationList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, cursor, limit } = request.query;
      const page = {
        organizationId: organizationId === undefined ? null : Number(organizationId),
        before: cursor === undefined ? null : readCursor(cursor),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => listAuthorizations(tx, page));
      const now = clock().toISOString();
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).map((row) => viewAuthorization(row, now)),
        nextCursor: last === undefined ? null : writeCursor(last.id),
      };
    },
  );
}

function readRoutes(app: App, { clock, files }: Parts): void {
  app.get(
    '/authorizations/:id',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'One authorization: its terms, its state, and what runs under it',
        params: ById,
        response: { 200: Authorization, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const row = await request.inScope((tx) => authorizationOf(tx, request.params.id));
      return viewAuthorization(row, clock().toISOString());
    },
  );

  app.get(
    '/authorizations/:id/document',
    {
      config: { access: READ, audited: true },
      schema: {
        tags: TAGS,
        summary: 'The signed paper',
        params: ById,
        response: { ...FILE_RESPONSE, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { document, organizationId } = await request.inScope((tx) =>
        authorizationOf(tx, request.params.id),
      );
      request.audit.organizationId = organizationId;
      return sendFile(reply, files, document);
    },
  );
}

export async function authorizationOf(tx: Tx, id: string): Promise<AuthorizationRow> {
  const row = await findAuthorization(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}
