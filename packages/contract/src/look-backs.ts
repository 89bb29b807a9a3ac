import { LOOK_BACK_STRATA, RETEST_OUTCOMES, SEVERITIES } from '@backcheck/core';
import { z } from 'zod';
import { RetestReason } from './retests.ts';
import { Cursor, Id, Instant, limit, line, NextCursor, OrganizationId, Sha256 } from './wire.ts';

export const LOOK_BACK_STATES = ['published', 'drawn', 'running', 'done'] as const;

/** Which closed findings are looked at again. All that match, or a random sample of them. */
export const LookBackRule = z.object({
  closedFrom: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .describe('Of the time from which the absence stands that closed it'),
  closedUntil: z.iso.datetime({ offset: true }).nullable().default(null).describe('Exclusive'),
  severities: z.array(z.enum(SEVERITIES)).max(SEVERITIES.length).default([]).describe('Empty: all'),
  knownExploited: z.boolean().default(false).describe('Only those with a CVE of the known-exploited list'),
  checks: z.array(line(500)).max(200).default([]).describe('Empty: all'),
});
export type LookBackRule = z.infer<typeof LookBackRule>;

export const PublishLookBack = z.object({
  organizationId: OrganizationId.optional().describe(
    'The node whose closed findings it draws from, with all below',
  ),
  title: line(200),
  rule: LookBackRule,
  sample: z.int().min(1).max(100_000).nullable().describe('How many are drawn; null: all'),
  strata: z.enum(LOOK_BACK_STRATA).default('none'),
  seed: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('Thrown in public, say with dice; left out: the server takes 32 random bytes'),
});
export type PublishLookBack = z.infer<typeof PublishLookBack>;

const count = z.int().min(0);
const rate = z.number().min(0).max(1);
const outcomes = {
  drawn: count,
  population: count,
  proven: count.describe('Looked at again, and proved again'),
  regressed: count.describe('Came back'),
  inconclusive: count.describe('Could not be told'),
};

export const LookBackStratum = z.object({
  stratum: z.string().describe('A severity, the id of an organization, or empty where it is not divided'),
  organization: z
    .object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() })
    .nullable()
    .describe('Where it is divided by organization'),
  ...outcomes,
});
export type LookBackStratum = z.infer<typeof LookBackStratum>;

export const LookBackReport = z.object({
  ...outcomes,
  waiting: count,
  regressionRate: rate
    .nullable()
    .describe('Of the population, estimated from those that could be told; null where none could'),
  low: rate.nullable().describe('95 % confidence interval: docs/look-back.md'),
  high: rate.nullable(),
  worstCase: rate.nullable().describe('If all that could not be told had come back'),
});
export type LookBackReport = z.infer<typeof LookBackReport>;

const LedgerPlace = z
  .object({
    chain: z.string().describe('Id of the organization, or 0: the installation'),
    seq: z.int(),
    hash: Sha256,
  })
  .describe('A ledger entry');

export const LookBack = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable(),
    title: z.string(),
    state: z.enum(LOOK_BACK_STATES),
    rule: LookBackRule,
    sample: z.int().nullable(),
    strata: z.enum(LOOK_BACK_STRATA),
    method: z.string().describe('How the sample is drawn: docs/look-back.md'),
    seed: z.string(),
    publishedAt: Instant,
    publishedIn: LedgerPlace.describe('The ledger entry that says all of this, before the draw'),
    drawnAt: Instant.nullable(),
    drawnIn: LedgerPlace.nullable(),
    populationSha256: Sha256.nullable().describe('Of the exported list that was drawn from'),
    drawnSha256: Sha256.nullable().describe('Of what `backcheck draw` prints for it'),
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    report: LookBackReport.nullable().describe('Null before the draw'),
  })
  .meta({ id: 'LookBack' });
export type LookBack = z.infer<typeof LookBack>;

export const LookBackQuery = z.object({ cursor: Cursor.optional(), limit: limit(200, 50) });
/** Latest first. */
export const LookBackList = z.object({ items: z.array(LookBack), nextCursor: NextCursor });

/** With what each stratum came to. */
export const LookBackDetail = LookBack.extend({ strataCounts: z.array(LookBackStratum) }).meta({
  id: 'LookBackDetail',
});
export type LookBackDetail = z.infer<typeof LookBackDetail>;

export const LookBackFinding = z.object({
  findingId: Id,
  organization: z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }),
  title: z.string().nullable().describe('Null: it was handed over or merged since'),
  asset: z.string().nullable().describe('What names its asset first'),
  port: z.int().nullable(),
  severity: z.enum(SEVERITIES),
  stratum: z.string(),
  certificateId: Id.describe('The proof that is looked back at'),
  superseded: z.boolean().describe('That certificate no longer stands; it stays true for its time'),
  retestId: Id.nullable(),
  outcome: z.enum(RETEST_OUTCOMES).nullable().describe('`still-present` means: it came back'),
  reason: RetestReason.nullable().describe('Null with `inconclusive`: it was handed over or merged since'),
});
export type LookBackFinding = z.infer<typeof LookBackFinding>;
export const LookBackFindingQuery = z.object({ cursor: Cursor.optional(), limit: limit(200, 50) });
/** What came back first. */
export const LookBackFindingList = z.object({ items: z.array(LookBackFinding), nextCursor: NextCursor });

/** Whether closed findings of an organization are looked at again by themselves, sooner the greater the risk. */
export const RescanPlan = z
  .object({
    on: z.boolean(),
    switchedOnBy: z.object({ id: Id, name: z.string() }).nullable().describe('Whose the retests are'),
    switchedOnAt: Instant.nullable(),
  })
  .meta({ id: 'RescanPlan' });
export type RescanPlan = z.infer<typeof RescanPlan>;
export const SwitchRescanPlan = z.object({ on: z.boolean() });

/** CISA's catalogue of known exploited vulnerabilities, as it is published; members that are not named are not kept. */
export const KnownExploitedCatalogue = z.object({
  catalogVersion: line(100),
  dateReleased: z.iso.datetime({ offset: true }),
  count,
  vulnerabilities: z
    .array(
      z.object({
        cveID: z.string().regex(/^CVE-[0-9]{4}-[0-9]{4,19}$/),
        dateAdded: z.iso.date(),
        dueDate: z.iso.date().or(z.literal('')).optional(),
        vulnerabilityName: z.string().optional(),
        requiredAction: z.string().optional(),
        knownRansomwareCampaignUse: z.string().optional(),
      }),
    )
    .max(100_000),
});
export type KnownExploitedCatalogue = z.infer<typeof KnownExploitedCatalogue>;

export const KnownExploited = z
  .object({
    version: z
      .string()
      .nullable()
      .describe('Null: none was taken in yet, and nothing counts as known exploited'),
    releasedAt: Instant.nullable(),
    takenInAt: Instant.nullable(),
    ageDays: count.nullable().describe('Whole days since its release'),
    entries: count,
  })
  .meta({ id: 'KnownExploited' });
export type KnownExploited = z.infer<typeof KnownExploited>;
