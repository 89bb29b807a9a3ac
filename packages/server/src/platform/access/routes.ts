import { Access, ById, CreateGrant, Grant, GrantList, type ProblemCode } from '@backcheck/contract';
import { flawOf, type GrantFlaw, type Permission, permissionsOf, ROLES, type Role } from '@backcheck/core';
import {
  findCampaign,
  findGrant,
  findVisibleAccount,
  type GrantRow,
  insertGrants,
  inTransaction,
  listGrants,
  organizationExists,
  revokeGrant,
  systemExists,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { callerOf, scopeOf } from './guard.ts';

const ACCESS = ['Access'];
const READ = { object: 'account', action: 'read' } as const;
const UPDATE = { object: 'account', action: 'update' } as const;

export function accessRoutes(app: App, parts: Parts): void {
  myAccessRoute(app, parts);
  grantListRoute(app, parts);
  grantRoute(app, parts);
  revokeRoute(app, parts);
}

function myAccessRoute(app: App, { widePool, clock }: Parts): void {
  app.get(
    '/access',
    {
      config: { access: 'self' },
      schema: {
        tags: ACCESS,
        summary: 'What I may do, and where',
        response: { 200: Access, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const rows = await listGrants(widePool, callerOf(request).account.accountId);
      const now = clock();
      const live = rows.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
      return { grants: live.map(viewGrant), permissions: together(live), home: homeOf(live) };
    },
  );
}

function grantListRoute(app: App, { widePool }: Parts): void {
  app.get(
    '/accounts/:id/grants',
    {
      config: { access: READ },
      schema: {
        tags: ACCESS,
        summary: 'The grants of an account, as far as they are within mine',
        params: ById,
        response: { 200: GrantList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const items: Grant[] = [];
      for (const row of await listGrants(widePool, Number(request.params.id))) {
        if (await isMine(request, row, READ)) items.push(viewGrant(row));
      }
      return { items };
    },
  );
}

function grantRoute(app: App, { widePool, clock }: Parts): void {
  app.post(
    '/accounts/:id/grants',
    {
      config: { access: UPDATE, audited: 'grant' },
      schema: {
        tags: ACCESS,
        summary: 'Give an account a role on a node of the tree; it holds from the next request on',
        params: ById,
        body: CreateGrant,
        response: { 201: Grant, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const accountId = Number(request.params.id);
      const { account } = callerOf(request);
      if (accountId === account.accountId) throw new Problem('GRANT_TO_SELF');
      // Who has an account elsewhere is not learned by giving them something here.
      if ((await request.inScope((tx) => findVisibleAccount(tx, accountId))) === null)
        throw new Problem('NOT_FOUND');
      const now = clock().toISOString();
      const grant = await grantable(request, request.body, now);
      const [id = 0] = await inTransaction(widePool, async (tx) => {
        const ids = await insertGrants(tx, accountId, {
          grants: [grant],
          grantedBy: account.accountId,
          at: now,
        });
        request.audit.details = { role: grant.role };
        if (grant.organizationId !== null) request.audit.organizationId = grant.organizationId;
        await request.recordChange(tx);
        return ids;
      });
      const row = await findGrant(widePool, id);
      if (row === null) throw new Error(`grant ${id} was made and is not there`);
      return reply.code(201).send(viewGrant(row));
    },
  );
}

function revokeRoute(app: App, { widePool, clock }: Parts): void {
  app.delete(
    '/grants/:id',
    {
      config: { access: UPDATE, audited: 'revoke' },
      schema: {
        tags: ACCESS,
        summary: 'Take a grant back; it ends with the next request',
        params: ById,
        response: { 204: z.undefined().describe('Taken back'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const grantId = Number(request.params.id);
      const row = await findGrant(widePool, grantId);
      if (row === null || !(await isMine(request, row, UPDATE))) throw new Problem('NOT_FOUND');
      const { accountId } = callerOf(request).account;
      const at = clock().toISOString();
      await inTransaction(widePool, async (tx) => {
        await revokeGrant(tx, grantId, { revokedBy: accountId, at });
        request.audit.details = { role: row.role, account: String(row.accountId) };
        if (row.organization !== null) request.audit.organizationId = Number(row.organization.id);
        await request.recordChange(tx);
      });
      return reply.code(204).send();
    },
  );
}

const FLAWS: Readonly<Record<GrantFlaw, ProblemCode>> = {
  NEEDS_END: 'GRANT_NEEDS_END',
  NEEDS_SYSTEM: 'GRANT_NEEDS_SYSTEM',
  NEEDS_ORGANIZATION: 'GRANT_NEEDS_ORGANIZATION',
  ENDS_BEFORE_START: 'GRANT_ENDS_BEFORE_START',
};

/**
 * A grant that whoever sends this request may give: in order by core's rules, and on a node within their own grants.
 * Also for invitations, whose grants are given when they are accepted.
 */
export async function grantable(request: FastifyRequest, wanted: CreateGrant, now: string) {
  const numberOrNull = (id: string | null): number | null => (id === null ? null : Number(id));
  const grant = {
    role: wanted.role,
    organizationId: numberOrNull(wanted.organizationId),
    systemId: numberOrNull(wanted.systemId),
    campaignId: numberOrNull(wanted.campaignId),
    expiresAt: wanted.expiresAt,
  };
  const flaw = flawOf(grant, now);
  if (flaw !== null) throw new Problem(FLAWS[flaw]);
  if (!(await covers(request, grant, UPDATE))) {
    throw new Problem('ORGANIZATION_UNKNOWN', { organizationId: wanted.organizationId ?? '' });
  }
  return grant;
}

interface Place {
  readonly organizationId: number | null;
  readonly systemId: number | null;
  readonly campaignId: number | null;
}

/** Whether the caller's own grants reach this node, and what it is cut to is there. */
async function covers(request: FastifyRequest, place: Place, permission: Permission): Promise<boolean> {
  const { wide } = scopeOf(request, permission);
  return request.inScopeOf(permission, async (tx: Tx) => {
    const { organizationId, systemId, campaignId } = place;
    if (campaignId !== null && (await findCampaign(tx, String(campaignId))) === null) return false;
    if (organizationId === null) return wide && systemId === null;
    if (systemId !== null) return systemExists(tx, organizationId, systemId);
    return organizationExists(tx, organizationId);
  });
}

const isMine = (request: FastifyRequest, row: GrantRow, permission: Permission): Promise<boolean> => {
  const organizationId = row.organization === null ? null : Number(row.organization.id);
  return covers(request, { organizationId, systemId: null, campaignId: null }, permission);
};

const isRole = (role: string): role is Role => ROLES.some((one) => one === role);

function viewGrant({ grantId, role, expiresAt, grantedAt, ...rest }: GrantRow): Grant {
  if (!isRole(role)) throw new Error(`grant ${grantId} names no role: ${role}`);
  const { organization, system, campaign, grantedBy } = rest;
  return {
    id: String(grantId),
    role,
    organization,
    system,
    campaign,
    expiresAt: expiresAt?.toISOString() ?? null,
    grantedAt: grantedAt.toISOString(),
    grantedBy,
  };
}

function together(grants: readonly GrantRow[]): Permission[] {
  const all = grants.flatMap(({ role }) => (isRole(role) ? permissionsOf(role) : []));
  const texts = new Map(all.map((one) => [`${one.object} ${one.action}`, one]));
  return [...texts.values()];
}

function homeOf(grants: readonly GrantRow[]): string | null {
  const [first, ...others] = new Set(grants.map(({ organization }) => organization?.id ?? null));
  return others.length === 0 ? (first ?? null) : null;
}
