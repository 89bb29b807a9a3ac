import { z } from 'zod';
import { Version } from './register-fields.ts';
import { Cursor, Id, limit, line, NextCursor, OrganizationId } from './wire.ts';

/** "key protection", "critical infrastructure", "compromised before", "end of support", "drill", or the office's own word. */
export const KEY_LIST_PURPOSES = {
  protection: { zh: '重点保障', en: 'Key protection' },
  cii: { zh: '关基', en: 'Critical infrastructure' },
  compromised: { zh: '曾失陷', en: 'Compromised before' },
  'end-of-support': { zh: '停止支持设备', en: 'Past the end of support' },
  drill: { zh: '演练', en: 'Drill' },
  other: { zh: '其他', en: 'Other' },
} as const;

const purpose = z.enum(['protection', 'cii', 'compromised', 'end-of-support', 'drill', 'other']);
const day = z.iso.date().nullable();
const words = line(1000).nullable();

const content = {
  name: line(200),
  purpose,
  reason: words,
  approvedBy: line(200).nullable(),
  validFrom: day,
  validTo: day,
};

export const KeyList = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable().describe('null: of the whole installation'),
    version: Version,
    ...content,
    members: z.int().min(0).describe('Those that the caller sees'),
  })
  .meta({ id: 'KeyList' });
export type KeyList = z.infer<typeof KeyList>;

export const KeyListQuery = z.object({
  organizationId: OrganizationId.optional().describe('Lists of it, and lists with a member in it'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
export const KeyListList = z.object({ items: z.array(KeyList), nextCursor: NextCursor });

export const MEMBER_KINDS = ['organization', 'system', 'asset'] as const;
const kind = z.enum(MEMBER_KINDS);

export const KeyListMember = z
  .object({
    kind,
    id: Id,
    name: z.string().describe('Name of the organization or system; of an asset its identity'),
    organization: z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }),
  })
  .meta({ id: 'KeyListMember' });
export type KeyListMember = z.infer<typeof KeyListMember>;

export const KeyListMemberQuery = z.object({ cursor: Cursor.optional(), limit: limit(500, 100) });
export const KeyListMemberList = z.object({ items: z.array(KeyListMember), nextCursor: NextCursor });

const optional = {
  reason: words.default(null),
  approvedBy: content.approvedBy.default(null),
  validFrom: day.default(null),
  validTo: day.default(null),
};
const inOrder = ({ validFrom, validTo }: { validFrom?: string | null; validTo?: string | null }): boolean =>
  validFrom == null || validTo == null || validFrom <= validTo;
const ORDER = { path: ['validTo'], message: 'must not lie before validFrom' };

/** Without an organization: a list of the whole installation, which only whoever sees all of it may make. */
export const CreateKeyList = z
  .object({ organizationId: OrganizationId.optional(), name: content.name, purpose, ...optional })
  .refine(inOrder, ORDER);
/** The whole content: what is left out becomes empty. */
export const ChangeKeyList = z
  .object({ version: Version, name: content.name, purpose, ...optional })
  .refine(inOrder, ORDER);

export const KeyListMemberKey = z.object({ kind, id: Id });
