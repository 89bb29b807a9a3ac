import type { RegisterKind } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';

/** For whom a mapping is remembered: the organization that the import named, or the account where it named none. */
export type MappingOwner = { readonly organizationId: number } | { readonly accountId: number };

export interface KnownMapping {
  readonly kind: RegisterKind | null;
  readonly columns: readonly (string | null)[];
}

const values = (owner: MappingOwner): [number | null, number | null] =>
  'organizationId' in owner ? [owner.organizationId, null] : [null, owner.accountId];

/** `headers`: SHA-256 of the sheet's headers, in hex. */
export async function recallMapping(
  db: Db,
  owner: MappingOwner,
  headers: string,
): Promise<KnownMapping | null> {
  const { rows } = await db.query<KnownMapping>(
    `select kind, columns from register_mapping
     where headers_sha256 = decode($3, 'hex') and organization_id is not distinct from $1 and account_id is not distinct from $2`,
    [...values(owner), headers],
  );
  return rows[0] ?? null;
}

export async function rememberMapping(
  tx: Tx,
  owner: MappingOwner,
  { headers, kind, columns }: KnownMapping & { readonly headers: string },
): Promise<void> {
  await tx.query(
    `insert into register_mapping (organization_id, account_id, headers_sha256, kind, columns) values ($1, $2, decode($3, 'hex'), $4, $5)
     on conflict (organization_id, account_id, headers_sha256) do update set kind = excluded.kind, columns = excluded.columns`,
    [...values(owner), headers, kind, JSON.stringify(columns)],
  );
}
