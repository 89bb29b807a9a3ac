import { ROLES, type Role, roleMay, sideOf } from '@backcheck/core';
import { placeOfOrganization, type Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';

/** What the caller is at this organization, whatever they are elsewhere. */
export async function rolesAt(
  tx: Tx,
  { grants }: Pick<FastifyRequest, 'grants'>,
  organizationId: number,
): Promise<Role[]> {
  const { nodes, campaigns } = await placeOfOrganization(tx, organizationId);
  const held = new Set(
    (grants ?? [])
      .filter(({ organizationId: node }) => node === null || nodes.includes(node))
      .filter(({ campaignId }) => campaignId === null || campaigns.includes(campaignId))
      .map(({ role }) => role),
  );
  return ROLES.filter((role) => held.has(role));
}

/** Of the inspected side, which replies; the coordinator's decides. */
export const replies = (roles: readonly Role[]): boolean =>
  roles.some(
    (role) => sideOf(role) === 'organization' && roleMay(role, { object: 'reply', action: 'create' }),
  );

/** The owner of the organization's risks: their word, and nobody else's, lays one on the organization. */
export const ownsRisks = (roles: readonly Role[]): boolean => roles.includes('security-lead');
