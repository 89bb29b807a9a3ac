import { RecordChangeList, RecordChangeQuery, type RecordKind } from '@backcheck/contract';
import type { Permission } from '@backcheck/core';
import { findOrganization, listChanges } from '@backcheck/db';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { after, KEY_ID, pageOf } from './keyset.ts';
import { part, readParts } from './read-parts.ts';
import { found } from './refusal.ts';
import { ByOrganizationId } from './routes.ts';
import { viewRecordChange } from './view.ts';

const READ = { object: 'organization', action: 'read' } as const;

/** What one must be allowed to read to see changes of these. */
const READERS: readonly { readonly permission: Permission; readonly kinds: readonly RecordKind[] }[] = [
  { permission: READ, kinds: ['organization', 'key_list'] },
  { permission: { object: 'asset', action: 'read' }, kinds: ['system', 'asset'] },
  { permission: { object: 'contact', action: 'read' }, kinds: ['contact'] },
];

export function recordChangeRoutes(app: App): void {
  app.get(
    '/organizations/:id/changes',
    {
      config: { access: READ },
      schema: {
        tags: ['Organizations'],
        summary:
          'Who changed what in the registers of an organization, or in one record of them: before and after',
        params: ByOrganizationId,
        querystring: RecordChangeQuery,
        response: { 200: RecordChangeList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const organizationId = Number(request.params.id);
      const { kind, recordId, cursor, limit } = request.query;
      const before = after(cursor, KEY_ID);
      found(await request.inScope((tx) => findOrganization(tx, organizationId)));
      const wanted = READERS.map(({ permission, kinds }) => {
        const filter = { organizationId, kinds: kinds.filter((one) => kind === undefined || one === kind) };
        return part(permission, (tx) => listChanges(tx, { ...filter, recordId, before, limit: limit + 1 }));
      });
      const lists = Object.values(await readParts(request, Object.fromEntries(wanted.entries())));
      const latest = lists
        .flatMap((list) => list ?? [])
        .sort((a, b) => (BigInt(b.id) > BigInt(a.id) ? 1 : -1));
      return pageOf(latest.slice(0, limit + 1), limit, { view: viewRecordChange, key: ({ id }) => [id] });
    },
  );
}
