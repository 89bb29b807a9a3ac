import type { CreateGrant } from '@backcheck/contract';
import { flawOf, type GrantFlaw, OF_ONE_SYSTEM, type Role, sideOf } from '@backcheck/core';

/** A grant as it is being written. */
export interface GrantWish {
  readonly role: Role | null;
  /** Whether it is on one organization; else on the whole installation. */
  readonly onNode: boolean;
  readonly organizationId: string | null;
  readonly systemId: string | null;
  readonly campaignId: string | null;
  /** UTC; null: until it is revoked. */
  readonly expiresAt: string | null;
}

export const EMPTY_WISH: GrantWish = {
  role: null,
  onNode: true,
  organizationId: null,
  systemId: null,
  campaignId: null,
  expiresAt: null,
};

/** Whether a role can be given on the whole installation at all. */
export const fitsInstallation = (role: Role): boolean =>
  !OF_ONE_SYSTEM.includes(role) && (sideOf(role) !== 'organization' || role === 'observer');

/** What is missing or wrong before it can be sent; null: nothing. */
export function flawOfWish(wish: GrantWish, now: string): GrantFlaw | 'NEEDS_ROLE' | null {
  const { role, onNode, systemId, expiresAt } = wish;
  if (role === null) return 'NEEDS_ROLE';
  if (onNode && wish.organizationId === null) return 'NEEDS_ORGANIZATION';
  const idOrNull = (id: string | null) => (id === null ? null : Number(id));
  return flawOf(
    {
      role,
      organizationId: onNode ? idOrNull(wish.organizationId) : null,
      systemId: idOrNull(systemId),
      expiresAt,
    },
    now,
  );
}

/** Only for a wish without a flaw. */
export function grantOf({ role, onNode, ...rest }: GrantWish): CreateGrant[] {
  if (role === null) return [];
  const { organizationId, systemId, campaignId, expiresAt } = rest;
  return onNode
    ? [{ role, organizationId, systemId, campaignId, expiresAt }]
    : [{ role, organizationId: null, systemId: null, campaignId, expiresAt }];
}
