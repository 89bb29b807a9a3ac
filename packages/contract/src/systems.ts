import { z } from 'zod';
import { OfOrganization, RegisterFields, SentFields, Version } from './register-fields.ts';
import { Cursor, Id, limit, line, NextCursor, OrganizationId } from './wire.ts';

export const SYSTEM_STATUSES = ['active', 'retired'] as const;
const status = z.enum(SYSTEM_STATUSES);

export const System = z
  .object({
    id: Id,
    organization: OfOrganization,
    version: Version,
    status,
    assets: z.int().min(0).describe('Assets of it that the caller sees'),
    fields: RegisterFields.describe('Kind "system" of the catalogue; without `organizationCode`'),
  })
  .meta({ id: 'System' });
export type System = z.infer<typeof System>;

export const SystemQuery = z.object({
  organizationId: OrganizationId.optional(),
  q: line(100).optional().describe('Part of the name or of the code'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
export const SystemList = z.object({ items: z.array(System), nextCursor: NextCursor });
export type SystemList = z.infer<typeof SystemList>;

export const CreateSystem = z.object({ organizationId: OrganizationId, fields: SentFields });
export const ChangeSystem = z.object({
  version: Version,
  fields: SentFields.default({}),
  status: status.optional(),
});
