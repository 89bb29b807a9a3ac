import { ANCHOR_KINDS, IDENTIFIER_KINDS, MAX_BACKENDS } from '@backcheck/core';
import { z } from 'zod';
import { Cursor, Id, Instant, limit, line, NamedOrganization, NextCursor, OrganizationId } from './wire.ts';

const kind = z.enum(IDENTIFIER_KINDS);
const Identity = z.string().meta({ example: 'ip:192.0.2.7' });
const count = z.number().int().min(0);

/** When something was first and last seen there. */
const SEEN = { firstSeen: Instant, lastSeen: Instant };

export const SeenIdentifier = z.object({ kind, value: z.string(), ...SEEN }).meta({ id: 'SeenIdentifier' });
export type SeenIdentifier = z.infer<typeof SeenIdentifier>;

export const Asset = z
  .object({
    id: Id,
    organization: NamedOrganization,
    identity: Identity.describe('The name that scans give it'),
    identifiers: z.array(SeenIdentifier).describe('Last seen first, at most 100'),
    mergedFrom: z.array(Identity).describe('Other names whose scans count as scans of this asset'),
    lastSeen: Instant.nullable().describe('null: no scan reached it'),
    openFindings: count.describe('Findings that are not verified-fixed'),
  })
  .meta({
    id: 'Asset',
    example: {
      id: '31',
      organization: { id: '7', name: 'Lakeside Hospital', nameZh: '湖畔医院' },
      identity: 'ip:192.0.2.7',
      identifiers: [
        {
          kind: 'ip',
          value: '192.0.2.7',
          firstSeen: '2026-10-02T08:00:00.000Z',
          lastSeen: '2026-11-01T08:00:00.000Z',
        },
      ],
      mergedFrom: [],
      lastSeen: '2026-11-01T08:00:00.000Z',
      openFindings: 3,
    },
  });
export type Asset = z.infer<typeof Asset>;

export const AssetQuery = z.object({
  organizationId: OrganizationId.optional(),
  q: line(200).optional().describe('Part of any identifier that the asset ever had'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});

export const AssetList = z.object({ items: z.array(Asset), nextCursor: NextCursor });
export type AssetList = z.infer<typeof AssetList>;

export const TASK_KINDS = ['same-address', 'maybe-same'] as const;
export const TASK_OUTCOMES = ['merge', 'different'] as const;

export const IdentityTask = z
  .object({
    id: Id,
    kind: z
      .enum(TASK_KINDS)
      .describe(
        '`same-address`: two machines under one identifier. `maybe-same`: perhaps one under two names',
      ),
    asset: Asset,
    other: Asset.nullable().describe('null: one asset that answered as two machines'),
    identifier: z
      .object({ kind, value: z.string() })
      .describe('What both have, or what the second machine showed'),
    raisedAt: Instant,
    resolution: z
      .object({ outcome: z.enum(TASK_OUTCOMES), at: Instant, by: z.string(), note: z.string() })
      .nullable(),
  })
  .meta({ id: 'IdentityTask' });
export type IdentityTask = z.infer<typeof IdentityTask>;

export const IdentityTaskQuery = z.object({
  organizationId: OrganizationId.optional(),
  state: z.enum(['open', 'resolved']).default('open'),
  cursor: Cursor.optional(),
  limit: limit(100, 20),
});

export const IdentityTaskList = z.object({
  items: z.array(IdentityTask).describe('In the order in which they were raised'),
  nextCursor: NextCursor,
  open: count.describe('How many are open in all, whatever the page shows'),
});
export type IdentityTaskList = z.infer<typeof IdentityTaskList>;

/** A link that stands: scans that name `identity` and begin in [from, until) are scans of `target`. */
const AssetLink = z
  .object({
    identity: Identity,
    target: z.object({ id: Id, identity: Identity }),
    from: Instant.nullable(),
    until: Instant.nullable(),
    at: Instant.describe('When it was decided'),
    by: z.string(),
    note: z.string(),
  })
  .meta({ id: 'AssetLink' });

export const AssetPage = z
  .object({
    asset: Asset,
    links: z.array(AssetLink).describe('Those to this asset, and those that give its own scans away'),
    holders: z
      .array(z.object({ kind, value: z.string(), assetId: Id, identity: Identity, ...SEEN }))
      .describe('Other assets that were seen with an identifier of this one, at most 50'),
    visits: z
      .array(
        z.object({
          scanId: Id,
          tool: z.string(),
          fileName: z.string(),
          startedAt: Instant.nullable().describe('null: the file does not say'),
          importedAt: Instant,
          reached: z.boolean(),
          named: Identity.nullable().describe('What the scan named, where a link gives it to this asset'),
        }),
      )
      .describe('The latest 20'),
    tasks: z.array(IdentityTask).describe('Open questions about it, at most 20'),
  })
  .meta({ id: 'AssetPage' });
export type AssetPage = z.infer<typeof AssetPage>;

/** The database holds years with four digits; what lies outside these names no scan. */
const moment = z.iso
  .datetime({ offset: true })
  .refine((text) => /^(19[7-9]|20\d|21\d)\d-/.test(new Date(text).toISOString()), 'must lie in 1970 to 2199')
  .transform((text) => new Date(text).toISOString());

const interval = {
  from: moment.optional().describe('Scans that begin at this moment or later; left out: from the first on'),
  until: moment.optional().describe('Scans that begin before this moment; left out: without end'),
};
const note = line(1000).describe('Why; kept with the decision');

/** Scans of the asset at the address become scans of `into`. */
export const MergeAsset = z.object({ into: Id, ...interval, note });

export const SplitAsset = z.object({
  identity: line(1010).describe(
    'The name whose scans leave: one of `mergedFrom`, or `identity` of the asset',
  ),
  at: moment.optional().describe('Scans that begin at this moment or later; left out: all'),
  as: line(1010)
    .optional()
    .describe(
      'The name of the new asset; needed where `identity` is that of the asset itself, else not allowed',
    ),
  note,
});

export const ResolveTask = z.object({
  outcome: z.enum(TASK_OUTCOMES),
  into: Id.optional().describe('For `merge`: the asset that stays; left out: the one with the steadier name'),
  ...interval,
  note,
});

/** What a merge or a split brought about; all zero where it stood already. */
export const LinkChange = z
  .object({
    scans: count.describe('Visits of scans that count for another asset now'),
    findings: count.describe('Findings that these scans saw, and that moved with them'),
    superseded: count.describe('Certificates that no longer stand'),
    issued: count.describe('New certificates'),
  })
  .meta({ id: 'LinkChange' });
export type LinkChange = z.infer<typeof LinkChange>;

export const AssetChange = z.object({ changed: LinkChange });
export const ResolvedTask = z.object({ task: IdentityTask, changed: LinkChange });

/** In the order in which a merge would prefer them: a name that others lead to must stay. */
const steadiness = ({ identity, mergedFrom }: Asset): number =>
  (mergedFrom.length > 0 ? 2 : 0) + (ANCHOR_KINDS.some((one) => identity.startsWith(`${one}:`)) ? 1 : 0);

/** Which of two assets should stay: the one that others were merged into, the better named, the older. */
export function steadierAsset(asset: Asset, other: Asset): Asset {
  return steadiness(other) > steadiness(asset) ? other : asset;
}

const cidr = line(50).meta({ example: '192.0.2.0/24' });

export const RegisterQuery = z.object({ organizationId: OrganizationId });

export const AddressRange = z.object({ organizationId: OrganizationId, cidr });
export const AddressRangeList = z.object({ items: z.array(AddressRange) });

export const BalancedAsset = z.object({
  organizationId: OrganizationId,
  identity: line(1010).meta({ example: 'fqdn:www.example.org' }),
  backends: z.number().int().min(2).max(MAX_BACKENDS).describe('How many machines answer under this name'),
});
export type BalancedAsset = z.infer<typeof BalancedAsset>;
export const BalancedAssetKey = BalancedAsset.omit({ backends: true });
export const BalancedAssetList = z.object({ items: z.array(BalancedAsset) });
