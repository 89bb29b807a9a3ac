import type { IdentifierKind, Instant } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';
import type { StoredScanKey } from './resolve.ts';

/** Longer values name nothing and do not fit into a B-tree entry. */
const MAX_BYTES = 1000;

/** The value of an identifier `i` as core's `identityOf` writes it. */
export const WRITTEN = `case when i.kind = 'fqdn' then rtrim(lower(i.value), '.')
        when i.kind in ('ip', 'mac', 'agent', 'serial', 'hostkey') then lower(i.value) else i.value end`;

/** One row for each identifier that a visit of `source` (alias v, with `imported_at`) saw on an asset that answered. */
const named = (source: string): string => `
  select asset_id, kind, value, min(first_seen) as first_seen, max(last_seen) as last_seen
  from (
    select v.asset_id, i.kind,
      ${WRITTEN} as value,
      coalesce(v.started_at, imported_at) as first_seen, coalesce(v.finished_at, v.started_at, imported_at) as last_seen
    from ${source} cross join lateral jsonb_to_recordset(v.identifiers) as i(kind text, value text)
    where v.reached) one
  where octet_length(value) <= ${MAX_BYTES}
  group by asset_id, kind, value`;

const NAMED_BY_SCAN = `
create temp table named on commit drop as
  select n.*, i.asset_id is not null as known, n.first_seen < i.first_seen or n.last_seen > i.last_seen as wider
  from (${named('v cross join (select $2::timestamptz as imported_at) scan')}) n
  left join asset_identifier i on i.organization_id = $1 and i.asset_id = n.asset_id and i.kind = n.kind and i.value = n.value`;

const INSERT_NEW = `
insert into asset_identifier (organization_id, asset_id, kind, value, first_seen, last_seen)
  select $1::int, asset_id, kind, value, first_seen, last_seen from named where not known`;

const WIDEN = `
update asset_identifier i set first_seen = least(i.first_seen, n.first_seen), last_seen = greatest(i.last_seen, n.last_seen)
  from named n
  where n.wider and i.organization_id = $1 and i.asset_id = n.asset_id and i.kind = n.kind and i.value = n.value`;

const NEW_ONES = `
create temp table fresh_identifier on commit drop as select asset_id, kind, value from named where not known`;

/** Takes over what the scan in `v` saw; what is new stands in `fresh_identifier` afterwards. */
export async function keepIdentifiers(tx: Tx, { organizationId, importedAt }: StoredScanKey): Promise<void> {
  await tx.query(NAMED_BY_SCAN, [organizationId, importedAt]);
  await tx.query(INSERT_NEW, [organizationId]);
  await tx.query(WIDEN, [organizationId]);
  await tx.query(NEW_ONES);
  await tx.query('analyze fresh_identifier');
}

const DERIVED = named(`visit v join scan s on s.organization_id = v.organization_id and s.scan_id = v.scan_id
    and s.quarantined_at is null and v.organization_id = $1 and v.asset_id = any ($2::bigint[])`);

const DROP_VANISHED = `
delete from asset_identifier i where i.organization_id = $1 and i.asset_id = any ($2::bigint[])
  and not exists (select from derived d where d.asset_id = i.asset_id and d.kind = i.kind and d.value = i.value)`;

const WRITE_DERIVED = `
insert into asset_identifier as i (organization_id, asset_id, kind, value, first_seen, last_seen)
  select $1::int, asset_id, kind, value, first_seen, last_seen from derived
  on conflict (organization_id, asset_id, kind, value) do update set first_seen = excluded.first_seen, last_seen = excluded.last_seen
  where (i.first_seen, i.last_seen) <> (excluded.first_seen, excluded.last_seen)`;

/**
 * Derives the identifiers of these assets again from all their visits, into the table and `fresh_identifier`. What stays
 * is not taken out in between: an asset without any would leave the queue of ownership and come back as a new question.
 */
export async function deriveIdentifiers(
  tx: Tx,
  organizationId: number,
  assets: readonly string[],
): Promise<void> {
  const wanted = [organizationId, assets];
  await tx.query(`create temp table derived on commit drop as ${DERIVED}`, wanted);
  await tx.query(DROP_VANISHED, wanted);
  await tx.query(WRITE_DERIVED, [organizationId]);
  await tx.query(
    'create temp table fresh_identifier on commit drop as select asset_id, kind, value from derived',
  );
}

export interface Holder {
  readonly assetId: string;
  readonly identity: string;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
}

/**
 * Who had this identifier at that time: the assets that were seen with it before and after, or at, that moment.
 * `value` is written as core's `identityOf` writes it.
 */
export async function holdersOf(
  db: Db,
  organizationId: number,
  { kind, value, at }: { readonly kind: IdentifierKind; readonly value: string; readonly at: Instant },
): Promise<Holder[]> {
  const { rows } = await db.query<{ asset_id: string; identity: string; first_seen: Date; last_seen: Date }>(
    `select i.asset_id, a.identity, i.first_seen, i.last_seen from asset_identifier i join asset a using (organization_id, asset_id)
     where i.organization_id = $1 and i.kind = $2 and i.value = $3 and $4::timestamptz between i.first_seen and i.last_seen
     order by i.last_seen desc, i.asset_id`,
    [organizationId, kind, value, at],
  );
  return rows.map((row) => ({
    assetId: row.asset_id,
    identity: row.identity,
    firstSeen: row.first_seen.toISOString(),
    lastSeen: row.last_seen.toISOString(),
  }));
}
