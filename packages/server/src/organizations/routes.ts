import { CreateOrganization, Organization, OrganizationList } from '@backcheck/contract';
import { insertOrganization, listOrganizations } from '@backcheck/db';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { viewOrganization } from './view.ts';

const ORGANIZATIONS = ['Organizations'];

export function organizationRoutes(app: App, { pool }: Parts): void {
  app.get(
    '/organizations',
    {
      schema: {
        tags: ORGANIZATIONS,
        summary: 'All organizations',
        response: { 200: OrganizationList, ...PROBLEM_RESPONSES },
      },
    },
    async () => ({ items: (await listOrganizations(pool)).map(viewOrganization) }),
  );

  app.post(
    '/organizations',
    {
      schema: {
        tags: ORGANIZATIONS,
        summary: 'Register an organization',
        body: CreateOrganization,
        response: { 201: Organization, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { name, nameZh } = request.body;
      const row = await insertOrganization(pool, { name, nameZh: nameZh ?? null });
      if (row === null) throw new Problem('ORGANIZATION_NAME_TAKEN', { name });
      return reply.code(201).send(viewOrganization(row));
    },
  );
}
