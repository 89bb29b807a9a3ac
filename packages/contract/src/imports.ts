import { type Party as CoreParty, REASONS } from '@backcheck/core';
import { z } from 'zod';
import { PROBLEM_CODES } from './problems.ts';
import { Text } from './text.ts';
import {
  Cursor,
  Id,
  Instant,
  limit,
  line,
  NamedOrganization,
  NextCursor,
  OrganizationId,
  Sha256,
} from './wire.ts';

/**
 * queued -> reading (preview, nothing is kept) -> ready -> importing -> done; `refused` with a problem code,
 * `discarded` by the person who saw the sheet.
 */
export const IMPORT_STATES = [
  'queued',
  'reading',
  'ready',
  'importing',
  'done',
  'refused',
  'discarded',
] as const;
export const ImportState = z.enum(IMPORT_STATES);
export type ImportState = z.infer<typeof ImportState>;

/** Who vouches for a file or for its time. What the inspected organization alone vouches for never closes a finding. */
export const PARTIES = ['coordinator', 'runner', 'organization'] as const satisfies readonly CoreParty[];
export const Party = z.enum(PARTIES);
export type Party = z.infer<typeof Party>;

const count = z.number().int().min(0);

/** What this file can prove, computed by importing it in a transaction that is rolled back. */
export const Sheet = z
  .object({
    assets: z.object({ total: count, reached: count }),
    coverage: count.describe('Number of coverage claims'),
    observations: z.object({ present: count, absent: count, error: count }),
    findings: z.object({
      new: count,
      seenAgain: count,
      closes: count,
      regresses: count,
      likelyFixed: count.describe(
        'Move to fixed-unverified at most: the evidence rests on a named assumption',
      ),
      notClosed: z.array(z.object({ reason: z.enum(REASONS), count })),
    }),
    warnings: z
      .array(z.object({ code: z.string(), message: z.string(), line: z.number().nullable() }))
      .max(100)
      .describe('The first 100'),
    warningsTotal: count,
  })
  .meta({ id: 'Sheet' });
export type Sheet = z.infer<typeof Sheet>;

export const ImportProblem = z
  .object({
    code: z.enum(PROBLEM_CODES),
    title: Text,
    detail: Text,
    position: z.string().optional().describe('Where in the file, such as "line 12"'),
  })
  .meta({ id: 'ImportProblem' });
export type ImportProblem = z.infer<typeof ImportProblem>;

export const Import = z
  .object({
    id: Id,
    organizationId: OrganizationId,
    organization: NamedOrganization,
    fileName: z.string(),
    sizeBytes: count,
    sha256: Sha256,
    state: ImportState,
    progress: z.object({ bytesRead: count, bytesTotal: count, observations: count }),
    format: z.string().nullable(),
    tool: z
      .object({ name: z.string(), version: z.string().nullable(), feed: z.string().nullable() })
      .nullable(),
    scanStartedAt: Instant.nullable(),
    timeSource: z.enum(['file', 'declared', 'none']).nullable(),
    declaredAt: Instant.nullable(),
    declaredBy: Party.nullable(),
    vantage: z.string(),
    submittedBy: Party,
    scanProfileId: Id.nullable(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
    scanId: Id.nullable(),
    alreadyImported: z.boolean(),
    problem: ImportProblem.nullable(),
    sheet: Sheet.nullable(),
  })
  .meta({
    id: 'Import',
    example: {
      id: '12',
      organizationId: '7',
      organization: { id: '7', name: 'Lakeside Hospital', nameZh: '湖畔医院' },
      fileName: 'hospital.xml',
      sizeBytes: 22114,
      sha256: '6f021505b78a18007a2d4c780547f70bdb98d545d69bfee717625fc5c85e8694',
      state: 'ready',
      progress: { bytesRead: 22114, bytesTotal: 22114, observations: 52 },
      format: 'nmap',
      tool: { name: 'nmap', version: '7.93', feed: null },
      scanStartedAt: '2026-11-20T02:20:00.000Z',
      timeSource: 'file',
      declaredAt: null,
      declaredBy: null,
      vantage: 'main',
      submittedBy: 'coordinator',
      scanProfileId: null,
      createdAt: '2026-11-21T03:46:00.000Z',
      finishedAt: null,
      scanId: null,
      alreadyImported: false,
      problem: null,
      sheet: {
        assets: { total: 3, reached: 2 },
        coverage: 4,
        observations: { present: 5, absent: 47, error: 0 },
        findings: {
          new: 1,
          seenAgain: 4,
          closes: 2,
          regresses: 0,
          likelyFixed: 0,
          notClosed: [{ reason: 'NO_HOST', count: 3 }],
        },
        warnings: [],
        warningsTotal: 0,
      },
    },
  });
export type Import = z.infer<typeof Import>;

/** The text fields beside `file` in the multipart form, in any order. */
export const CreateImportFields = z
  .object({
    organizationId: OrganizationId,
    declaredAt: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text).toISOString())
      .optional()
      .describe('When the scan was made, where the file does not say'),
    declaredBy: Party.default('coordinator'),
    vantage: line(100).default('main').describe('The place the scanner looked from'),
    submittedBy: Party.default('coordinator'),
    profile: OrganizationId.optional().describe('Id of the scan profile that the tool was run by'),
    confirm: z
      .enum(['true', 'false'])
      .default('false')
      .describe('`true` imports without waiting for the preview'),
  })
  .meta({ id: 'CreateImportFields' });
export type CreateImportFields = z.infer<typeof CreateImportFields>;

export const ImportQuery = z.object({
  organizationId: OrganizationId.optional(),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});

export const ImportList = z.object({ items: z.array(Import), nextCursor: NextCursor });
export type ImportList = z.infer<typeof ImportList>;
