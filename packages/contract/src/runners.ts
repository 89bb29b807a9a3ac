import { ENGINES, PROBE_METHODS } from '@backcheck/core';
import { z } from 'zod';
import { TestWindow } from './authorizations.ts';
import { RetestReason } from './retests.ts';
import { Cursor, Id, Instant, limit, line, NextCursor, OrganizationId, Sha256 } from './wire.ts';

/** What a runner found on its machine: a version, or the package to install. */
export const RunnerTool = z.object({
  engine: z.enum(ENGINES),
  version: z.string().max(100).nullable(),
  install: z.string().max(200).nullable(),
});
export type RunnerTool = z.infer<typeof RunnerTool>;

export const Runner = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable().describe('Null: works for every organization'),
    name: z.string(),
    vantage: z.string().describe('The place it looks from'),
    kind: z.enum(['server', 'remote']),
    version: z.string().nullable(),
    tools: z.array(RunnerTool),
    fingerprint: Sha256.nullable().describe(
      'Of the key that signs its results; null before its first contact',
    ),
    registeredAt: Instant,
    seenAt: Instant.nullable(),
    online: z.boolean().describe('Seen within the last 15 seconds'),
    revokedAt: Instant.nullable(),
    running: z.int().min(0),
  })
  .meta({ id: 'Runner' });
export type Runner = z.infer<typeof Runner>;

export const RegisterRunner = z.object({
  organizationId: OrganizationId.optional().describe('Needed by whoever does not see the whole installation'),
  name: line(100),
  vantage: line(100),
});
/** The key is shown this once. */
export const RegisteredRunner = z.object({ runner: Runner, key: z.string() });

export const RunnerQuery = z.object({ cursor: Cursor.optional(), limit: limit(200, 50) });
export const RunnerList = z.object({ items: z.array(Runner), nextCursor: NextCursor });

// What a remote runner says and hears; its key is sent as `Authorization: Bearer bcr_…`. docs/retests.md

export const RunnerHello = z.object({
  version: z.string().max(50),
  publicKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Ed25519; fixed at the first contact'),
  tools: z.array(RunnerTool).max(ENGINES.length),
});
export type RunnerHello = z.infer<typeof RunnerHello>;

export const RunnerWelcome = z.object({
  runnerId: Id,
  vantage: z.string(),
  serverTime: Instant.describe('A runner whose clock is more than a minute off says so and ends'),
});
export type RunnerWelcome = z.infer<typeof RunnerWelcome>;

const Lease = z.uuid();

/** Core's Order, with the authorization it stands under, as it was when it was taken. */
export const RunnerTask = z
  .object({
    lease: Lease,
    engine: z.enum(ENGINES),
    method: z.enum(PROBE_METHODS),
    host: z.string(),
    rate: z.int().min(1),
    stopAt: Instant.nullable().describe('When its window closes'),
    questions: z.array(
      z.object({
        findingId: Id,
        transport: z.enum(['tcp', 'udp', 'sctp', 'none']),
        port: z.int().min(0).max(65_535),
        check: z.string(),
        locus: z.string(),
      }),
    ),
    authorization: z.object({
      id: Id,
      organizationId: z.int(),
      ranges: z.array(z.string()),
      names: z.array(z.string()),
      allowed: z.array(z.enum(PROBE_METHODS)),
      forbidden: z.array(z.enum(PROBE_METHODS)),
      windows: z.array(TestWindow),
      timeZone: z.string(),
      rate: z.int(),
      validFrom: Instant,
      expiresAt: Instant,
      approvedAt: Instant.nullable(),
      stoppedAt: Instant.nullable(),
      revokedAt: Instant.nullable(),
    }),
  })
  .meta({ id: 'RunnerTask' });
export type RunnerTask = z.infer<typeof RunnerTask>;

export const TakeTasks = z.object({ most: z.int().min(1).max(50) });
export const TakenTasks = z.object({ tasks: z.array(RunnerTask) });

export const Beat = z.object({ leases: z.array(Lease).max(200) });
/** Those that are to be stopped at once; an unknown or lost lease is among them. */
export const BeatAnswer = z.object({ stop: z.array(Lease) });

/**
 * What a runner signs of one run, as a DSSE envelope with payload type `application/vnd.backcheck.run+json`.
 * A multipart form carries the envelope as `result` and the scan file, if there is one, as `file`.
 */
export const RunStatement = z.object({
  lease: Lease,
  engine: z.enum(ENGINES),
  host: z.string(),
  address: z.string().nullable(),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  file: z.object({ name: z.string().max(200), sha256: Sha256 }).nullable(),
  why: RetestReason.nullable().describe('Where there is no file: why not. RUNNER_LOST gives the task back'),
  detail: z.string().max(1000).nullable(),
  canary: z.unknown().describe('What the control connection before and after saw'),
  refused: z
    .array(z.string().max(300))
    .max(20)
    .default([])
    .describe('Where a tool wanted to go, by a redirect say, and was kept from'),
});
export type RunStatement = z.infer<typeof RunStatement>;

export const DeliverFields = z.object({ result: z.string().max(100_000) });
export const Delivered = z.object({
  accepted: z.boolean().describe('False: the lease was lost; nothing was kept'),
});
