import { z } from 'zod';
import { Organization } from './organizations.ts';
import { Cursor, Id, Instant, limit, line, NextCursor, OrganizationId } from './wire.ts';

/** One inspection over many organizations; so far what a grant can be limited to. */
export const Campaign = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable().describe(
      'The node whose campaign it is; null: of the installation',
    ),
    code: z.string(),
    title: z.string(),
    units: z.int().min(0).describe('Organizations in it that the caller sees'),
    createdAt: Instant,
  })
  .meta({ id: 'Campaign' });
export type Campaign = z.infer<typeof Campaign>;

export const CampaignQuery = z.object({ cursor: Cursor.optional(), limit: limit(200, 50) });
/** Latest first. */
export const CampaignList = z.object({ items: z.array(Campaign), nextCursor: NextCursor });

export const CreateCampaign = z.object({
  organizationId: OrganizationId.optional().describe('Needed by whoever does not see the whole installation'),
  code: line(60),
  title: line(200),
  units: z
    .array(OrganizationId)
    .min(1)
    .max(20_000)
    .describe('Organizations, each by itself: what is below is not added'),
});

export const CampaignUnitQuery = z.object({ cursor: Cursor.optional(), limit: limit(200, 50) });
export const CampaignUnitList = z.object({ items: z.array(Organization), nextCursor: NextCursor });
