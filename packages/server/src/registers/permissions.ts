import { type AccessObject, type Permission, type RegisterKind, rolesThatMay } from '@backcheck/core';
import { findAccount, liveGrants, type Scope } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf, coversAll } from '../platform/access/guard.ts';
import type { Parts } from '../platform/parts.ts';

/** Systems go with assets. */
export const OBJECT_OF: Readonly<Record<RegisterKind, AccessObject>> = {
  organization: 'organization',
  system: 'asset',
  asset: 'asset',
  contact: 'contact',
};

/** Everybody who may import anything may at least change an organization: their own. */
export const IMPORT_RULE = { object: 'organization', action: 'update' } as const satisfies Permission;

/** Somebody who looks at imports. Whoever may change an organization may not read all that a sheet says of it. */
export interface Looker {
  readonly accountId: number;
  readonly mayRead: (kind: RegisterKind) => boolean;
}

export function lookerOf(request: FastifyRequest): Looker {
  const held = new Set<string>(request.grants?.map(({ role }) => role));
  return {
    accountId: callerOf(request).account.accountId,
    mayRead: (kind) => rolesThatMay(readingOf(kind)).some((role) => held.has(role)),
  };
}

export const readingOf = (kind: RegisterKind): Permission => ({ object: OBJECT_OF[kind], action: 'read' });

/** The scope under which an account may do something at this moment; null: it may not. */
export type ScopeOf = (permission: Permission) => Scope | null;

/** Asked again by each step of an import, so that a grant that ended since counts no more. */
export async function scopesNow(
  { widePool, clock }: Pick<Parts, 'widePool' | 'clock'>,
  accountId: number,
): Promise<ScopeOf> {
  const account = await findAccount(widePool, { accountId });
  const enabled = account !== null && account.disabledAt === null;
  const grants = enabled ? await liveGrants(widePool, accountId, clock()) : [];
  return (permission) => {
    const roles: readonly string[] = rolesThatMay(permission);
    const allowing = grants.filter(({ role }) => roles.includes(role));
    if (allowing.length === 0) return null;
    const ids = allowing.map(({ grantId }) => grantId);
    return { accountId, via: 'job', grants: ids, wide: allowing.some(coversAll) };
  };
}
