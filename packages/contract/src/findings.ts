import {
  DECISIONS,
  EVIDENCE,
  IDENTIFIER_KINDS,
  NOTICE_KINDS,
  type Overlay,
  PAUSES,
  PRIORITIES,
  REASONS,
  REPLY_KINDS,
  REPLY_STATES,
  SEVERITIES,
  STATES,
  TRANSPORTS,
} from '@backcheck/core';
import { z } from 'zod';
import { Fix } from './fixes.ts';
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

export const Identifier = z
  .object({ kind: z.enum(IDENTIFIER_KINDS), value: z.string() })
  .meta({ id: 'Identifier' });

const count = z.number().int().min(0);

/** What several tools report of one weakness at one asset. */
export const FindingProblem = z
  .object({
    key: z.string().describe('Equal for the findings of one problem'),
    title: Text.nullable().describe('Of the declared equivalence; null where none was declared'),
    findings: count.describe('All findings of the problem, whatever the list shows'),
    open: count.describe('Those that are not verified-fixed'),
    tools: count,
  })
  .meta({ id: 'FindingProblem' });
export type FindingProblem = z.infer<typeof FindingProblem>;

/** Core's overlays without what only the silence of an asset tells. */
const DECIDED = [
  'false-positive',
  'not-applicable',
  'accepted',
  'claimed',
] as const satisfies readonly Overlay[];

/** Until when it is to be fixed, and how pressing it is; docs/deadlines.md. */
export const FindingDue = z
  .object({
    at: Instant.nullable().describe(
      'The first moment that is too late; null: no clock runs yet, or nothing is due',
    ),
    priority: z.enum(PRIORITIES),
    paused: z.enum(PAUSES).nullable().describe('The clock stands still, and why'),
    waived: z
      .object({
        kind: z.enum(['accepted', 'false-positive', 'not-applicable']),
        until: Instant.nullable().describe(
          'The first moment in which it holds no more; null: until it is revoked, or a scan contradicts it',
        ),
      })
      .nullable()
      .describe('By a decision in force nothing is due; the date comes back when it ends'),
    turn: z.enum(['us', 'them']).describe('Who is to act: `us` the coordinator, `them` the organization'),
  })
  .meta({ id: 'FindingDue' });
export type FindingDue = z.infer<typeof FindingDue>;

export const Finding = z
  .object({
    id: Id,
    organization: NamedOrganization,
    asset: z.object({ id: Id, identifiers: z.array(Identifier) }),
    transport: z.enum(TRANSPORTS),
    port: z.number().int().min(0).max(65535),
    check: z.string(),
    locus: z.string(),
    title: z.string(),
    severity: z.enum(SEVERITIES),
    cve: z.array(z.string()),
    state: z.enum(STATES),
    overlay: z
      .enum(DECIDED)
      .nullable()
      .describe('What a person decided or claimed about it; lies over the state and never replaces it'),
    reason: z.enum(REASONS).nullable().describe('Why the latest scan that could have closed it did not'),
    reasonScan: Sha256.nullable(),
    firstSeen: Instant,
    lastSeen: Instant,
    stateSince: Instant,
    certificateId: Id.nullable(),
    problem: FindingProblem,
    due: FindingDue.nullable().describe('Null: proven gone, or not determined yet'),
  })
  .meta({
    id: 'Finding',
    example: {
      id: '1042',
      organization: { id: '7', name: 'Lakeside Hospital', nameZh: '湖畔医院' },
      asset: { id: '31', identifiers: [{ kind: 'ip', value: '192.0.2.7' }] },
      transport: 'tcp',
      port: 443,
      check: 'testssl:BEAST',
      locus: '',
      title: 'BEAST: vulnerable, but also supports higher protocols',
      severity: 'low',
      cve: ['CVE-2011-3389'],
      state: 'open',
      overlay: 'claimed',
      reason: 'PORT_OUTSIDE',
      reasonScan: '5ca742fedb6d05cdeb21f3cb1ffaddd0456ad4550d746b6dd00f7e2b9485605d',
      firstSeen: '2026-10-02T08:00:00.000Z',
      lastSeen: '2026-11-01T08:00:00.000Z',
      stateSince: '2026-10-02T08:12:00.000Z',
      certificateId: null,
      problem: { key: '31:-7', title: null, findings: 2, open: 1, tools: 1 },
      due: {
        at: '2026-12-01T16:00:00.000Z',
        priority: 'scheduled',
        paused: null,
        waived: null,
        turn: 'them',
      },
    },
  });
export type Finding = z.infer<typeof Finding>;

/** Several values are separated by commas: `state=open,regressed`. */
const anyOf = <T extends string>(values: readonly [T, ...T[]]) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values)).max(values.length))
    .describe(`One or more of ${values.join(', ')}, separated by commas`);

export const FINDING_SORTS = [
  '-severity',
  'severity',
  '-age',
  'age',
  'lastChange',
  'due',
  'priority',
] as const;

export const DUE_FILTERS = ['overdue', '7d'] as const;
export type DueFilter = (typeof DUE_FILTERS)[number];

export const FINDING_GROUPS = ['problem', 'check'] as const;

export const FindingQuery = z.object({
  organizationId: OrganizationId.optional(),
  state: anyOf(STATES).optional(),
  severity: anyOf(SEVERITIES).optional(),
  due: z
    .enum(DUE_FILTERS)
    .optional()
    .describe(
      '`overdue`: the date has passed and the clock does not stand still; `7d`: it passes within 7 days',
    ),
  priority: anyOf(PRIORITIES).optional(),
  turn: z.enum(['us', 'them']).optional().describe('Who is to act'),
  check: line(500).optional().describe('Full name, such as `testssl:BEAST`'),
  asset: line(500).optional().describe('An identifier value, such as 192.0.2.7'),
  q: line(200).optional().describe('Part of the title, check, asset or CVE'),
  sort: z
    .enum(FINDING_SORTS)
    .default('-severity')
    .describe(
      '`-severity` worst first, `-age` oldest first, `lastChange` latest change first, `due` soonest date first, `priority` most pressing first; the last two list what is not closed',
    ),
  groupBy: z
    .enum(FINDING_GROUPS)
    .default('check')
    .describe('`problem`: one row for each problem, of its findings that match the worst that is not closed'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
export type FindingQuery = z.infer<typeof FindingQuery>;

export const FindingList = z.object({ items: z.array(Finding), nextCursor: NextCursor });
export type FindingList = z.infer<typeof FindingList>;

/** Another finding of the same problem. */
export const Sibling = Finding.pick({
  id: true,
  check: true,
  locus: true,
  title: true,
  severity: true,
  state: true,
}).meta({
  id: 'Sibling',
});
export type Sibling = z.infer<typeof Sibling>;

/** What a tool says of the check in its own words and language; plain text with line breaks, "" where it says nothing. */
export const Explanation = z
  .object({
    description: z.string(),
    harm: z.string(),
    advice: z.string(),
    tool: z.string(),
    scanId: Id.describe('Whose file said so'),
    importedAt: Instant,
  })
  .meta({ id: 'Explanation' });
export type Explanation = z.infer<typeof Explanation>;

export const SiblingList = z.object({
  items: z.array(Sibling).describe('Worst first, at most 100'),
  fix: Fix.nullable().describe('The measure that mends it, in its organization; null: not grouped yet'),
  explanation: Explanation.nullable().describe(
    'Of the latest file that explains the check; null: no file of the organization does',
  ),
});
export type SiblingList = z.infer<typeof SiblingList>;

export const HISTORY_KINDS = [
  'present',
  'absent',
  'not-covered',
  'assumed',
  'decision',
  'certificate',
  'superseded',
  'notice',
  'receipt',
  'notice-ended',
  'reply',
  'ruling',
  'review',
  'reply-ended',
  'claim-signed',
] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

export const HistoryEvent = z
  .object({
    kind: z.enum(HISTORY_KINDS),
    at: Instant,
    scan: z
      .object({
        id: Id,
        sha256: Sha256,
        format: z.string(),
        tool: z.string(),
        toolVersion: z.string().nullable(),
        fileName: z.string(),
        importedAt: Instant,
        timeSource: z.enum(['file', 'declared', 'none']),
      })
      .nullable(),
    evidence: z.enum(EVIDENCE).optional(),
    reason: z.enum(REASONS).optional(),
    assumptions: z.array(z.string()).optional(),
    certificateId: Id.optional(),
    decision: z.object({ kind: z.enum(DECISIONS), by: z.string() }).optional(),
    notice: z.object({ id: Id, kind: z.enum(NOTICE_KINDS), number: z.string() }).optional(),
    reply: z
      .object({ id: Id, kind: z.enum(REPLY_KINDS), state: z.enum(REPLY_STATES) })
      .optional()
      .describe('As it stood after this'),
    by: z.string().optional().describe('Of a notice, a reply or a signature: who did it'),
  })
  .meta({ id: 'HistoryEvent' });
export type HistoryEvent = z.infer<typeof HistoryEvent>;

export const FindingHistory = z.object({ events: z.array(HistoryEvent).describe('Newest first') });
export type FindingHistory = z.infer<typeof FindingHistory>;
