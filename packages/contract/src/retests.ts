import {
  ENGINES,
  PROBE_METHODS,
  REASONS,
  RETEST_OBSTACLES,
  RETEST_ORIGINS,
  RETEST_OUTCOMES,
  RETEST_STATES,
  RETEST_TASK_STATES,
  WAYS_TO_PROVE,
} from '@backcheck/core';
import { z } from 'zod';
import { UploadIds } from './evidence.ts';
import { Finding } from './findings.ts';
import { Cursor, Id, Instant, limit, line, NextCursor, OrganizationId, prose, Sha256 } from './wire.ts';

const FINDINGS = z.array(Id).min(1).max(500);

/** A reason code of a scan that asked and got no answer, or an obstacle that kept it from asking. */
export const RetestReason = z.enum([...REASONS, ...RETEST_OBSTACLES]);
export type RetestReason = z.infer<typeof RetestReason>;

const person = z.object({ id: Id, name: z.string() });

/** What was wrong, in the fixer's words; the list of the rectification feedback form. */
export const FIX_CAUSES = [
  'missing-patch',
  'misconfiguration',
  'weak-protocol',
  'exposed-service',
  'expired-certificate',
  'end-of-support',
  'code-defect',
  'other',
] as const;
export type FixCause = (typeof FIX_CAUSES)[number];

const FUNCTION = 'A function or a department, such as "network operations"; no person has to be named';

/** "It is fixed": a claim, never a proof. */
export const ClaimFix = z.object({
  findingIds: FINDINGS.describe('All of one organization'),
  cause: z.enum(FIX_CAUSES),
  measure: prose(4000).min(1).describe('What was done'),
  similar: z
    .object({ found: z.int().min(0).max(1_000_000), fixed: z.int().min(0).max(1_000_000) })
    .refine(({ found, fixed }) => fixed <= found, {
      path: ['fixed'],
      message: 'cannot be more than were found',
    })
    .nullable()
    .default(null)
    .describe('The same weakness elsewhere: how many were found and fixed; null: not looked for'),
  fixedOn: z.iso.date().optional().describe('The day on which it was fixed, where it was fixed'),
  fixedBy: line(200).optional().describe(`Who fixed it. ${FUNCTION}`),
  answerable: line(200).optional().describe(`Who of the leaders answers for it. ${FUNCTION}`),
  residualRisk: prose(4000).min(1).optional().describe('What risk is left'),
  uploadIds: UploadIds.default([]).describe('Evidence: finished uploads of the caller (docs/evidence.md)'),
});
export type ClaimFix = z.infer<typeof ClaimFix>;

export const FixEvidence = z.object({
  no: z.int().min(1),
  fileName: z.string(),
  sizeBytes: z.int().min(0),
  sha256: Sha256,
  addedAt: Instant,
});

export const FixClaim = z
  .object({
    id: Id,
    organizationId: OrganizationId,
    findingIds: z.array(Id),
    cause: z.enum(FIX_CAUSES),
    measure: z.string(),
    similar: z.object({ found: z.int(), fixed: z.int() }).nullable(),
    fixedOn: z.iso.date().nullable(),
    fixedBy: z.string().nullable(),
    answerable: z.string().nullable(),
    residualRisk: z.string().nullable(),
    claimedBy: person,
    claimedAt: Instant,
    signed: z
      .object({ by: person, at: Instant })
      .nullable()
      .describe(
        'By the leader: the security lead of the organization. Null: not signed, which delays nothing',
      ),
    open: z.boolean().describe('Nothing has decided it, so that it can still be signed'),
    evidence: z.array(FixEvidence),
  })
  .meta({ id: 'FixClaim' });
export type FixClaim = z.infer<typeof FixClaim>;

export const EvidenceParams = z.object({ id: Id, no: z.coerce.number().int().min(1).max(100_000) });

export const PlanRetest = z.object({ findingIds: FINDINGS });

export const RequestRetest = PlanRetest.extend({
  fixClaimId: Id.optional(),
  note: line(1000).optional(),
});
export type RequestRetest = z.infer<typeof RequestRetest>;

const PlannedTask = z.object({
  engine: z.enum(ENGINES),
  method: z.enum(PROBE_METHODS),
  vantage: z.string(),
  host: z.string(),
  findingIds: z.array(Id),
  checks: z.array(z.string()),
  authorizationId: Id.nullable(),
  startsAt: Instant.nullable().describe('When its window opens, where that is not now'),
});

/** What a retest would do, before anything is asked: the scope, and what nothing here can prove. */
export const RetestPlan = z
  .object({
    tasks: z.array(PlannedTask),
    unprovable: z.array(
      z.object({
        findingId: Id,
        reason: RetestReason,
        wouldProve: z.array(z.enum(WAYS_TO_PROVE)),
        install: z.string().nullable().describe('The package that brings the missing tool'),
      }),
    ),
  })
  .meta({ id: 'RetestPlan' });
export type RetestPlan = z.infer<typeof RetestPlan>;

export const RetestFinding = z.object({
  finding: Finding.pick({
    id: true,
    asset: true,
    transport: true,
    port: true,
    check: true,
    locus: true,
    title: true,
    severity: true,
    state: true,
  }),
  outcome: z.enum(RETEST_OUTCOMES).nullable().describe('Null until it is known'),
  reason: RetestReason.nullable(),
  wouldProve: z.array(z.enum(WAYS_TO_PROVE)),
  scanId: Id.nullable(),
  importId: Id.nullable(),
  certificateId: Id.nullable(),
});
export type RetestFinding = z.infer<typeof RetestFinding>;

export const RetestTask = z.object({
  no: z.int().min(1),
  engine: z.enum(ENGINES),
  method: z.enum(PROBE_METHODS),
  vantage: z.string(),
  host: z.string(),
  address: z.string().nullable().describe('Where the name was found, once, for this run'),
  checks: z.array(z.string()),
  state: z.enum(RETEST_TASK_STATES),
  attempts: z.int().min(0),
  runner: z.string().nullable(),
  authorizationId: Id.nullable(),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  reason: RetestReason.nullable(),
  detail: z.string().nullable(),
  importId: Id.nullable(),
});
export type RetestTask = z.infer<typeof RetestTask>;

const count = z.int().min(0);

export const Retest = z
  .object({
    id: Id,
    organization: z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }),
    origin: z.enum(RETEST_ORIGINS),
    state: z.enum(RETEST_STATES),
    requestedBy: person,
    requestedAt: Instant,
    finishedAt: Instant.nullable(),
    waitingFor: z
      .enum(['window', 'runner', 'turn'])
      .nullable()
      .describe('While `waiting`: what it waits for; null otherwise'),
    startsAt: Instant.nullable().describe('When its window opens, where it waits for that'),
    waitedSeconds: count.describe('From the request to the end, or to now: booked to the coordinator'),
    fixClaimId: Id.nullable(),
    lookBackId: Id.nullable(),
    note: z.string().nullable(),
    counts: z.object({ findings: count, proven: count, stillPresent: count, inconclusive: count }),
  })
  .meta({ id: 'Retest' });
export type Retest = z.infer<typeof Retest>;

export const RetestDetail = Retest.extend({
  findings: z.array(RetestFinding),
  tasks: z.array(RetestTask),
}).meta({ id: 'RetestDetail' });
export type RetestDetail = z.infer<typeof RetestDetail>;

export const RetestQuery = z.object({
  organizationId: OrganizationId.optional(),
  state: z.enum(RETEST_STATES).optional(),
  findingId: Id.optional(),
  lookBackId: Id.optional(),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
/** Latest first. */
export const RetestList = z.object({ items: z.array(Retest), nextCursor: NextCursor });

/** What was claimed and asked about one finding, latest first, at most 100 of each. */
export const FindingRetests = z
  .object({
    claims: z.array(FixClaim),
    retests: z.array(Retest.extend({ result: RetestFinding.omit({ finding: true }) })),
    coordinatorSeconds: count.describe('All waiting for retests so far: not the time of the organization'),
  })
  .meta({ id: 'FindingRetests' });
export type FindingRetests = z.infer<typeof FindingRetests>;
