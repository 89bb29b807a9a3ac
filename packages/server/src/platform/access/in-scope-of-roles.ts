import { inScope, type Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import type { Parts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { callerOf, coversAll } from './guard.ts';

/**
 * Runs `work` in one transaction that sees what the caller's grants of these roles show, each on whole organizations:
 * where the permission alone would let the other side in as well.
 * @throws Problem FORBIDDEN
 */
export async function inScopeOfRoles<T>(
  { pool, widePool }: Pick<Parts, 'pool' | 'widePool'>,
  request: FastifyRequest,
  roles: readonly string[],
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const grants = (request.grants ?? []).filter(
    ({ role, systemId }) => systemId === null && roles.includes(role),
  );
  if (grants.length === 0) throw new Problem('FORBIDDEN');
  const { account, via } = callerOf(request);
  const scope = {
    accountId: account.accountId,
    via,
    grants: grants.map(({ grantId }) => grantId),
    wide: grants.some(coversAll),
  };
  return inScope(scope.wide ? widePool : pool, scope, async (tx) => {
    const done = await work(tx);
    await request.recordChange(tx);
    return done;
  });
}
