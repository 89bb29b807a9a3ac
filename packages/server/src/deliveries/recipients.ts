import { ROLES, roleMay, sideOf } from '@backcheck/core';
import type { Recipients, Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { inScopeOfRoles } from '../platform/access/in-scope-of-roles.ts';
import type { Parts } from '../platform/parts.ts';

/** Who acknowledges notices for an organization, and therefore gets them: its security lead and its liaison. */
const RECEIVES: readonly string[] = ROLES.filter(
  (role) => sideOf(role) === 'organization' && roleMay(role, { object: 'notice', action: 'approve' }),
);

export const OF_NOTICE: Recipients = { roles: RECEIVES, contactRoles: ['liaison', 'leader'] };
/** First the people who do it. */
export const OF_REMINDER: Recipients = { roles: ['liaison'], contactRoles: ['liaison'] };

/**
 * Sees what the caller may acknowledge. A coordinator who approves notices never acknowledges one for an organization:
 * what they were told by phone goes into the log.
 * @throws Problem FORBIDDEN
 */
export const asReceiver = <T>(
  parts: Pick<Parts, 'pool' | 'widePool'>,
  request: FastifyRequest,
  work: (tx: Tx) => Promise<T>,
): Promise<T> => inScopeOfRoles(parts, request, RECEIVES, work);
