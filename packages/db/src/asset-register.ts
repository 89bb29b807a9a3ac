import { type Instant, MAX_BACKENDS, readRange, registered } from '@backcheck/core';
import type { Tx } from './pool.ts';
import { refoldAssets } from './refold.ts';
import { settle } from './settle.ts';
import { lockOrganization } from './store-scan.ts';

export type RegisterChange =
  | { readonly kind: 'add-dhcp-range' | 'remove-dhcp-range'; readonly cidr: string }
  /** `backends` null: one machine again. */
  | { readonly kind: 'balanced-asset'; readonly identity: string; readonly backends: number | null };

/** `INVALID`: no range of addresses with all bits behind its length zero, or a number of back ends outside 2 to 100. */
export type RegisterOutcome =
  | { readonly kind: 'registered' }
  | { readonly kind: 'refused'; readonly code: 'INVALID' };

/**
 * Changes what is known of addresses and back ends, and folds the findings of the assets that it concerns anew, in
 * the caller's transaction.
 */
export async function changeRegister(
  tx: Tx,
  organizationId: number,
  { change, at }: { readonly change: RegisterChange; readonly at: Instant },
): Promise<RegisterOutcome> {
  const name = await lockOrganization(tx, organizationId);
  if (!(await valid(tx, change))) return { kind: 'refused', code: 'INVALID' };
  if (!(await write(tx, organizationId, change))) return { kind: 'registered' };
  const assets = await concerned(tx, organizationId, change);
  await refoldAssets(tx, organizationId, assets);
  await settle(tx, { organizationId, kind: 'register', at, scan: null }, name);
  return { kind: 'registered' };
}

async function valid(tx: Tx, change: RegisterChange): Promise<boolean> {
  if (change.kind === 'balanced-asset') {
    const { backends } = change;
    return backends === null || (Number.isInteger(backends) && backends >= 2 && backends <= MAX_BACKENDS);
  }
  if (readRange(change.cidr) === null) return false;
  const { rows } = await tx.query<{ valid: boolean }>(`select pg_input_is_valid($1, 'cidr') as valid`, [
    change.cidr,
  ]);
  return rows[0]?.valid === true;
}

/** False: it is registered so already. */
async function write(tx: Tx, organizationId: number, change: RegisterChange): Promise<boolean> {
  const [statement, ...values] = statementOf(change);
  const { rowCount } = await tx.query(statement, [organizationId, ...values]);
  return rowCount !== 0;
}

function statementOf(change: RegisterChange): [string, ...(string | number)[]] {
  switch (change.kind) {
    case 'add-dhcp-range':
      return [
        'insert into address_range (organization_id, cidr) values ($1, $2) on conflict do nothing',
        change.cidr,
      ];
    case 'remove-dhcp-range':
      return ['delete from address_range where organization_id = $1 and cidr = $2', change.cidr];
    case 'balanced-asset':
      if (change.backends === null) {
        return ['delete from balanced_asset where organization_id = $1 and identity = $2', change.identity];
      }
      return [
        `insert into balanced_asset (organization_id, identity, backends) values ($1, $2, $3)
         on conflict (organization_id, identity) do update set backends = excluded.backends
           where balanced_asset.backends <> excluded.backends`,
        change.identity,
        change.backends,
      ];
  }
}

/** The assets of these names, and those to which links give visits that name them. */
async function concerned(tx: Tx, organizationId: number, change: RegisterChange): Promise<string[]> {
  if (change.kind === 'balanced-asset') {
    const { rows } = await tx.query<{ asset_id: string }>(
      'select asset_id from asset where organization_id = $1 and identity = $2',
      [organizationId, change.identity],
    );
    return rows.map((row) => row.asset_id);
  }
  const { isLeased } = registered({ dhcpRanges: [change.cidr] });
  const { rows } = await tx.query<{ asset_id: string; identity: string }>(
    `select asset_id, identity from asset where organization_id = $1 and starts_with(identity, 'ip:')`,
    [organizationId],
  );
  const named = rows.filter((row) => isLeased(row.identity)).map((row) => row.asset_id);
  const linked = await tx.query<{ asset_id: string }>(
    'select distinct asset_id from visit where organization_id = $1 and named_asset_id = any ($2::bigint[])',
    [organizationId, named],
  );
  return [...named, ...linked.rows.map((row) => row.asset_id)];
}
