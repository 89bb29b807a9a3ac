import { z } from 'zod';
import { Declared, OfOrganization, RegisterFields, SentFields, Version } from './register-fields.ts';
import { Cursor, Id, Instant, limit, line, NextCursor, OrganizationId } from './wire.ts';

/** What people wrote down of an asset; what scans say of it is at /assets/{id}, under the same id. */
export const RegisteredAsset = z
  .object({
    id: Id,
    organization: OfOrganization,
    system: z.object({ id: Id, name: z.string() }).nullable(),
    identity: z.string().describe('The name that scans give it, or would give it'),
    version: Version,
    registeredAt: Instant.nullable().describe('null: known from scans only; then `fields` is empty'),
    visited: z.boolean().describe('Whether any scan visited it'),
    exposureDeclared: Declared.nullable().describe('Who said `fields.exposure`, and when'),
    fields: RegisterFields.describe(
      'Kind "asset" of the catalogue; without `organizationCode` and `systemCode`',
    ),
  })
  .meta({ id: 'RegisteredAsset' });
export type RegisteredAsset = z.infer<typeof RegisteredAsset>;

export const RegisteredAssetQuery = z.object({
  organizationId: OrganizationId.optional(),
  systemId: Id.optional(),
  q: line(100).optional().describe('Part of the code, the name, the host name or the identity'),
  exposure: z.enum(['yes', 'no', 'unknown']).optional(),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
export const RegisteredAssetList = z.object({ items: z.array(RegisteredAsset), nextCursor: NextCursor });
export type RegisteredAssetList = z.infer<typeof RegisteredAssetList>;

/**
 * Registers an asset. If exactly one asset that is not registered yet has one of its identifiers, that one becomes it.
 * Several, or one that is registered already, are refused with ASSET_CANDIDATES; each entry of `errors` then names one
 * as "<id> <identity>" at the field `assetId`.
 */
export const CreateRegisteredAsset = z.object({
  organizationId: OrganizationId,
  systemId: Id.optional(),
  assetId: z
    .union([Id, z.literal('new')])
    .optional()
    .describe('Which candidate it is, or that it is none of them'),
  fields: SentFields,
});

/** For an asset that only scans know this is its registration. */
export const ChangeRegisteredAsset = z.object({
  version: Version,
  systemId: Id.nullable().optional(),
  fields: SentFields.default({}),
});
