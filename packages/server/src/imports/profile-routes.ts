import { ById, CreateScanProfile, ScanProfile, ScanProfileList, ScanProfileQuery } from '@backcheck/contract';
import { profileRef } from '@backcheck/core';
import {
  insertScanProfile,
  listScanProfiles,
  organizationExists,
  retireScanProfile,
  type ScanProfileRow,
} from '@backcheck/db';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

const IMPORTS = ['Imports'];
const READ = { object: 'import', action: 'read' } as const;
const CREATE = { object: 'import', action: 'create' } as const;

export function profileRoutes(app: App, parts: Parts): void {
  listRoute(app);
  registerRoute(app, parts);
  retireRoute(app, parts);
}

function listRoute(app: App): void {
  app.get(
    '/scan-profiles',
    {
      config: { access: READ },
      schema: {
        tags: IMPORTS,
        summary: 'Scan profiles for all organizations and, with organizationId, those of one',
        querystring: ScanProfileQuery,
        response: { 200: ScanProfileList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const organizationId = numberOrNull(request.query.organizationId);
      const rows = await request.inScope((tx) => listScanProfiles(tx, { organizationId }));
      return { items: rows.map(viewProfile) };
    },
  );
}

function registerRoute(app: App, { clock }: Parts): void {
  app.post(
    '/scan-profiles',
    {
      config: { access: CREATE },
      schema: {
        tags: IMPORTS,
        summary: 'Register a scan profile; it counts for scans that begin afterwards',
        body: CreateScanProfile,
        response: { 201: ScanProfile, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { content, organizationId } = request.body;
      const profile = {
        organizationId: numberOrNull(organizationId),
        ref: profileRef(content),
        content,
        registeredAt: clock().toISOString(),
        registeredBy: callerOf(request).account.accountId,
      };
      const row = await request.inScope(async (tx) => {
        if (organizationId !== undefined && !(await organizationExists(tx, Number(organizationId)))) {
          throw new Problem('ORGANIZATION_UNKNOWN', { organizationId });
        }
        return insertScanProfile(tx, profile);
      });
      if (row === null) {
        throw new Problem('SCAN_PROFILE_TAKEN', { name: content.profile, version: content.version });
      }
      return reply.code(201).send(viewProfile(row));
    },
  );
}

function retireRoute(app: App, { clock }: Parts): void {
  app.post(
    '/scan-profiles/:id/retire',
    {
      config: { access: CREATE },
      schema: {
        tags: IMPORTS,
        summary: 'Take a profile out of use for new imports; what rests on it stays',
        params: ById,
        response: { 200: ScanProfile, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const at = clock().toISOString();
      const row = await request.inScope((tx) => retireScanProfile(tx, request.params.id, at));
      if (row === null) throw new Problem('NOT_FOUND');
      return viewProfile(row);
    },
  );
}

const numberOrNull = (id: string | undefined): number | null => (id === undefined ? null : Number(id));

function viewProfile({
  id,
  organizationId,
  ref,
  registeredAt,
  retiredAt,
  content,
}: ScanProfileRow): ScanProfile {
  return {
    id: String(id),
    organizationId: organizationId === null ? null : String(organizationId),
    sha256: ref.sha256,
    registeredAt,
    retiredAt,
    content: ScanProfile.shape.content.parse(content),
  };
}
