import { type Permission, rolesThatMay } from '@backcheck/core';
import { inScope, type LiveGrant, liveGrants, type RunnerRow, type Scope, type Tx } from '@backcheck/db';
import type { FastifyRequest, RouteOptions } from 'fastify';
import type { App, Parts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { type AccessRule, type KeyScope, keyMay } from './rule.ts';

/** Who sends a request. Set by sign-in. */
export interface Caller {
  readonly account: { readonly accountId: number; readonly name: string };
  readonly via: 'session' | 'api-key';
  /** The scope of the key; null for a session. */
  readonly key: { readonly scope: KeyScope } | null;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every operation below /api states one, or the server does not start. */
    access?: AccessRule;
  }
  interface FastifyRequest {
    /** Set by the guard `signedIn`; null where anyone may ask. */
    caller: Caller | null;
    /** Set by the guard `signedIn` for an operation of runners; null for every other. */
    runner: RunnerRow | null;
    /** The caller's grants that hold at this moment. */
    grants: readonly LiveGrant[] | null;
    /** Runs `work` in one transaction under the grants that allow this operation. */
    inScope<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
    /** The same for another permission than the operation's own. Refuses with FORBIDDEN. */
    inScopeOf<T>(permission: Permission, work: (tx: Tx) => Promise<T>): Promise<T>;
  }
}

/** A route without a rule would be open to whoever is signed in: it stops the start instead. */
export function requireRule({ url, config }: RouteOptions): void {
  if (config?.access === undefined) throw new Error(`The operation ${url} states no rule of access.`);
}

/** The rule of a request's operation. */
function ruleOf(request: FastifyRequest): AccessRule {
  const rule = request.routeOptions.config.access;
  // What no route answers has no rule: any account may learn that it is not there.
  return rule ?? 'self';
}

export const isOpen = (request: FastifyRequest): boolean => ruleOf(request) === 'anyone';

export const isForRunners = (request: FastifyRequest): boolean => ruleOf(request) === 'runner';

/** The caller of a request that passed the guard. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === null) throw new Problem('NOT_SIGNED_IN');
  return caller;
}

/** The runner of a request that passed the guard. */
export function runnerOf({ runner }: FastifyRequest): RunnerRow {
  if (runner === null) throw new Problem('RUNNER_KEY_INVALID');
  return runner;
}

export function scopeOf(request: FastifyRequest, permission: Permission): Scope {
  const { account, via, key } = callerOf(request);
  const roles: readonly string[] = rolesThatMay(permission);
  const allowing = (request.grants ?? []).filter(
    (grant) => roles.includes(grant.role) && (permission.object !== 'account' || isUncut(grant)),
  );
  if (allowing.length === 0 || (key !== null && !keyMay(key.scope, permission)))
    throw new Problem('FORBIDDEN');
  return {
    accountId: account.accountId,
    via,
    grants: allowing.map(({ grantId }) => grantId),
    wide: allowing.some(coversAll),
  };
}

/** Accounts hold what they hold beyond a campaign or a system, so a grant that is cut to one reaches none of them. */
const isUncut = ({ systemId, campaignId }: LiveGrant): boolean => systemId === null && campaignId === null;

/** A grant without any limit. */
export const coversAll = (grant: LiveGrant): boolean => grant.organizationId === null && isUncut(grant);

/** Behind `signedIn`: loads the caller's grants and refuses what none of them allows. */
export function allowed({ widePool, clock }: Pick<Parts, 'widePool' | 'clock'>) {
  return async (request: FastifyRequest): Promise<void> => {
    const rule = ruleOf(request);
    if (rule === 'anyone' || rule === 'runner') return;
    const { account, key } = callerOf(request);
    if (key !== null && !keyMay(key.scope, rule)) throw new Problem('FORBIDDEN');
    request.grants = await liveGrants(widePool, account.accountId, clock());
    if (typeof rule !== 'string') scopeOf(request, rule);
  };
}

/** The ways into the database that a request has. */
export function decorateAccess(app: App, pools: Pools): void {
  app.decorateRequest('caller', null);
  app.decorateRequest('runner', null);
  app.decorateRequest('grants', null);
  app.decorateRequest('inScopeOf', function (this: FastifyRequest, permission, work) {
    return workIn(pools, this, { permission, work });
  });
  app.decorateRequest('inScope', function (this: FastifyRequest, work) {
    const rule = ruleOf(this);
    if (typeof rule === 'string') throw new Error(`${this.routeOptions.url} has no permission to work under`);
    return workIn(pools, this, { permission: rule, work });
  });
}

/** A plan holds for one role, so callers of the whole installation have connections of their own. */
type Pools = Pick<Parts, 'pool' | 'widePool'>;

/** No change is committed without its entry in the audit log. */
function workIn<T>(
  { pool, widePool }: Pools,
  request: FastifyRequest,
  { permission, work }: { readonly permission: Permission; readonly work: (tx: Tx) => Promise<T> },
): Promise<T> {
  const scope = scopeOf(request, permission);
  return inScope(scope.wide ? widePool : pool, scope, async (tx) => {
    const result = await work(tx);
    await request.recordChange(tx);
    return result;
  });
}
