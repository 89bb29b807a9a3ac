import {
  ApplyRegisterImport,
  ById,
  CreateRegisterImportFields,
  RegisterImport,
  RegisterImportList,
  RegisterImportQuery,
  RegisterImportRowList,
  RegisterImportRowQuery,
  RegisterMapping,
} from '@backcheck/contract';
import {
  askRegisterImport,
  findRegisterImport,
  type ListedRow,
  listRegisterImports,
  listStagedRows,
  type RegisterImportRow,
  type RegisterImportState,
  type StagedPage,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { part, readParts } from '../organizations/read-parts.ts';
import { callerOf } from '../platform/access/guard.ts';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { readFields, receiveForm, validateAllButBody } from '../platform/files/receive-form.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { chooseMapping } from './choose-mapping.ts';
import { createRegisterImport } from './create-register-import.ts';
import { MAX_REGISTER_BYTES } from './open-stored.ts';
import { IMPORT_RULE, lookerOf, readingOf } from './permissions.ts';
import { viewRegisterImport, viewStagedRow } from './view.ts';

export const REGISTERS = ['Registers'];

const config = { access: IMPORT_RULE };
const answer = { response: { 200: RegisterImport, ...PROBLEM_RESPONSES } };
const accepted = { response: { 202: RegisterImport, ...PROBLEM_RESPONSES } };

export function registerImportRoutes(app: App, parts: Parts): void {
  createRoute(app, parts);
  readRoutes(app);
  rowsRoute(app);
  mappingRoute(app);
  decideRoutes(app);
}

function createRoute(app: App, parts: Parts): void {
  const store = { files: parts.files, maxUploadBytes: Math.min(parts.maxUploadBytes, MAX_REGISTER_BYTES) };
  const form = { read: readFields(CreateRegisterImportFields), most: 1 };
  app.post(
    '/register-imports',
    {
      config,
      validatorCompiler: validateAllButBody,
      schema: {
        tags: REGISTERS,
        summary: 'Send a workbook or CSV file of records; answers what its columns seem to be',
        consumes: ['multipart/form-data'],
        body: CreateRegisterImportFields.extend({ file: z.file().describe('XLSX or CSV, at most 20 MB') }),
        response: { 201: RegisterImport, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const upload = await receiveForm(request, store, form);
      try {
        const row = await createRegisterImport(parts, request, upload);
        const location = `/api/v1/register-imports/${row.registerImportId}`;
        return reply
          .code(201)
          .header('location', location)
          .send(viewRegisterImport(row, lookerOf(request)));
      } catch (error) {
        await upload.file.drop();
        throw error;
      }
    },
  );
}

function readRoutes(app: App): void {
  app.get(
    '/register-imports',
    {
      config,
      schema: {
        tags: REGISTERS,
        summary: 'Files of records that were sent, newest first',
        querystring: RegisterImportQuery,
        response: { 200: RegisterImportList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const before = cursor === undefined ? null : readCursor(cursor);
      const rows = await request.inScope((tx) => listRegisterImports(tx, { before, limit: limit + 1 }));
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      const nextCursor = last === undefined ? null : writeCursor(last.registerImportId);
      const looker = lookerOf(request);
      return { items: rows.slice(0, limit).map((row) => viewRegisterImport(row, looker)), nextCursor };
    },
  );

  app.get(
    '/register-imports/:id',
    {
      config,
      schema: {
        tags: REGISTERS,
        summary: 'One of them: progress, then what it would change',
        params: ById,
        ...answer,
      },
    },
    async (request) =>
      viewRegisterImport(await request.inScope((tx) => importOf(tx, request.params.id)), lookerOf(request)),
  );
}

function rowsRoute(app: App): void {
  app.get(
    '/register-imports/:id/rows',
    {
      config,
      schema: {
        tags: REGISTERS,
        summary: 'What its rows would change, and what is wrong with them, in the order of the file',
        params: ById,
        querystring: RegisterImportRowQuery,
        response: { 200: RegisterImportRowList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { outcome = null, cursor, limit } = request.query;
      const after = cursor === undefined ? ([-1, 0] as const) : placeOf(readCursor(cursor));
      const found = await request.inScope((tx) => importOf(tx, request.params.id));
      const rows = await stagedRows(request, found, { outcome, after, limit: limit + 1 });
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      const nextCursor =
        last === undefined ? null : writeCursor(String((last.sheetNo + 1) * ROWS + last.rowNo));
      return { items: rows.slice(0, limit).map((row) => viewStagedRow(row, found.sheets)), nextCursor };
    },
  );
}

/**
 * Rows of each kind under the grants that let the caller read it. Of their own file everybody also sees what tells
 * nothing of the registers.
 */
async function stagedRows(
  request: FastifyRequest,
  { registerImportId: id, sheets, sentBy, askedBy }: RegisterImportRow,
  page: Omit<StagedPage, 'kind'>,
): Promise<ListedRow[]> {
  const kinds = new Set(sheets.flatMap(({ kind }) => kind ?? []));
  const parts = [...kinds].map((kind) =>
    part(readingOf(kind), (tx) => listStagedRows(tx, id, { ...page, kind })),
  );
  const { accountId } = accountIn(request);
  if (sentBy === accountId && askedBy === accountId)
    parts.push(part(IMPORT_RULE, (tx) => listStagedRows(tx, id, { ...page, kind: null })));
  const lists = Object.values(await readParts(request, Object.fromEntries(parts.entries())));
  const rows = lists.flatMap((list) => list ?? []);
  const places = new Map(rows.map((row) => [row.sheetNo * ROWS + row.rowNo, row]));
  return [...places]
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row)
    .slice(0, page.limit);
}

/** More rows than a sheet can have: sheet and row are one number in a cursor. */
const ROWS = 10_000_000;

function placeOf(id: string): readonly [number, number] {
  const place = Number(id);
  if (place >= ROWS * 1000) throw new Problem('CURSOR_INVALID');
  return [Math.floor(place / ROWS) - 1, place % ROWS];
}

function mappingRoute(app: App): void {
  app.put(
    '/register-imports/:id/mapping',
    {
      config,
      schema: {
        tags: REGISTERS,
        summary:
          'Say what sheets and columns are, which is remembered, and compare the file with the registers',
        params: ById,
        body: RegisterMapping,
        ...accepted,
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const row = await request.inScope(async (tx) => {
        const sheets = await chooseMapping(tx, await importOf(tx, params.id), {
          chosen: body,
          ...accountIn(request),
        });
        return ask(tx, params.id, {
          from: ['uploaded', 'ready', 'undone'],
          to: 'staging',
          sheets,
          ...asking(request),
        });
      });
      return reply.code(202).send(viewRegisterImport(row, lookerOf(request)));
    },
  );
}

function decideRoutes(app: App): void {
  app.post(
    '/register-imports/:id/apply',
    {
      config,
      schema: {
        tags: REGISTERS,
        summary: 'Write what was compared into the registers, all or nothing',
        params: ById,
        body: ApplyRegisterImport,
        ...accepted,
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const row = await request.inScope(async (tx) => {
        const { counts } = await importOf(tx, params.id);
        const open = (['error', 'conflict'] as const).filter(
          (one) => (counts[one] ?? 0) > 0 && !body.skip.includes(one),
        );
        if (open.length > 0) {
          throw new Problem('REGISTER_ROWS_OPEN', {
            errors: counts.error ?? 0,
            conflicts: counts.conflict ?? 0,
          });
        }
        return ask(tx, params.id, {
          from: ['ready', 'undone'],
          to: 'applying',
          skip: body.skip,
          ...asking(request),
        });
      });
      return reply.code(202).send(viewRegisterImport(row, lookerOf(request)));
    },
  );

  app.post(
    '/register-imports/:id/undo',
    {
      config,
      schema: {
        tags: REGISTERS,
        summary: 'Put every record back as it was before, all or nothing',
        params: ById,
        ...accepted,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const row = await request.inScope((tx) =>
        ask(tx, id, { from: ['applied'], to: 'undoing', ...asking(request) }),
      );
      return reply.code(202).send(viewRegisterImport(row, lookerOf(request)));
    },
  );
}

const accountIn = (request: FastifyRequest) => ({ accountId: callerOf(request).account.accountId });
const asking = (request: FastifyRequest) => ({ askedBy: accountIn(request).accountId });

async function importOf(tx: Tx, id: string): Promise<RegisterImportRow> {
  const row = await findRegisterImport(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}

type Step = Parameters<typeof askRegisterImport>[2] & { readonly from: readonly RegisterImportState[] };

async function ask(tx: Tx, id: string, step: Step): Promise<RegisterImportRow> {
  const row = await askRegisterImport(tx, id, step);
  if (row !== null) return row;
  const { state } = await importOf(tx, id);
  throw new Problem('REGISTER_IMPORT_STATE', { state, needed: step.from.join(', ') });
}
