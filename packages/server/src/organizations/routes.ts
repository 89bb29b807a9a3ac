import {
  ById,
  ChangeOrganization,
  CreateOrganization,
  Organization,
  OrganizationList,
} from '@backcheck/contract';
import { findOrganization, insertOrganization, listOrganizations, setCrossTool } from '@backcheck/db';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { viewOrganization } from './view.ts';

const ORGANIZATIONS = ['Organizations'];
const allow = (action: 'read' | 'create' | 'update') => ({
  access: { object: 'organization', action } as const,
});

export function organizationRoutes(app: App, { clock }: Parts): void {
  app.get(
    '/organizations',
    {
      config: allow('read'),
      schema: {
        tags: ORGANIZATIONS,
        summary: 'All organizations',
        response: { 200: OrganizationList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => ({ items: (await request.inScope(listOrganizations)).map(viewOrganization) }),
  );

  app.post(
    '/organizations',
    {
      config: allow('create'),
      schema: {
        tags: ORGANIZATIONS,
        summary: 'Register an organization',
        body: CreateOrganization,
        response: { 201: Organization, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { name, nameZh } = request.body;
      const row = await request.inScope((tx) => insertOrganization(tx, { name, nameZh: nameZh ?? null }));
      if (row === null) throw new Problem('ORGANIZATION_NAME_TAKEN', { name });
      return reply.code(201).send(viewOrganization(row));
    },
  );

  app.patch(
    '/organizations/:id',
    {
      config: allow('update'),
      schema: {
        tags: ORGANIZATIONS,
        summary: 'Allow or stop closing across tools; settles the findings that are there',
        params: ById.extend({ id: Organization.shape.id }),
        body: ChangeOrganization,
        response: { 200: Organization, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const organizationId = Number(request.params.id);
      const { crossTool } = request.body;
      const at = clock().toISOString();
      return request.inScope(async (tx) => {
        if ((await findOrganization(tx, organizationId)) === null) throw new Problem('NOT_FOUND');
        await setCrossTool(tx, { organizationId, crossTool }, at);
        const row = await findOrganization(tx, organizationId);
        if (row === null) throw new Problem('NOT_FOUND');
        return viewOrganization(row);
      });
    },
  );
}
