import {
  ById,
  ChangeOrganization,
  CreateOrganization,
  Organization,
  OrganizationList,
  OrganizationQuery,
} from '@backcheck/contract';
import {
  findOrganization,
  insertOrganization,
  mayLieBelow,
  namesOf,
  organizationExists,
  organizationRecord,
  searchOrganizations,
  setCrossTool,
  setSteadyProof,
  type Tx,
  updateOrganization,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { after, KEY_CODE, pageOf } from './keyset.ts';
import { readFields } from './read-fields.ts';
import { codeTaken, found, refusing } from './refusal.ts';
import { viewOrganization } from './view.ts';

const ORGANIZATIONS = ['Organizations'];
const allow = (action: 'read' | 'create' | 'update') => ({
  access: { object: 'organization', action } as const,
});
const CREATE = allow('create').access;

export const ByOrganizationId = ById.extend({ id: Organization.shape.id });

export function organizationRoutes(app: App, { clock }: Parts): void {
  app.get(
    '/organizations',
    {
      config: allow('read'),
      schema: {
        tags: ORGANIZATIONS,
        summary:
          'Organizations that the caller sees, found by a part of a name or code, in the order of their codes',
        querystring: OrganizationQuery,
        response: { 200: OrganizationList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { q, below, cursor, limit } = request.query;
      const filter = {
        q,
        below: below === undefined ? undefined : Number(below),
        after: after(cursor, KEY_CODE),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => searchOrganizations(tx, filter));
      return pageOf(rows, limit, { view: viewOrganization, key: ({ code }) => [code] });
    },
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
      const { name, nameZh, parentId, fields } = request.body;
      const names = { ...(name === undefined ? {} : { name }), ...(nameZh === undefined ? {} : { nameZh }) };
      const { changes, record } = readFields('organization', { ...fields, ...names }, { whole: false });
      const { name: first, name_zh } = namesOf(record);
      const parent = parentId === undefined ? null : Number(parentId);
      const wanted = { name: first, nameZh: name_zh, parentId: parent, changes };
      const row = await request.inScope(async (tx) => {
        await refuseParent(tx, parent);
        return insertOrganization(tx, wanted);
      });
      if (row === 'CODE_TAKEN') throw codeTaken(record['organizationCode'])();
      if (row === 'NAME_TAKEN') throw new Problem('ORGANIZATION_NAME_TAKEN', { name: first });
      return reply.code(201).send(viewOrganization(row));
    },
  );

  changeRoute(app, clock);
}

function changeRoute(app: App, clock: Parts['clock']): void {
  app.patch(
    '/organizations/:id',
    {
      config: allow('update'),
      schema: {
        tags: ORGANIZATIONS,
        summary:
          'Change what the register says, move it in the tree, dissolve it, or change what a proof needs, which settles its findings',
        params: ByOrganizationId,
        body: ChangeOrganization,
        response: { 200: Organization, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const organizationId = Number(request.params.id);
      const { crossTool, steadyProof, ...change } = request.body;
      return inScopeFor(request, request.body, async (tx) => {
        found(await findOrganization(tx, organizationId));
        if (change.version !== undefined) await changeRecord(tx, organizationId, change);
        if (crossTool !== undefined) {
          await setCrossTool(tx, { organizationId, crossTool }, clock().toISOString());
        }
        if (steadyProof !== undefined) {
          await setSteadyProof(tx, { organizationId, steadyProof }, clock().toISOString());
        }
        return viewOrganization(found(await findOrganization(tx, organizationId)));
      });
    },
  );
}

/** What the inspected organization may not decide about itself is left to whoever may register organizations. */
function inScopeFor<T>(
  request: FastifyRequest,
  { parentId, mergedInto, collecting, crossTool, steadyProof, fields = {} }: ChangeOrganization,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const switches = [collecting, crossTool, steadyProof];
  const placed = [parentId, mergedInto, ...switches, fields['status'], fields['organizationCode']];
  return placed.every((one) => one === undefined) ? request.inScope(work) : request.inScopeOf(CREATE, work);
}

async function changeRecord(
  tx: Tx,
  organizationId: number,
  { version = 0, fields = {}, parentId, mergedInto, collecting }: ChangeOrganization,
): Promise<void> {
  const { record: stored } = found(await organizationRecord(tx, organizationId));
  const { changes, record } = readFields('organization', fields, { stored, whole: false });
  const besides: Record<string, number | boolean | null> = {};
  if (collecting !== undefined) besides['collecting'] = collecting;
  if (parentId !== undefined) {
    besides['parent_id'] = parentId === null ? null : Number(parentId);
    await refuseParent(tx, besides['parent_id']);
  }
  if (record['status'] !== 'merged') besides['merged_into'] = null;
  else if (mergedInto !== undefined) {
    const into = mergedInto === null ? null : Number(mergedInto);
    if (into !== null && (into === organizationId || !(await organizationExists(tx, into))))
      throw unknown(into);
    besides['merged_into'] = into;
  }
  const { name } = namesOf(record);
  const changed = await refusing(updateOrganization(tx, organizationId, { version, changes, besides }), {
    CODE_TAKEN: codeTaken(fields['organizationCode']),
    NAME_TAKEN: () => new Problem('ORGANIZATION_NAME_TAKEN', { name }),
    CIRCLE: () => new Problem('ORGANIZATION_BELOW_ITSELF'),
  });
  if (!changed) throw new Problem('CHANGED_MEANWHILE');
}

const unknown = (id: number): Problem => new Problem('ORGANIZATION_UNKNOWN', { organizationId: id });

async function refuseParent(tx: Tx, parentId: number | null): Promise<void> {
  if (await mayLieBelow(tx, parentId)) return;
  throw parentId === null ? new Problem('ORGANIZATION_PARENT_NEEDED') : unknown(parentId);
}
