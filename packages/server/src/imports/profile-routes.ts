import { ById, CreateScanProfile, ScanProfile, ScanProfileList, ScanProfileQuery } from '@backcheck/contract';
import { profileRef } from '@backcheck/core';
import {
  insertScanProfile,
  listScanProfiles,
  organizationExists,
  retireScanProfile,
  type ScanProfileRow,
} from '@backcheck/db';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { accountOf } from '../platform/sign-in/guard.ts';

const IMPORTS = ['Imports'];

export function profileRoutes(app: App, parts: Parts): void {
  listRoute(app, parts);
  registerRoute(app, parts);
  retireRoute(app, parts);
}

function listRoute(app: App, { pool }: Parts): void {
  app.get(
    '/scan-profiles',
    {
      schema: {
        tags: IMPORTS,
        summary: 'Scan profiles for all organizations and, with organizationId, those of one',
        querystring: ScanProfileQuery,
        response: { 200: ScanProfileList, ...PROBLEM_RESPONSES },
      },
    },
    async ({ query: { organizationId } }) => {
      const rows = await listScanProfiles(pool, { organizationId: numberOrNull(organizationId) });
      return { items: rows.map(viewProfile) };
    },
  );
}

function registerRoute(app: App, { pool, clock }: Parts): void {
  app.post(
    '/scan-profiles',
    {
      schema: {
        tags: IMPORTS,
        summary: 'Register a scan profile; it counts for scans that begin afterwards',
        body: CreateScanProfile,
        response: { 201: ScanProfile, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { content, organizationId } = request.body;
      if (organizationId !== undefined && !(await organizationExists(pool, Number(organizationId)))) {
        throw new Problem('ORGANIZATION_UNKNOWN', { organizationId });
      }
      const row = await insertScanProfile(pool, {
        organizationId: numberOrNull(organizationId),
        ref: profileRef(content),
        content,
        registeredAt: clock().toISOString(),
        registeredBy: accountOf(request).accountId,
      });
      const { profile, version } = content;
      if (row === null) throw new Problem('SCAN_PROFILE_TAKEN', { name: profile, version });
      return reply.code(201).send(viewProfile(row));
    },
  );
}

function retireRoute(app: App, { pool, clock }: Parts): void {
  app.post(
    '/scan-profiles/:id/retire',
    {
      schema: {
        tags: IMPORTS,
        summary: 'Take a profile out of use for new imports; what rests on it stays',
        params: ById,
        response: { 200: ScanProfile, ...PROBLEM_RESPONSES },
      },
    },
    async ({ params: { id } }) => {
      const row = await retireScanProfile(pool, id, clock().toISOString());
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
