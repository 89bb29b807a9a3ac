import {
  ById,
  ChangeOrganization,
  CreateOrganization,
  Organization,
  OrganizationList,
} from '@backcheck/contract';
import {
  findOrganization,
  insertOrganization,
  inTransaction,
  listOrganizations,
  setCrossTool,
} from '@backcheck/db';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { viewOrganization } from './view.ts';

const ORGANIZATIONS = ['Organizations'];

export function organizationRoutes(app: App, { pool, clock }: Parts): void {
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

  app.patch(
    '/organizations/:id',
    {
      schema: {
        tags: ORGANIZATIONS,
        summary: 'Allow or stop closing across tools; settles the findings that are there',
        params: ById.extend({ id: Organization.shape.id }),
        body: ChangeOrganization,
        response: { 200: Organization, ...PROBLEM_RESPONSES },
      },
    },
    async ({ params: { id }, body: { crossTool } }) => {
      const organizationId = Number(id);
      if ((await findOrganization(pool, organizationId)) === null) throw new Problem('NOT_FOUND');
      const at = clock().toISOString();
      await inTransaction(pool, (tx) => setCrossTool(tx, { organizationId, crossTool }, at));
      const row = await findOrganization(pool, organizationId);
      if (row === null) throw new Problem('NOT_FOUND');
      return viewOrganization(row);
    },
  );
}
