import { ROLES, roleMay, sideOf } from '@backcheck/core';
import { inScope, type Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf, coversAll } from '../platform/access/guard.ts';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

/** Coordinators who may change assets. An organization never gives to another one by itself. */
const MAY_HAND_OVER: readonly string[] = ROLES.filter(
  (role) => sideOf(role) === 'coordinator' && roleMay(role, { object: 'asset', action: 'update' }),
);

/**
 * Runs `work` in one transaction that sees what the caller's grants on the coordinator's side show, each on whole
 * organizations: so both sides of a hand-over are there in full, or not there.
 * @throws Problem FORBIDDEN
 */
export async function asCoordinator<T>(
  { pool }: Pick<Parts, 'pool'>,
  request: FastifyRequest,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const grants = (request.grants ?? []).filter(
    ({ role, systemId }) => systemId === null && MAY_HAND_OVER.includes(role),
  );
  if (grants.length === 0) throw new Problem('FORBIDDEN');
  const { account, via } = callerOf(request);
  const scope = {
    accountId: account.accountId,
    via,
    grants: grants.map(({ grantId }) => grantId),
    wide: grants.some(coversAll),
  };
  return inScope(pool, scope, async (tx) => {
    const done = await work(tx);
    await request.recordChange(tx);
    return done;
  });
}
