import { FIX_KINDS, type FixKind, PRIORITIES, SEVERITIES, STATES } from '@backcheck/core';
import { z } from 'zod';
import { Text } from './text.ts';
import { Cursor, Id, Instant, limit, NextCursor, OrganizationId } from './wire.ts';

const count = z.int().min(0);

const counts = {
  findings: count,
  open: count.describe('Not proven gone'),
  claimed: count.describe('Of the open ones those that somebody says are fixed'),
  proven: count.describe('Closed by proof, each with its certificate'),
  assets: count,
  worst: z.enum(SEVERITIES),
  priority: z
    .enum(PRIORITIES)
    .nullable()
    .describe('The most pressing of its open findings; null: none was determined yet'),
  dueAt: Instant.nullable().describe('The earliest of its open findings; the first moment that is too late'),
};

/** One measure: a task with as many proofs as it has findings. */
export const Fix = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable().describe('Null: all that the caller sees together'),
    kind: z.enum(FIX_KINDS),
    subject: Text.describe(
      'Of a measure that is known by its check alone the title of its findings, as far as the caller sees them; where their titles differ, the name of the check',
    ),
    organizations: count.describe('With a finding of it, proven gone or not'),
    openIn: count.describe('Organizations with an open one'),
    ...counts,
  })
  .meta({ id: 'Fix' });
export type Fix = z.infer<typeof Fix>;

/** How far a measure is in one organization. */
export const FixOrganization = z
  .object({
    organization: z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }),
    ...counts,
  })
  .meta({ id: 'FixOrganization' });
export type FixOrganization = z.infer<typeof FixOrganization>;

export const FixOrganizationQuery = z.object({ cursor: Cursor.optional(), limit: limit(200, 50) });
export const FixOrganizationList = z.object({
  items: z.array(FixOrganization).describe('Those with most open findings first'),
  nextCursor: NextCursor,
});

export const FixQuery = z.object({
  organizationId: OrganizationId.optional().describe(
    'Without it over all that the caller sees; over more than 50 organizations the counts are some minutes old at most',
  ),
  done: z.stringbool().default(false).describe('`true`: those whose findings are all proven gone'),
  cursor: Cursor.optional(),
  limit: limit(500, 200),
});

export const FixList = z.object({
  items: z.array(Fix).describe('Those with most open findings first, then the earliest date'),
  nextCursor: NextCursor,
});
export type FixList = z.infer<typeof FixList>;

export const FixFinding = z
  .object({
    id: Id,
    asset: z.string(),
    port: z.int().min(0).max(65535),
    title: z.string(),
    name: Text.nullable().describe('What the product calls it; null: it has no name for it'),
    severity: z.enum(SEVERITIES),
    state: z.enum(STATES),
    claimed: z.boolean().describe('Somebody says that it is fixed'),
    certificateId: Id.nullable(),
    dueAt: Instant.nullable(),
  })
  .meta({ id: 'FixFinding' });
export type FixFinding = z.infer<typeof FixFinding>;

export const FixFindingQuery = z.object({
  organizationId: OrganizationId,
  cursor: Cursor.optional(),
  limit: limit(500, 100),
});

export const FixFindingList = z.object({
  items: z.array(FixFinding).describe('The earliest date first; those that are proven gone last'),
  nextCursor: NextCursor,
});
export type FixFindingList = z.infer<typeof FixFindingList>;

/** What a measure of each kind asks for, in one sentence. */
export const FIX_ADVICE = {
  upgrade: {
    zh: '升级到厂商已修复的版本；暂无修复版本的，先限制访问来源或关闭受影响的功能。',
    en: 'Upgrade to a version in which the vendor has mended it; while there is none, limit who can reach it or switch off what is affected.',
  },
  configure: {
    zh: '按安全基线修改配置，并检查使用同一配置的其他主机。',
    en: 'Change the configuration to the secure baseline, and look at other machines with the same configuration.',
  },
  certificate: {
    zh: '申请并安装受信任、在有效期内的证书，确认证书链完整、域名一致。',
    en: 'Install a trusted certificate that is valid now, with its whole chain and the right name.',
  },
  replace: {
    zh: '制定替换计划；完成替换前隔离该系统，只开放必要的访问。',
    en: 'Plan its replacement; until then keep it apart and open only what is needed.',
  },
  single: {
    zh: '核实问题原因后整改，并排查其他系统是否存在同样的情况。',
    en: 'Find the cause and mend it, and look for the same in other systems.',
  },
} as const satisfies Record<FixKind, Text>;

/** "{subject}" is the measure's subject. */
export const FIX_LABELS = {
  upgrade: { zh: '升级 {subject}', en: 'Upgrade {subject}' },
  configure: { zh: '加固 {subject}', en: 'Configure {subject}' },
  certificate: { zh: '更换{subject}', en: 'Replace {subject}' },
  replace: { zh: '替换 {subject}', en: 'Replace {subject}' },
  single: { zh: '{subject}', en: '{subject}' },
} as const satisfies Record<FixKind, Text>;
