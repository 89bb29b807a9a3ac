import { ById, CreateImportFields, Import, ImportList, ImportQuery } from '@backcheck/contract';
import {
  confirmImport,
  discardImport,
  findImport,
  type ImportRow,
  listImports,
  type Tx,
} from '@backcheck/db';
import { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { validateAllButBody } from '../platform/files/receive-form.ts';
import { IdempotencyKey } from '../platform/idempotency-key.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { createImport } from './create-import.ts';
import { receiveUpload } from './receive-upload.ts';
import { viewImport } from './view.ts';

const IMPORTS = ['Imports'];
const CREATE = { object: 'import', action: 'create' } as const;
const READ = { object: 'import', action: 'read' } as const;

export function importRoutes(app: App, parts: Parts): void {
  createRoute(app, parts);
  readRoutes(app);
  decideRoutes(app);
}

function createRoute(app: App, parts: Parts): void {
  app.post(
    '/imports',
    {
      config: { access: CREATE },
      validatorCompiler: validateAllButBody,
      schema: {
        tags: IMPORTS,
        summary: 'Send a scan file; it is read by a job',
        consumes: ['multipart/form-data'],
        headers: IdempotencyKey,
        body: CreateImportFields.extend({ file: z.file().describe('The scan file') }),
        response: { 202: Import, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).account;
      const upload = await receiveUpload(request, parts);
      try {
        const sender = { accountId, key: request.headers['idempotency-key'] ?? null };
        request.audit.organizationId = Number(upload.fields.organizationId);
        const row = await request.inScope((tx) => createImport(tx, parts.clock(), { upload, sender }));
        return reply.code(202).header('location', `/api/v1/imports/${row.importId}`).send(viewImport(row));
      } catch (error) {
        await upload.file.drop();
        throw error;
      }
    },
  );
}

function readRoutes(app: App): void {
  app.get(
    '/imports',
    {
      config: { access: READ },
      schema: {
        tags: IMPORTS,
        summary: 'Imports, newest first',
        querystring: ImportQuery,
        response: { 200: ImportList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, cursor, limit } = request.query;
      const filter = {
        organizationId: organizationId === undefined ? null : Number(organizationId),
        before: cursor === undefined ? null : readCursor(cursor),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => listImports(tx, filter));
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      const nextCursor = last === undefined ? null : writeCursor(last.importId);
      return { items: rows.slice(0, limit).map(viewImport), nextCursor };
    },
  );

  app.get(
    '/imports/:id',
    {
      config: { access: READ },
      schema: {
        tags: IMPORTS,
        summary: 'One import: progress, then the sheet or the problem',
        params: ById,
        response: { 200: Import, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => viewImport(await request.inScope((tx) => importOf(tx, request.params.id))),
  );
}

function decideRoutes(app: App): void {
  const schema = { tags: IMPORTS, params: ById, response: { 200: Import, ...PROBLEM_RESPONSES } };
  app.post(
    '/imports/:id/confirm',
    { config: { access: CREATE }, schema: { ...schema, summary: 'Import what the sheet showed' } },
    async (request) => {
      const { id } = request.params;
      return request.inScope(async (tx) =>
        viewImport((await confirmImport(tx, id)) ?? (await notReady(tx, id))),
      );
    },
  );
  app.post(
    '/imports/:id/discard',
    { config: { access: CREATE }, schema: { ...schema, summary: 'Do not import this file' } },
    async (request) => {
      const { id } = request.params;
      return request.inScope(async (tx) =>
        viewImport((await discardImport(tx, id)) ?? (await notReady(tx, id))),
      );
    },
  );
}

async function importOf(tx: Tx, id: string): Promise<ImportRow> {
  const row = await findImport(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}

async function notReady(tx: Tx, id: string): Promise<never> {
  const { state } = await importOf(tx, id);
  throw new Problem('IMPORT_NOT_READY', { state });
}
