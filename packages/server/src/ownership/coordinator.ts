import { ROLES, roleMay, sideOf } from '@backcheck/core';
import type { Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { inScopeOfRoles } from '../platform/access/in-scope-of-roles.ts';
import type { Parts } from '../platform/parts.ts';

/** Coordinators who may change assets. An organization never gives to another one by itself. */
const MAY_HAND_OVER: readonly string[] = ROLES.filter(
  (role) => sideOf(role) === 'coordinator' && roleMay(role, { object: 'asset', action: 'update' }),
);

/**
 * Both sides of a hand-over are there in full, or not there.
 * @throws Problem FORBIDDEN
 */
export const asCoordinator = <T>(
  parts: Pick<Parts, 'pool' | 'widePool'>,
  request: FastifyRequest,
  work: (tx: Tx) => Promise<T>,
): Promise<T> => inScopeOfRoles(parts, request, MAY_HAND_OVER, work);
