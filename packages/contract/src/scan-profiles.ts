import {
  type Checks,
  type ScanProfile as CoreScanProfile,
  PROMISABLE,
  parsePorts,
  TRANSPORTS,
} from '@backcheck/core';
import { z } from 'zod';
import { Id, Instant, line, OrganizationId, Sha256 } from './wire.ts';

const ranges = z
  .string()
  .max(20_000)
  .refine((text) => parsePorts(text) !== null, 'must be like 1-1024,8443')
  .meta({ pattern: '^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$' });

const checks: z.ZodType<Checks> = z.union([
  z.strictObject({ ids: z.array(line(500)).min(1).max(100_000) }),
  z.strictObject({ ranges }),
  z.strictObject({ all: z.literal(true) }),
]);

const title = z.strictObject({ en: line(300), zh: line(300) });

const supply = z.strictObject({
  assumption: z.enum(PROMISABLE).describe('Of those that whoever runs the tool can promise'),
  transport: z.enum(TRANSPORTS),
  ports: ranges,
  checks,
});

/** A profile file (docs/profiles.md). Further members tell people more; they are kept and hashed with the rest. */
export const ScanProfileContent = z.looseObject({
  profile: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .max(100),
  version: z.number().int().min(1).max(1_000_000),
  tool: line(100).describe('Name of the tool, as the scan file tells it'),
  title,
  options: z.string().max(10_000).optional().describe('How to run the tool so that the rest is true'),
  supplies: z.array(supply).min(1).max(20),
}) satisfies z.ZodType<CoreScanProfile>;
export type ScanProfileContent = z.infer<typeof ScanProfileContent>;

export const ScanProfile = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable().describe('null: for all organizations'),
    sha256: Sha256.describe('Of the canonical JSON (RFC 8785) of the content'),
    registeredAt: Instant,
    retiredAt: Instant.nullable(),
    content: ScanProfileContent,
  })
  .meta({ id: 'ScanProfile' });
export type ScanProfile = z.infer<typeof ScanProfile>;

export const CreateScanProfile = z.object({
  organizationId: OrganizationId.optional().describe('Left out: for all organizations'),
  content: ScanProfileContent,
});

export const ScanProfileQuery = z.object({ organizationId: OrganizationId.optional() });
export const ScanProfileList = z.object({ items: z.array(ScanProfile) });
export type ScanProfileList = z.infer<typeof ScanProfileList>;
