import { PROBE_METHODS } from '@backcheck/core';
import { z } from 'zod';
import { Cursor, Id, Instant, limit, line, NextCursor, OrganizationId, Sha256 } from './wire.ts';

export const ProbeMethod = z.enum(PROBE_METHODS);

const TimeOfDay = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'a time is written 22:00');

export const TestWindow = z
  .object({
    days: z.array(z.int().min(1).max(7)).min(1).max(7).describe('ISO 8601 weekdays, 1 is Monday'),
    from: TimeOfDay,
    until: TimeOfDay.describe('Not later than `from` means on the next day'),
  })
  .meta({ id: 'TestWindow' });

/** The words of the paper. What the fields mean together is core/authorize. */
export const AuthorizationTerms = z.object({
  title: line(200),
  ranges: z.array(line(60)).max(500).describe('CIDR, such as 192.0.2.0/24; a single address is a range'),
  names: z.array(line(253)).max(500).describe('www.example.org, or *.example.org for all names below'),
  allowed: z.array(ProbeMethod).min(1).max(PROBE_METHODS.length),
  forbidden: z.array(ProbeMethod).max(PROBE_METHODS.length).default([]).describe('Wins over `allowed`'),
  windows: z.array(TestWindow).max(50).default([]).describe('Empty: at any time'),
  timeZone: line(60).describe('IANA name, such as Asia/Shanghai'),
  rate: z.int().min(1).max(1000).describe('New connections a second, over everything that runs under it'),
  sourceAddresses: z.array(line(60)).max(50).default([]).describe('From where the probes come'),
  stopContact: z.object({ name: line(100), phone: line(50) }),
  signedBy: line(200).describe('Who signed the paper for the organization'),
  validFrom: z.iso.datetime({ offset: true }),
  expiresAt: z.iso.datetime({ offset: true }),
});
export type AuthorizationTerms = z.infer<typeof AuthorizationTerms>;

/** A multipart form: `terms` as JSON text beside the signed paper as `file`. */
export const DraftAuthorizationFields = z.object({
  organizationId: OrganizationId,
  terms: z
    .string()
    .max(200_000)
    .describe('AuthorizationTerms as JSON')
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'terms is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(AuthorizationTerms),
});
export type DraftAuthorizationFields = z.infer<typeof DraftAuthorizationFields>;

/** In the order in which it goes through them; `stopped` and `expired` show before `in-force`. */
export const AUTHORIZATION_STATES = [
  'drafted',
  'approved',
  'in-force',
  'stopped',
  'expired',
  'revoked',
] as const;
export type AuthorizationState = (typeof AUTHORIZATION_STATES)[number];

const Person = z.object({ id: Id, name: z.string() });

export const Authorization = AuthorizationTerms.extend({
  id: Id,
  organization: z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }),
  state: z.enum(AUTHORIZATION_STATES).describe('`approved`: not valid yet'),
  windowOpen: z.boolean().describe('In force and inside a window at this moment'),
  nextWindow: Instant.nullable().describe('When the next window opens; null: open now, or never again'),
  document: z.object({ fileName: z.string(), sizeBytes: z.int().min(0), sha256: Sha256 }),
  validFrom: Instant,
  expiresAt: Instant,
  draftedBy: Person,
  draftedAt: Instant,
  approvedBy: Person.nullable(),
  approvedAt: Instant.nullable(),
  stoppedBy: Person.nullable(),
  stoppedAt: Instant.nullable(),
  revokedBy: Person.nullable(),
  revokedAt: Instant.nullable(),
  running: z.int().min(0).describe('Tasks of retests that run under it at this moment'),
  waiting: z.int().min(0),
}).meta({ id: 'Authorization' });
export type Authorization = z.infer<typeof Authorization>;

export const AuthorizationQuery = z.object({
  organizationId: OrganizationId.optional(),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
/** Latest first. */
export const AuthorizationList = z.object({ items: z.array(Authorization), nextCursor: NextCursor });
