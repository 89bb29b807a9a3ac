import type { RegisterKind } from '@backcheck/core';
import type { Tx } from './pool.ts';
import { type StoredRecord, selectRecords, storedRecord } from './register-import-lookup.ts';

const ORDER: Readonly<Record<RegisterKind, string>> = {
  organization: 't.org_code',
  system: 'o.org_code, t.sys_code',
  asset: 'o.org_code, t.asset_code, t.asset_id',
  contact: 'o.org_code, t.position, t.contact_id',
};

/**
 * The records of one register, of one node and below where it is given, at most `limit`. Assets that are known from
 * scans only are in no register.
 */
export async function exportRecords(
  tx: Tx,
  kind: RegisterKind,
  { organizationId, limit }: { readonly organizationId: number | null; readonly limit: number },
): Promise<StoredRecord[]> {
  const { columns, from } = selectRecords(kind);
  const { rows } = await tx.query<Parameters<typeof storedRecord>[1]>(
    `select ${columns} from ${from}
     where ($1::int is null or t.organization_id in (select organization_id from organization_ancestor where ancestor_id = $1))
       ${kind === 'asset' ? 'and t.register_state is not null' : ''}
     order by ${ORDER[kind]} limit $2`,
    [organizationId, limit],
  );
  return rows.map((row) => storedRecord(kind, row));
}
