import { preferredLanguage, RegisterExportQuery, RegisterTemplate } from '@backcheck/contract';
import { CATALOGUE, REGISTER_KINDS, type RegisterKind } from '@backcheck/core';
import { exportRecords, organizationExists } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { VERSION } from './describe-sheets.ts';
import { IMPORT_RULE, OBJECT_OF } from './permissions.ts';
import { SHEET_FILE, sendSheet } from './spreadsheet/send-sheet.ts';
import { writeRegister, writeRegisterCsv, writeTemplate } from './spreadsheet/write-workbook.ts';

/** A workbook is put together in memory. */
const MOST = 50_000;

const response = { 200: SHEET_FILE, ...PROBLEM_RESPONSES };

export function registerExportRoutes(app: App): void {
  for (const kind of REGISTER_KINDS) exportRoute(app, kind);
  templateRoute(app);
}

function exportRoute(app: App, kind: RegisterKind): void {
  app.get(
    `/registers/${kind}/export`,
    {
      config: { access: { object: OBJECT_OF[kind], action: 'export' } },
      schema: {
        tags: ['Registers'],
        summary: `${CATALOGUE[kind].label.en} as a sheet that can be imported again`,
        querystring: RegisterExportQuery,
        response,
      },
    },
    async (request, reply) => {
      const {
        format,
        organizationId: below,
        language = preferredLanguage(request.headers['accept-language']),
      } = request.query;
      const organizationId = below === undefined ? null : Number(below);
      const found = await request.inScope(async (tx) => {
        if (organizationId !== null && !(await organizationExists(tx, organizationId)))
          throw new Problem('NOT_FOUND');
        return exportRecords(tx, kind, { organizationId, limit: MOST + 1 });
      });
      if (found.length > MOST) throw new Problem('REGISTER_EXPORT_TOO_LARGE', { most: MOST });
      const records = found.map(({ record, version }) => ({ ...record, [VERSION.key]: version }));
      const write = format === 'csv' ? writeRegisterCsv : writeRegister;
      return sendSheet(reply, await write(kind, records, language, [VERSION]), { name: kind, format });
    },
  );
}

function templateRoute(app: App): void {
  app.get(
    '/registers/templates/:name',
    {
      config: { access: IMPORT_RULE },
      schema: {
        tags: ['Registers'],
        summary: 'An empty form to fill in',
        params: z.object({ name: RegisterTemplate }),
        querystring: RegisterExportQuery.pick({ language: true }),
        response,
      },
    },
    async (
      request: FastifyRequest<{
        Params: { name: RegisterTemplate };
        Querystring: { language?: 'zh' | 'en' };
      }>,
      reply,
    ) => {
      const { name } = request.params;
      const { language = preferredLanguage(request.headers['accept-language']) } = request.query;
      return sendSheet(reply, await writeTemplate(name, language), { name, format: 'xlsx' });
    },
  );
}
