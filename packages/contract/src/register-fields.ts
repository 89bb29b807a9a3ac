import { z } from 'zod';
import { Id, Instant, OrganizationId } from './wire.ts';

/** What a field of a register says; core's catalogue (`CATALOGUE`) knows its type. */
export const FieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** The fields of a record by their keys in core's catalogue. A field that is not there is empty. */
export const RegisterFields = z.record(z.string(), FieldValue).meta({
  id: 'RegisterFields',
  example: { systemCode: 'HIS', name: 'Hospital information', mlpsLevel: '3' },
});
export type RegisterFields = z.infer<typeof RegisterFields>;

const sent = z.union([
  z.string().max(4000),
  z.number(),
  z.boolean(),
  z.array(z.string().max(4000)).max(1000),
  z.null(),
]);

/**
 * What a person filled in, by the keys of core's catalogue; null clears a field, and what is left out stays. Values are
 * read as cells of a sheet are (`parseCell`): "第三级" and "3" are both the level 3. A value that cannot be read is
 * refused with REQUEST_INVALID, and `errors` names "fields.<key>".
 */
export const SentFields = z
  .record(z.string().max(60), sent)
  .refine((fields) => Object.keys(fields).length <= 100, 'at most 100 fields');
export type SentFields = z.infer<typeof SentFields>;

/** The version that the form was filled in from; any change since then is refused with CHANGED_MEANWHILE. */
export const Version = z.int().min(1).describe('Raised by each change of the record');

export const ChangedBy = z.object({ id: Id, name: z.string() });

/** Kinds of records whose changes are kept. */
export const RECORD_KINDS = ['organization', 'system', 'asset', 'contact', 'key_list'] as const;
export const RecordKind = z.enum(RECORD_KINDS);
export type RecordKind = z.infer<typeof RecordKind>;

export const OfOrganization = z.object({
  id: OrganizationId,
  name: z.string(),
  nameZh: z.string().nullable(),
});

/** Who declared something, and when. */
export const Declared = z.object({
  at: Instant,
  by: ChangedBy.nullable().describe('null: the import of a register'),
});
