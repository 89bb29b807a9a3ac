import type { Tx } from './pool.ts';
import type { Scope } from './scope.ts';

/**
 * From here on the transaction of `inScope` works under another scope: a sheet may hold records of several kinds, and
 * each kind takes its own permission.
 */
export async function changeScope(tx: Tx, { accountId, via, grants, wide }: Scope): Promise<void> {
  await tx.query(
    `select set_config('role', $1, true), set_config('app.grants', $2, true), set_config('app.account', $3, true), set_config('app.via', $4, true)`,
    [wide ? 'backcheck_wide' : 'backcheck_app', `{${grants.join()}}`, String(accountId), via],
  );
}
