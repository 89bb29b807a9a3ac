import { OrganizationPage, OrganizationTree, OrganizationTreeQuery } from '@backcheck/contract';
import {
  ancestorsOf,
  childrenOf,
  countContacts,
  countSystems,
  countsBelow,
  findOrganization,
  organizationRecord,
  organizationsBelow,
  ownCounts,
  type TreeNode,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { after, KEY_CODE, pageOf } from './keyset.ts';
import { part, readParts } from './read-parts.ts';
import { found } from './refusal.ts';
import { ByOrganizationId } from './routes.ts';
import { viewFields, viewOrganization, viewOwner } from './view.ts';

const ORGANIZATIONS = ['Organizations'];
const config = { access: { object: 'organization', action: 'read' } } as const;
const ASSETS = { object: 'asset', action: 'read' } as const;
const CONTACTS = { object: 'contact', action: 'read' } as const;
const FINDINGS = { object: 'finding', action: 'read' } as const;

export function organizationTreeRoutes(app: App): void {
  app.get(
    '/organizations/tree',
    {
      config,
      schema: {
        tags: ORGANIZATIONS,
        summary: 'The organizations directly below one, with how much lies below each',
        querystring: OrganizationTreeQuery,
        response: { 200: OrganizationTree, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { parent, cursor, limit } = request.query;
      const parentId = parent === 'none' ? null : Number(parent);
      const wanted = { parentId, after: after(cursor, KEY_CODE), limit: limit + 1 };
      let ids: number[] = [];
      const count = (tx: Tx) => countsBelow(tx, ids);
      const read = await readParts(request, {
        rows: part(config.access, async (tx) => {
          if (parentId !== null) found(await findOrganization(tx, parentId));
          const children = await childrenOf(tx, wanted);
          ids = children.slice(0, limit).map(({ organizationId }) => organizationId);
          return children;
        }),
        // Counted under the grants that let the caller read them.
        assets: part(ASSETS, count),
        findings: part(FINDINGS, count),
      });
      const rows = found(read.rows);
      const view = (row: TreeNode) => ({
        ...viewOrganization(row),
        children: row.children,
        below: {
          assets: read.assets?.get(row.organizationId)?.assets ?? null,
          openFindings: read.findings?.get(row.organizationId)?.openFindings ?? null,
        },
      });
      return pageOf(rows, limit, { view, key: ({ code }) => [code] });
    },
  );

  app.get(
    '/organizations/:id',
    {
      config,
      schema: {
        tags: ORGANIZATIONS,
        summary: 'One organization: what the register says, where it lies in the tree, how much it has',
        params: ByOrganizationId,
        response: { 200: OrganizationPage, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => organizationPage(request, Number(request.params.id)),
  );
}

async function organizationPage(request: FastifyRequest, id: number): Promise<OrganizationPage> {
  const own = (tx: Tx) => ownCounts(tx, id);
  const below = (tx: Tx) => countsBelow(tx, [id]);
  const read = await readParts(request, {
    organization: part(config.access, async (tx) => found(await findOrganization(tx, id))),
    stored: part(config.access, async (tx) => found(await organizationRecord(tx, id))),
    path: part(config.access, (tx) => ancestorsOf(tx, id)),
    organizations: part(config.access, (tx) => organizationsBelow(tx, id)),
    systems: part(ASSETS, (tx) => countSystems(tx, id)),
    assets: part(ASSETS, own),
    assetsBelow: part(ASSETS, below),
    contacts: part(CONTACTS, (tx) => countContacts(tx, id)),
    findings: part(FINDINGS, own),
    findingsBelow: part(FINDINGS, below),
  });
  const { record, version, mergedInto } = found(read.stored);
  return {
    organization: viewOrganization(found(read.organization)),
    version,
    fields: viewFields(record),
    mergedInto: mergedInto === null ? null : String(mergedInto),
    path: found(read.path).map(viewOwner),
    own: {
      systems: read.systems,
      assets: read.assets?.assets ?? null,
      contacts: read.contacts,
      openFindings: read.findings?.openFindings ?? null,
    },
    below: {
      organizations: read.organizations ?? 0,
      assets: read.assetsBelow?.get(id)?.assets ?? null,
      openFindings: read.findingsBelow?.get(id)?.openFindings ?? null,
    },
  };
}
