import { NOTICE_KINDS, PRIORITIES, REPLY_KINDS, SEVERITIES } from '@backcheck/core';
import { z } from 'zod';
import { Text } from './text.ts';
import { Cursor, Id, Instant, limit, NextCursor, OrganizationId } from './wire.ts';

/** `coordinator`, `organization`: whose turn it is. */
export const WORK_LISTS = ['due-soon', 'overdue', 'coordinator', 'organization'] as const;
export type WorkList = (typeof WORK_LISTS)[number];

/** What a row of the two last lists is. */
export const WORK_KINDS = [
  'unnoticed',
  'reply',
  'review',
  'signature',
  'batch-to-approve',
  'batch-to-issue',
  'notice-to-approve',
  'notice-to-issue',
  'delivery',
  'escalation',
  'retest',
  'inconclusive',
  'receipt',
  'returned',
] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** Counted to here and not further; a larger number is said as "more than". */
export const MOST_COUNTED = 1000;
const count = z
  .int()
  .min(0)
  .max(MOST_COUNTED + 1);

const organization = z.object({
  id: OrganizationId,
  name: z.string(),
  nameZh: z.string().nullable(),
  call: z
    .object({ name: z.string(), phone: z.string() })
    .nullable()
    .describe(
      'Who is called: of the contacts with a telephone the 24x7 duty, else the first. Null: nobody, or the caller may not read contacts',
    ),
});
export type WorkOrganization = z.infer<typeof organization>;

export const WorkQuery = z.object({ organizationId: OrganizationId.optional() });
export const WorkCounts = z
  .object({
    dueSoon: count.describe('Findings due within seven days'),
    overdue: count,
    coordinator: count,
    organization: count,
  })
  .describe(`Each is counted to ${MOST_COUNTED}; ${MOST_COUNTED + 1} means more`)
  .meta({ id: 'WorkCounts' });
export type WorkCounts = z.infer<typeof WorkCounts>;

export const WorkListQuery = WorkQuery.extend({ limit: limit(200, 100) });
export const WorkItemQuery = WorkListQuery.extend({ cursor: Cursor.optional() });

/** A finding with its date. */
export const DueFinding = z
  .object({
    id: Id,
    organization,
    asset: z.string(),
    title: z.string(),
    name: Text.nullable().describe('What the product calls it; null: it has no name for it'),
    severity: z.enum(SEVERITIES),
    priority: z.enum(PRIORITIES),
    dueAt: Instant.describe('The first moment that is too late'),
    paused: z.boolean(),
  })
  .meta({ id: 'DueFinding' });
export type DueFinding = z.infer<typeof DueFinding>;
export const DueFindingList = z.object({ items: z.array(DueFinding).describe('Earliest first') });
export type DueFindingList = z.infer<typeof DueFindingList>;

export const WorkItem = z
  .object({
    kind: z.enum(WORK_KINDS),
    id: Id.describe(
      'Of the reply, notice, batch, retest or finding that it is about; of `unnoticed` the organization',
    ),
    organization: organization
      .nullable()
      .describe('Of a batch the node below which it goes; null: the whole installation'),
    what: z.string().nullable().describe('A number or title, where it has one'),
    replyKind: z.enum(REPLY_KINDS).nullable(),
    noticeKind: z.enum(NOTICE_KINDS).nullable(),
    since: Instant,
    findings: z.int().nullable().describe('How many it stands for: `unnoticed`'),
  })
  .meta({ id: 'WorkItem' });
export type WorkItem = z.infer<typeof WorkItem>;
export const WorkItemList = z.object({
  items: z.array(WorkItem).describe('Waiting longest first'),
  nextCursor: NextCursor,
});
export type WorkItemList = z.infer<typeof WorkItemList>;

/** What somebody is to do. */
export const WORK_KIND_LABELS = {
  unnoticed: { zh: '超危、高危问题尚未通知', en: 'Critical and high findings in no notice yet' },
  reply: { zh: '答复待决定', en: 'Reply waits for a decision' },
  review: { zh: '风险接受待复核', en: 'Borne risk to be looked at again' },
  signature: { zh: '答复待单位网络安全负责人签署', en: 'Reply waits for the security lead’s signature' },
  'batch-to-approve': { zh: '批量文书待批准', en: 'Batch of notices waits for approval' },
  'batch-to-issue': { zh: '批量文书待签发', en: 'Batch of notices waits to be issued' },
  'notice-to-approve': { zh: '通知书待批准', en: 'Notice waits for approval' },
  'notice-to-issue': { zh: '通知书待签发', en: 'Notice waits to be issued' },
  delivery: { zh: '送达需人工处理', en: 'Delivery needs a person' },
  escalation: { zh: '督办步骤待处理', en: 'Escalation waits for a person' },
  retest: { zh: '复测待完成', en: 'Retest is not done' },
  inconclusive: { zh: '复测无法判定', en: 'Retest was inconclusive' },
  receipt: { zh: '通知书待签收', en: 'Notice waits for a receipt' },
  returned: { zh: '复测未通过，需再次整改', en: 'Still present: to be mended again' },
} as const satisfies Record<WorkKind, Text>;
