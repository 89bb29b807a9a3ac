import { ById, ClaimList, ClaimQuery, CreateClaim, OwnershipClaim } from '@backcheck/contract';
import { type Db, findClaim, findOrganization, insertClaim, listClaims, withdrawClaim } from '@backcheck/db';
import type { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { readClaimedDomain, readClaimedRange } from './claim-value.ts';
import { viewClaim } from './view.ts';

const OWNERSHIP = ['Ownership'];
const allow = (action: 'read' | 'update') => ({ access: { object: 'organization', action } as const });

export function claimRoutes(app: App, parts: Parts): void {
  listRoute(app);
  createRoute(app, parts);
  withdrawRoute(app, parts);
}

function listRoute(app: App): void {
  app.get(
    '/ownership/claims',
    {
      config: allow('read'),
      schema: {
        tags: OWNERSHIP,
        summary: 'Ranges and domains that organizations claim, each with what it overlaps',
        querystring: ClaimQuery,
        response: { 200: ClaimList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, overlapping, withdrawn, cursor, limit } = request.query;
      const filter = {
        organizationId: organizationId === undefined ? null : Number(organizationId),
        overlapping: overlapping === 'true',
        withdrawn: withdrawn === 'true',
        after: cursor === undefined ? undefined : readCursor(cursor),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => listClaims(tx, filter));
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).map(viewClaim),
        nextCursor: last === undefined ? null : writeCursor(last.id),
      };
    },
  );
}

function createRoute(app: App, { clock }: Parts): void {
  app.post(
    '/ownership/claims',
    {
      config: allow('update'),
      schema: {
        tags: OWNERSHIP,
        summary: 'Claim a range or a domain for an organization; the answer says what it overlaps',
        body: CreateClaim,
        response: { 201: OwnershipClaim, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const claim = newClaim(request.body);
      const stamp = { at: clock().toISOString(), by: callerOf(request).account.name };
      const row = await request.inScope(async (tx) => {
        if ((await findOrganization(tx, claim.organizationId)) === null) {
          throw new Problem('ORGANIZATION_UNKNOWN', { organizationId: request.body.organizationId });
        }
        const id = await insertClaim(tx, { ...claim, ...stamp });
        if (id === null) throw new Problem('CLAIM_TAKEN', { value: claim.value });
        return claimOf(tx, id);
      });
      return reply.code(201).send(viewClaim(row));
    },
  );
}

function withdrawRoute(app: App, { clock }: Parts): void {
  app.delete(
    '/ownership/claims/:id',
    {
      config: allow('update'),
      schema: {
        tags: OWNERSHIP,
        summary: 'Withdraw a claim; it stays in the history',
        params: ById,
        response: { 200: OwnershipClaim, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const stamp = { at: clock().toISOString(), by: callerOf(request).account.name };
      const row = await request.inScope(async (tx) => {
        await withdrawClaim(tx, id, stamp);
        return claimOf(tx, id);
      });
      return viewClaim(row);
    },
  );
}

async function claimOf(db: Db, id: string) {
  const row = await findClaim(db, id);
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}

function newClaim(body: z.infer<typeof CreateClaim>) {
  const { organizationId, kind, validFrom = null, validUntil = null, note } = body;
  const value = kind === 'range' ? readClaimedRange(body.value) : readClaimedDomain(body.value);
  if (value === null) throw new Problem('CLAIM_INVALID', { value: body.value });
  return { organizationId: Number(organizationId), kind, value, validFrom, validUntil, note };
}
