import { z } from 'zod';
import { ChangedBy, OfOrganization, RegisterFields, SentFields, Version } from './register-fields.ts';
import { Cursor, Id, Instant, limit, NextCursor, OrganizationId } from './wire.ts';

/** An emergency contact: who is called, in which order, by which channel. */
export const Contact = z
  .object({
    id: Id,
    organization: OfOrganization,
    version: Version,
    fields: RegisterFields.describe('Kind "contact" of the catalogue; without `organizationCode`'),
    verified: z
      .object({ at: Instant, by: ChangedBy.nullable().describe('null: as a sheet says') })
      .nullable()
      .describe('When somebody last made sure that this person answers'),
    returned: z
      .object({ count: z.int().min(1), last: Instant, why: z.string().describe('Of the last one') })
      .nullable()
      .describe(
        'Mails to this address that came back and that no receipt of a later mail to it has cleared; null: none',
      ),
  })
  .meta({ id: 'Contact' });
export type Contact = z.infer<typeof Contact>;

export const ContactQuery = z.object({
  organizationId: OrganizationId,
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
/** In the order in which they are called. */
export const ContactList = z.object({ items: z.array(Contact), nextCursor: NextCursor });
export type ContactList = z.infer<typeof ContactList>;

export const CreateContact = z.object({ organizationId: OrganizationId, fields: SentFields });
export const ChangeContact = z.object({ version: Version, fields: SentFields });
export const RemoveContact = z.object({ version: z.coerce.number().int().min(1) });
