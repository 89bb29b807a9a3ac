import { RETEST_OUTCOMES, SEVERITIES } from '@backcheck/core';
import { z } from 'zod';
import { RetestReason } from './retests.ts';
import { Cursor, Id, Instant, limit, line, NextCursor, OrganizationId, Sha256 } from './wire.ts';

export const LOOK_BACK_STRATA = ['none', 'severity', 'organization'] as const;
export const LOOK_BACK_STATES = ['published', 'drawn', 'running', 'done'] as const;

/** Which closed findings are looked at again. All that match, or a random sample of them. */
export const LookBackRule = z.object({
  closedFrom: z.iso.datetime({ offset: true }).nullable().default(null),
  closedUntil: z.iso.datetime({ offset: true }).nullable().default(null),
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

export const LookBackReport = z.object({
  drawn: count,
  population: count,
  proven: count,
  regressed: count,
  inconclusive: count,
  waiting: count,
  regressionRate: rate.nullable().describe('Of those that could be told; null where none could'),
  low: rate.nullable().describe('95 % confidence interval'),
  high: rate.nullable(),
  worstCase: rate.nullable().describe('If all that could not be told had come back'),
  strata: z.array(
    z.object({
      stratum: z.string(),
      population: count,
      drawn: count,
      proven: count,
      regressed: count,
      inconclusive: count,
    }),
  ),
});
export type LookBackReport = z.infer<typeof LookBackReport>;

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
    publishedIn: z
      .object({ seq: z.int(), hash: Sha256 })
      .describe('The entry of ledger chain 0, before the draw'),
    drawnAt: Instant.nullable(),
    populationSha256: Sha256.nullable().describe('Of the exported list that was drawn from'),
    finishedAt: Instant.nullable(),
    report: LookBackReport.nullable(),
  })
  .meta({ id: 'LookBack' });
export type LookBack = z.infer<typeof LookBack>;

export const LookBackQuery = z.object({ cursor: Cursor.optional(), limit: limit(200, 50) });
export const LookBackList = z.object({ items: z.array(LookBack), nextCursor: NextCursor });

export const LookBackFinding = z.object({
  findingId: Id,
  organization: z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  stratum: z.string(),
  certificateId: Id.describe('The proof that is looked back at'),
  retestId: Id.nullable(),
  outcome: z.enum(RETEST_OUTCOMES).nullable().describe('`still-present` means: it came back'),
  reason: RetestReason.nullable(),
});
export const LookBackFindingQuery = z.object({ cursor: Cursor.optional(), limit: limit(200, 50) });
export const LookBackFindingList = z.object({ items: z.array(LookBackFinding), nextCursor: NextCursor });
