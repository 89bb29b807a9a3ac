import { SEVERITIES } from '@backcheck/core';
import { z } from 'zod';
import type { Text } from './text.ts';
import { Cursor, Id, Instant, limit, line, NamedOrganization, NextCursor, OrganizationId } from './wire.ts';

const count = z.number().int().min(0);
const Day = z.iso.date().meta({ example: '2026-11-21' });
const note = line(1000).describe('Why; kept');
const Identity = z.string().meta({ example: 'ip:192.0.2.7' });

export const CLAIM_KINDS = ['range', 'domain'] as const;

const Value = line(300).meta({ example: '192.0.2.0/24' });

/** What an organization says is its own: a range of addresses, or a domain with all names below it. */
export const OwnershipClaim = z
  .object({
    id: Id,
    organization: NamedOrganization,
    kind: z.enum(CLAIM_KINDS),
    value: Value,
    validFrom: Day,
    validUntil: Day.nullable().describe('The last day; null: without end'),
    note: z.string(),
    claimedAt: Instant,
    claimedBy: z.string(),
    withdrawn: z.object({ at: Instant, by: z.string() }).nullable(),
    overlaps: z
      .array(z.object({ claimId: Id, organization: NamedOrganization, value: Value }))
      .describe('Claims of other organizations that speak of the same and that the caller sees, at most 20'),
    overlapping: count.describe(
      'How many there are in all; more than `overlaps` has: ask your coordinator about the others',
    ),
  })
  .meta({ id: 'OwnershipClaim' });
export type OwnershipClaim = z.infer<typeof OwnershipClaim>;

const flag = z.enum(['true', 'false']).default('false');

export const ClaimQuery = z.object({
  organizationId: OrganizationId.optional(),
  overlapping: flag.describe('Only those that overlap a claim of another organization'),
  withdrawn: flag.describe('Also those that were withdrawn'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
export const ClaimList = z.object({ items: z.array(OwnershipClaim), nextCursor: NextCursor });

/** A range from /8 (IPv6: /16) on, an address, or a domain of two labels or more. */
export const CreateClaim = z.object({
  organizationId: OrganizationId,
  kind: z.enum(CLAIM_KINDS),
  value: Value,
  validFrom: Day.optional().describe('Left out: today'),
  validUntil: Day.optional(),
  note,
});

export const QUEUE_REASONS = ['unclaimed', 'disputed', 'claimed-elsewhere'] as const;
export type QueueReason = (typeof QUEUE_REASONS)[number];

/** What the screens and the API call a reason. */
export const QUEUE_REASON_LABEL: Record<QueueReason, Text> = {
  unclaimed: { zh: '待认领', en: 'Claimed by nobody' },
  disputed: { zh: '有异议：非本单位资产', en: 'Disputed: "not ours"' },
  'claimed-elsewhere': { zh: '属其他单位声明的范围', en: 'In a range that another organization claims' },
};

/** An asset whose owner is in question. */
export const QueueItem = z
  .object({
    asset: z.object({ id: Id, identity: Identity }),
    organization: NamedOrganization.describe('Where it lies now'),
    reason: z
      .enum(QUEUE_REASONS)
      .describe(
        '`unclaimed`: it lies where scans over many organizations are imported. `disputed`: "not ours". ' +
          '`claimed-elsewhere`: only another organization claims it',
      ),
    since: Instant,
    guess: NamedOrganization.nullable().describe('Whose it may be, by the most specific claim'),
    guessHidden: z.boolean().describe('Another organization claims it that the caller does not see'),
    dispute: z.object({ by: z.string(), reason: z.string() }).nullable(),
    openFindings: count.describe('Findings that are not verified-fixed'),
    worst: z.enum(SEVERITIES).nullable().describe('Of the open findings'),
  })
  .meta({ id: 'OwnershipQueueItem' });
export type QueueItem = z.infer<typeof QueueItem>;

export const QueueQuery = z.object({
  organizationId: OrganizationId.optional(),
  reason: z.enum(QUEUE_REASONS).optional(),
  guess: OrganizationId.optional().describe('Only what may be of this organization'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
export const QueueList = z.object({
  items: z.array(QueueItem).describe('The oldest first'),
  nextCursor: NextCursor,
});
export const QueueCounts = z
  .object({ unclaimed: count, disputed: count, 'claimed-elsewhere': count })
  .meta({ id: 'OwnershipQueueCounts' });

export const NotOurs = z.object({ reason: line(1000).describe('Why it is not; kept') });
export const OursAfterAll = z.object({ note });

/** `assetId` is what it was; `intoAssetId` another one where the receiver had an asset of this name. */
export const HandOver = z
  .object({
    id: Id,
    assetId: Id,
    intoAssetId: Id,
    identity: Identity,
    from: NamedOrganization.nullable().describe('null: an organization that the caller does not see'),
    to: NamedOrganization.nullable(),
    at: Instant,
    by: z.string(),
    note: z.string(),
  })
  .meta({ id: 'HandOver' });
export type HandOver = z.infer<typeof HandOver>;

export const HandOverQuery = z.object({
  organizationId: OrganizationId.optional().describe('Given or received by it'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
export const HandOverList = z.object({
  items: z.array(HandOver).describe('The latest first'),
  nextCursor: NextCursor,
});

/** Whose an asset is, and was. Also answers for an id that a hand-over took the asset from. */
export const AssetOwnership = z
  .object({
    assetId: Id.nullable().describe('Its id now; null: it went where the caller sees nothing'),
    question: QueueItem.nullable(),
    handOvers: z.array(HandOver).describe('The latest first, at most 50'),
  })
  .meta({ id: 'AssetOwnership' });
export type AssetOwnership = z.infer<typeof AssetOwnership>;

export const CreateHandOver = z.object({ organizationId: OrganizationId.describe('Who receives it'), note });
export const CreateHandOvers = CreateHandOver.extend({ assetIds: z.array(Id).min(1).max(500) });

export const HAND_OVER_OUTCOMES = [
  'handed-over',
  'not-found',
  'linked',
  'distrusted',
  'same-organization',
] as const;

/** What hand-overs brought about. */
export const HandedOver = z
  .object({
    outcomes: z
      .array(
        z.object({
          assetId: Id,
          outcome: z
            .enum(HAND_OVER_OUTCOMES)
            .describe(
              '`linked`: its scans, or those of one of its names, count for another asset too; split it first. ' +
                '`distrusted`: a file with its scans is in quarantine at the giver or at the receiver only',
            ),
          intoAssetId: Id.nullable(),
        }),
      )
      .describe('One for each asset'),
    changed: z.object({
      scans: count.describe('Visits of scans that count for the receiver now'),
      findings: count.describe('Findings that went along'),
      superseded: count.describe('Certificates of the givers that no longer stand'),
      issued: count.describe('New certificates of the receiver'),
    }),
  })
  .meta({ id: 'HandedOver' });
export type HandedOver = z.infer<typeof HandedOver>;
