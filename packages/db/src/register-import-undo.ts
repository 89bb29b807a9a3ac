import { type Identifier, identifiersOf, identityOf, type RegisterKind } from '@backcheck/core';
import { joined } from './meet-registered.ts';
import type { Tx } from './pool.ts';
import { TABLES } from './record-columns.ts';
import { selectRecords, storedRecord } from './register-import-lookup.ts';

/** A record that the last application of an import touched, once. */
export interface AppliedChange {
  readonly kind: RegisterKind;
  readonly recordId: string;
  readonly organizationId: number;
  readonly key: string;
  /** Somebody changed or removed it since. */
  readonly changedSince: boolean;
  /** `unregister`: scans knew the asset before, so it stays. */
  readonly way: 'restore' | 'remove' | 'unregister';
  /** An organization that got another parent or status. */
  readonly placed: boolean;
}

/** c: a change by the last application of import $1. */
const APPLIED = `c.register_import_id = $1
  and c.register_change_id > (select undone_through from register_import where register_import_id = $1)`;

export async function appliedChanges(tx: Tx, id: string): Promise<AppliedChange[]> {
  const { rows } = await tx.query<AppliedChange>(
    `select c.record_kind as kind, c.record_id::text as "recordId", c.organization_id as "organizationId",
       coalesce(o.org_code, s.sys_code, a.asset_code, p.name, '#' || c.record_id) as key,
       exists (select from register_change l where l.record_kind = c.record_kind and l.record_id = c.record_id
         and l.register_change_id > c.register_change_id) as "changedSince",
       case when c.action = 'updated' then 'restore' when r.record_id is not null then 'unregister' else 'remove' end as way,
       c.record_kind = 'organization' and (c.before || c.after) ?| array['parent_id', 'status', 'merged_into'] as placed
     from register_change c
     left join organization o on c.record_kind = 'organization' and o.organization_id = c.record_id
     left join system s on c.record_kind = 'system' and s.system_id = c.record_id
     left join asset a on c.record_kind = 'asset' and a.organization_id = c.organization_id and a.asset_id = c.record_id
     left join contact p on c.record_kind = 'contact' and p.contact_id = c.record_id
     left join register_import_row r on c.record_kind = 'asset' and r.register_import_id = $1 and r.kind = 'asset'
       and r.outcome = 'changed' and r.record_id = c.record_id
     where ${APPLIED} order by c.register_change_id`,
    [id],
  );
  return rows;
}

/** Nobody changes them until this transaction ends. Returns how many are there and within this scope. */
export async function lockRecords(tx: Tx, kind: RegisterKind, ids: readonly string[]): Promise<number> {
  const { table, id } = TABLES[kind];
  const { rowCount } = await tx.query(
    `select from ${table} t where t.${id} = any ($1::bigint[]) for update`,
    [ids],
  );
  return rowCount ?? 0;
}

const RESTORED: Readonly<Record<RegisterKind, readonly string[]>> = {
  organization: ['name', 'name_zh', 'parent_id', 'merged_into'],
  system: [],
  asset: ['system_id', 'exposure_declared_at', 'exposure_declared_by'],
  contact: ['verified_by'],
};

/** Puts back what stood there before. Fields that the import did not touch stay as they are. */
export async function restoreRecords(tx: Tx, id: string, kind: RegisterKind): Promise<number> {
  const { table, id: key, columns } = TABLES[kind];
  const names = [...Object.values(columns), ...RESTORED[kind]];
  const { rowCount } = await tx.query(
    `update ${table} t set ${names.map((name) => `${name} = x.${name}`).join(', ')},
       fields = was.record - array(select attname::text from pg_attribute where attrelid = '${table}'::regclass and attnum > 0)
     from register_change c
     join ${table} n on n.organization_id = c.organization_id and n.${key} = c.record_id
     cross join lateral (select (record_fields(to_jsonb(n)) - array(select jsonb_object_keys(c.before || c.after))) || c.before as record) was
     cross join lateral jsonb_populate_record(null::${table}, was.record) x
     where ${APPLIED} and c.record_kind = $2 and c.action = 'updated'
       and t.organization_id = n.organization_id and t.${key} = n.${key}`,
    [id, kind],
  );
  return rowCount ?? 0;
}

/** Of asset t: what scans saw of it, and the name that it has. */
const SEEN = `(select coalesce(jsonb_agg(i.one order by i.place), '[]') from jsonb_array_elements(t.identifiers) with ordinality as i(one, place)
  where t.identity = (i.one ->> 'kind') || ':' || lower(i.one ->> 'value') or exists (
    select from asset_identifier s where s.organization_id = t.organization_id and s.asset_id = t.asset_id
      and s.kind = i.one ->> 'kind' and lower(s.value) = lower(i.one ->> 'value')))`;

/** Assets that were known from scans only become so again. */
export async function unregisterAssets(tx: Tx, ids: readonly string[]): Promise<void> {
  const cleared = [...Object.values(TABLES.asset.columns), ...RESTORED.asset, 'registered_at'];
  await tx.query(
    `update asset t set ${cleared.map((column) => `${column} = null`).join(', ')}, fields = '{}', identifiers = ${SEEN}
     where t.asset_id = any ($1::bigint[])`,
    [ids],
  );
}

/**
 * The identifiers that the register entry gives go back with it: an address that stayed would let a scan meet the asset
 * by it. An asset that no scan has met is named by its entry, too.
 */
export async function restoreIdentifiers(tx: Tx, ids: readonly string[]): Promise<void> {
  const { columns, from } = selectRecords('asset');
  const { rows } = await tx.query<
    Parameters<typeof storedRecord>[1] & { readonly seen: readonly Identifier[] }
  >(`select ${columns}, ${SEEN} as seen from ${from} where t.asset_id = any ($1::bigint[])`, [ids]);
  const named = rows.map(({ seen, ...row }) => {
    const { recordId, record, identity, visited } = storedRecord('asset', row);
    const written = identifiersOf(record);
    const isNamed = !visited && written.length > 0;
    return {
      recordId,
      identity: isNamed ? identityOf(written) : identity,
      identifiers: JSON.stringify(isNamed ? written : joined(seen, written)),
    };
  });
  await tx.query(
    `update asset t set identity = n.identity, identifiers = n.identifiers
     from unnest($1::bigint[], $2::text[], $3::jsonb[]) as n(asset_id, identity, identifiers) where t.asset_id = n.asset_id`,
    [
      named.map(({ recordId }) => recordId),
      named.map(({ identity }) => identity),
      named.map(({ identifiers }) => identifiers),
    ],
  );
}

/**
 * Removes those that nothing else belongs to, and returns the ids of the others, which stay. Remove what lies in a
 * record before the record.
 */
export async function removeRecords(
  tx: Tx,
  kind: RegisterKind,
  changes: readonly AppliedChange[],
): Promise<Set<string>> {
  const { table, id } = TABLES[kind];
  const ids = changes.map(({ recordId }) => recordId);
  const held = new Set<string>();
  if (kind !== 'contact') {
    const organizations = changes.map(({ organizationId }) => organizationId);
    const { rows } = await tx.query<{ id: string }>(
      'select distinct id::text from records_in_use($1, $2::int[], $3::bigint[]) as id',
      [id, organizations, ids],
    );
    for (const row of rows) held.add(row.id);
  }
  const free = ids.filter((one) => !held.has(one));
  await tx.query(`delete from ${table} where ${id} = any ($1::bigint[])`, [free]);
  return held;
}
