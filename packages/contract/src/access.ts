import { ACTIONS, OBJECTS, ROLES } from '@backcheck/core';
import { z } from 'zod';
import { Id, Instant, OrganizationId } from './wire.ts';

export const Permission = z
  .object({ object: z.enum(OBJECTS), action: z.enum(ACTIONS) })
  .meta({ id: 'Permission' });

const named = z.object({ id: Id, name: z.string() });

/** A role on a node of the tree. */
export const Grant = z
  .object({
    id: Id,
    role: z.enum(ROLES),
    organization: named
      .extend({ nameZh: z.string().nullable() })
      .nullable()
      .describe('And all below it; null: the whole installation'),
    system: named.nullable().describe('Cut to the assets of this system'),
    campaign: named.nullable().describe('Cut to the units of this campaign'),
    expiresAt: Instant.nullable(),
    grantedAt: Instant,
    grantedBy: z.string().nullable().describe('Name of the account; null: the server at its first start'),
  })
  .meta({ id: 'Grant' });
export type Grant = z.infer<typeof Grant>;

export const GrantList = z.object({ items: z.array(Grant) });

/** What the account that asks may do, somewhere: screens show what it has a use for. */
export const Access = z
  .object({
    grants: z.array(Grant),
    permissions: z.array(Permission),
    home: OrganizationId.nullable().describe(
      'The one organization that all grants are within; null: several or all',
    ),
  })
  .meta({ id: 'Access' });
export type Access = z.infer<typeof Access>;

export const CreateGrant = z.object({
  role: z.enum(ROLES),
  organizationId: OrganizationId.nullable(),
  systemId: OrganizationId.nullable().default(null),
  campaignId: OrganizationId.nullable().default(null),
  expiresAt: z.iso.datetime().nullable().default(null),
});
export type CreateGrant = z.infer<typeof CreateGrant>;
