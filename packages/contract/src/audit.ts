import { type AccessObject, AUDIT_ACTIONS, AUDIT_VIAS, type AuditAction, OBJECTS } from '@backcheck/core';
import { z } from 'zod';
import type { Text } from './text.ts';
import { Cursor, Id, Instant, limit, NextCursor, OrganizationId } from './wire.ts';

/** One entry of the audit log. A name that a newer version wrote is shown as it is. */
export const AuditEntry = z
  .object({
    id: Id,
    at: Instant,
    organization: z
      .object({ id: OrganizationId, name: z.string() })
      .nullable()
      .describe('Null: the installation'),
    account: z
      .object({ id: Id, name: z.string() })
      .nullable()
      .describe('As it was called then; null: nobody was signed in'),
    via: z.enum(AUDIT_VIAS).nullable(),
    address: z.string().nullable().describe('Of the client'),
    action: z.string(),
    object: z.string(),
    objectId: z.string().nullable(),
    details: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .describe('`operation`: method and route; `outcome`: done or refused, then with the `status`'),
    ledgerSeq: z.number().int().nullable().describe('Ledger entry that seals it; null: not sealed yet'),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
const interval = {
  organizationId: OrganizationId.optional(),
  from: moment.optional().describe('Inclusive'),
  to: moment.optional().describe('Exclusive'),
};

export const AuditQuery = z.object({
  ...interval,
  account: OrganizationId.optional().describe('Id of an account'),
  object: z.enum(OBJECTS).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});

export const AuditList = z.object({ items: z.array(AuditEntry), nextCursor: NextCursor });
export type AuditList = z.infer<typeof AuditList>;

export const AuditExportQuery = z.object({
  ...interval,
  format: z
    .enum(['jsonl', 'csv'])
    .default('jsonl')
    .describe('`jsonl` can be verified offline with `backcheck verify`; `csv` is for reading'),
});
export type AuditExportQuery = z.infer<typeof AuditExportQuery>;

export const AUDIT_ACTION_LABELS = {
  create: { zh: '新建', en: 'Create' },
  read: { zh: '查看', en: 'Read' },
  update: { zh: '修改', en: 'Change' },
  approve: { zh: '批准', en: 'Approve' },
  export: { zh: '导出', en: 'Export' },
  'sign-in': { zh: '登录', en: 'Sign in' },
  'sign-out': { zh: '退出', en: 'Sign out' },
  invite: { zh: '邀请', en: 'Invite' },
  grant: { zh: '授权', en: 'Grant' },
  revoke: { zh: '撤销', en: 'Revoke' },
  disable: { zh: '停用', en: 'Disable' },
  enable: { zh: '启用', en: 'Enable' },
} as const satisfies Record<AuditAction, Text>;

/**
 * What was really done, where the permission says less: `approve` is also issuing a notice and acknowledging its receipt.
 * By the last part of the route.
 */
export const AUDIT_STEP_LABELS: Readonly<Partial<Record<string, Text>>> = {
  submit: { zh: '提交审批', en: 'Submit' },
  issue: { zh: '签发', en: 'Issue' },
  'send-back': { zh: '退回', en: 'Send back' },
  supersede: { zh: '另行制发', en: 'Supersede' },
  withdraw: { zh: '撤回', en: 'Withdraw' },
  discard: { zh: '作废', en: 'Discard' },
  receipts: { zh: '签收', en: 'Acknowledge receipt' },
  opened: { zh: '打开', en: 'Open' },
  paper: { zh: '下载文书', en: 'Download the paper' },
  log: { zh: '登记送达', en: 'Log a delivery' },
  copies: { zh: '上传签章件', en: 'Upload a signed copy' },
  sign: { zh: '签署', en: 'Sign' },
  opinion: { zh: '出具意见', en: 'Give an opinion' },
  decide: { zh: '作出决定', en: 'Decide' },
  verify: { zh: '核实', en: 'Verify' },
  revoke: { zh: '撤销', en: 'Revoke' },
  assignment: { zh: '指派', en: 'Assign' },
  stop: { zh: '停止', en: 'Stop' },
  resume: { zh: '恢复', en: 'Resume' },
};

export const AUDIT_OBJECT_LABELS = {
  account: { zh: '账号', en: 'Account' },
  settings: { zh: '设置', en: 'Settings' },
  audit: { zh: '审计日志', en: 'Audit log' },
  organization: { zh: '单位', en: 'Organization' },
  asset: { zh: '资产', en: 'Asset' },
  contact: { zh: '应急联络人', en: 'Contact' },
  campaign: { zh: '检查任务', en: 'Campaign' },
  answer: { zh: '自查答复', en: 'Answer' },
  conclusion: { zh: '检查结论', en: 'Conclusion' },
  import: { zh: '导入', en: 'Import' },
  finding: { zh: '问题', en: 'Finding' },
  notice: { zh: '通知书', en: 'Notice' },
  reply: { zh: '答复', en: 'Reply' },
  policy: { zh: '期限规则', en: 'Deadline policy' },
  feed: { zh: '漏洞数据源', en: 'Feed' },
  authorization: { zh: '检测授权书', en: 'Test authorization' },
  runner: { zh: '执行器', en: 'Runner' },
  retest: { zh: '复测', en: 'Retest' },
  incident: { zh: '事件', en: 'Incident' },
  report: { zh: '报告', en: 'Report' },
  certificate: { zh: '销号证明', en: 'Certificate' },
} as const satisfies Record<AccessObject, Text>;
