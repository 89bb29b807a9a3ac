import { Readable } from 'node:stream';
import { AuditExportQuery, AuditList, AuditQuery } from '@backcheck/contract';
import { type AuditRow, BadCursor, listAudit, sealAudit } from '@backcheck/db';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { exportCsv, exportLines } from './write-export.ts';

const AUDIT = ['Audit'];

export function auditRoutes(app: App, parts: Parts): void {
  listRoute(app);
  exportRoute(app, parts);
}

function listRoute(app: App): void {
  app.get(
    '/audit',
    {
      config: { access: { object: 'audit', action: 'read' } },
      schema: {
        tags: AUDIT,
        summary: 'Who read or changed what, newest first',
        querystring: AuditQuery,
        response: { 200: AuditList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { account, ...filter } = request.query;
      try {
        const page = await request.inScope((tx) => listAudit(tx, { ...filter, accountId: account }));
        return { items: page.items.map(viewEntry), nextCursor: page.nextCursor };
      } catch (error) {
        if (error instanceof BadCursor) throw new Problem('CURSOR_INVALID');
        throw error;
      }
    },
  );
}

function viewEntry({ kind: _, organization, organizationName, details, ...entry }: AuditRow) {
  return {
    ...entry,
    details: { ...details },
    organization: organization === null ? null : { id: organization, name: organizationName ?? organization },
  };
}

function exportRoute(app: App, { widePool, signingKey, clock }: Parts): void {
  app.get(
    '/audit/export',
    {
      config: { access: { object: 'audit', action: 'export' }, audited: true },
      schema: {
        tags: AUDIT,
        summary: 'The audit log as a file that can be verified offline (docs/audit.md), or as CSV',
        querystring: AuditExportQuery,
        response: {
          200: {
            description: 'JSON Lines or CSV',
            content: { 'application/jsonl': { schema: z.string() }, 'text/csv': { schema: z.string() } },
          },
          ...PROBLEM_RESPONSES,
        },
      },
    },
    async (request, reply) => {
      const { format, ...filter } = request.query;
      const at = clock().toISOString();
      await sealAudit(widePool, at);
      const read = request.inScope.bind(request);
      const lines =
        format === 'csv'
          ? exportCsv(read, filter)
          : exportLines(read, { filter, at, secretKey: signingKey.secretKey });
      reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
        .header('content-disposition', `attachment; filename="backcheck-audit-${at.slice(0, 10)}.${format}"`)
        .header('cache-control', 'no-store');
      return reply.send(Readable.from(lines) as never);
    },
  );
}
