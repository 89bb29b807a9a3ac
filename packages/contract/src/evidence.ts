import { z } from 'zod';
import type { Text } from './text.ts';
import { Id, Instant, Sha256 } from './wire.ts';

/** `unscanned`: whole, and the virus scanner has not answered yet. */
export const UPLOAD_STATES = ['receiving', 'unscanned', 'ready', 'infected'] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];

/** A file on its way in, of the caller. */
export const Upload = z
  .object({
    id: Id,
    fileName: z.string(),
    sizeBytes: z.int().min(0),
    receivedBytes: z.int().min(0).describe('From where to go on'),
    state: z.enum(UPLOAD_STATES),
    sha256: Sha256.nullable().describe(
      'Of all that arrived: compare it with your own; null until it is whole',
    ),
    verdict: z.string().nullable().describe('What the virus scanner found, or why it has not answered'),
    usable: z.boolean().describe('Whether a claim or a reply may name it now'),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof Upload>;

/** What may come in, for a screen that asks before it sends. */
export const UploadLimits = z.object({
  mostBytes: z.int(),
  most: z.int().describe('Uploads of one account that nothing has taken yet'),
  scans: z.boolean().describe('Whether a virus scanner looks at each'),
});
export type UploadLimits = z.infer<typeof UploadLimits>;

/** One file of a claim or a reply, sent before it. */
export const UploadIds = z.array(Id).max(50);

/** What cites the bytes of a file. `upload`: nothing does, yet. */
export const RETENTION_KINDS = [
  'scan',
  'unused-import',
  'claim-evidence',
  'reply-evidence',
  'signed-copy',
  'notice-template',
  'authorization',
  'register-sheet',
  'upload',
] as const;
export type RetentionKind = (typeof RETENTION_KINDS)[number];

/**
 * Days after the last moment that something needed the file; null: for good. A rule begins to count only where nothing
 * holds the file (docs/evidence.md), so 0 days is no way to lose what a certificate cites.
 */
export const RETENTION_DEFAULTS: Readonly<Record<RetentionKind, number | null>> = {
  scan: null,
  'unused-import': 30,
  'claim-evidence': 1095,
  'reply-evidence': 1095,
  'signed-copy': 3650,
  'notice-template': 3650,
  authorization: 3650,
  'register-sheet': 1095,
  upload: 7,
};

export const RETENTION_LABELS: Readonly<Record<RetentionKind, Text>> = {
  scan: { zh: '扫描文件', en: 'Scan files' },
  'unused-import': { zh: '未采用的导入文件', en: 'Files of imports that were not taken' },
  'claim-evidence': { zh: '整改佐证材料', en: 'Evidence of claims of a fix' },
  'reply-evidence': { zh: '反馈佐证材料', en: 'Evidence of replies' },
  'signed-copy': { zh: '签字盖章扫描件', en: 'Signed copies of notices' },
  'notice-template': { zh: '已停用的文书模板', en: 'Templates of notices that are retired' },
  authorization: { zh: '检测授权书原件', en: 'Papers of test authorizations' },
  'register-sheet': { zh: '台账导入表', en: 'Sheets of register imports' },
  upload: { zh: '未被引用的上传文件', en: 'Uploads that nothing took' },
};

/** From when the days count. */
export const RETENTION_STARTS: Readonly<Record<RetentionKind, Text>> = {
  scan: {
    zh: '导入之日；所涉资产上有未销号问题或曾出具销号证明的，一律不删除',
    en: 'the day it was imported; none is deleted whose assets have a finding that is open or was ever proven fixed',
  },
  'unused-import': { zh: '拒绝或放弃之日', en: 'the day it was refused or discarded' },
  'claim-evidence': { zh: '相关问题全部销号之日', en: 'the day the last of its findings was proven fixed' },
  'reply-evidence': { zh: '相关问题全部销号之日', en: 'the day the last of its findings was proven fixed' },
  'signed-copy': { zh: '上传之日', en: 'the day it was added' },
  'notice-template': { zh: '停用之日', en: 'the day it was retired' },
  authorization: { zh: '授权到期之日', en: 'the day the authorization ended' },
  'register-sheet': { zh: '上传之日', en: 'the day it was sent' },
  upload: { zh: '上传完成之日', en: 'the day it was whole' },
};

const Days = z.int().min(0).max(36_500).nullable().describe('Null: for good');

export const RetentionRule = z
  .object({
    kind: z.enum(RETENTION_KINDS),
    days: Days,
    setBy: z.object({ id: Id, name: z.string() }).nullable().describe('Null: nobody changed the default'),
    setAt: Instant.nullable(),
  })
  .meta({ id: 'RetentionRule' });
export type RetentionRule = z.infer<typeof RetentionRule>;

/** One of each kind, in the order of RETENTION_KINDS. */
export const RetentionRules = z.object({ items: z.array(RetentionRule) });
export type RetentionRules = z.infer<typeof RetentionRules>;

const changes = z.array(z.object({ kind: z.enum(RETENTION_KINDS), days: Days })).max(RETENTION_KINDS.length);

/** The kinds that are to change; the others stay. */
export const SetRetentionRules = z.object({ rules: changes.min(1) });
export type SetRetentionRules = z.infer<typeof SetRetentionRules>;

/** Rules to try beside those in force: `scan:30,upload:for-good`. */
export const RetentionTrial = z.object({
  rules: z
    .string()
    .max(1000)
    .regex(/^[a-z-]+:(\d{1,5}|for-good)(,[a-z-]+:(\d{1,5}|for-good))*$/)
    .transform((text) =>
      text.split(',').map((one) => {
        const [kind = '', days = ''] = one.split(':');
        return { kind, days: days === 'for-good' ? null : Number(days) };
      }),
    )
    .pipe(changes)
    .optional(),
});

/** What the rules would let go, and what they would not. Nothing is deleted by asking. */
export const RetentionPreview = z
  .object({
    items: z.array(
      z.object({
        kind: z.enum(RETENTION_KINDS),
        goes: z.object({ files: z.int(), bytes: z.int() }).describe('Deleted the next night'),
        held: z
          .object({ files: z.int(), bytes: z.int() })
          .describe('Something needs them, whatever the rule'),
        kept: z.object({ files: z.int(), bytes: z.int() }).describe('Their days are not over, or never are'),
      }),
    ),
  })
  .meta({ id: 'RetentionPreview' });
export type RetentionPreview = z.infer<typeof RetentionPreview>;
