import { z } from 'zod';
import { ChangedBy, FieldValue, RecordKind } from './register-fields.ts';
import { Cursor, Id, Instant, limit, NextCursor } from './wire.ts';

export const CHANGE_ACTIONS = ['created', 'updated', 'deleted'] as const;

/** One change of one record, as the database itself wrote it down. */
export const RecordChange = z
  .object({
    id: Id,
    at: Instant,
    by: ChangedBy.nullable().describe('null: nobody who was signed in'),
    via: z.enum(['session', 'api-key', 'job']).nullable(),
    registerImportId: Id.nullable().describe('The sheet whose import made the change'),
    kind: RecordKind,
    recordId: Id,
    action: z.enum(CHANGE_ACTIONS),
    fields: z
      .array(
        z.object({
          field: z
            .string()
            .describe(
              'Key of the catalogue, or one of: parentId, mergedInto, collecting, crossTool, steadyProof, organizationId, systemId, exposureDeclaredAt, exposureDeclaredBy, verifiedBy, status, member, purpose, reason, approvedBy',
            ),
          before: FieldValue.nullable(),
          after: FieldValue.nullable(),
        }),
      )
      .describe('What changed; null: empty'),
  })
  .meta({ id: 'RecordChange' });
export type RecordChange = z.infer<typeof RecordChange>;

export const RecordChangeQuery = z.object({
  kind: RecordKind.optional(),
  recordId: Id.optional().describe('Goes with `kind`: the history of one record'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});

/** Latest first. Changes of contacts, systems and assets are there for whoever may read those. */
export const RecordChangeList = z.object({ items: z.array(RecordChange), nextCursor: NextCursor });
export type RecordChangeList = z.infer<typeof RecordChangeList>;
