import {
  type FieldValue,
  type Identifier,
  type Instant,
  identityOf,
  isItsOwn,
  type RegisterRecord,
  registered,
} from '@backcheck/core';
import { joined } from './meet-registered.ts';
import type { Db, Tx } from './pool.ts';
import { type JsonRow, recordOf } from './record-columns.ts';
import { type FieldChanges, insertRecord, updateRecord } from './records.ts';
import { dhcpRangesOf } from './register-rows.ts';
import { OWNER, type RecordOwner } from './systems.ts';

export interface RegisteredAssetRow {
  readonly id: string;
  readonly organization: RecordOwner;
  readonly system: { readonly id: string; readonly name: string } | null;
  readonly identity: string;
  readonly identifiers: readonly Identifier[];
  readonly version: number;
  /** Null: known from scans only. */
  readonly registeredAt: Instant | null;
  readonly visited: boolean;
  readonly exposureDeclared: {
    readonly at: Instant;
    readonly by: { readonly accountId: number; readonly name: string } | null;
  } | null;
  readonly record: RegisterRecord;
}

interface Row extends Omit<RegisteredAssetRow, 'registeredAt' | 'exposureDeclared' | 'record'> {
  readonly row: JsonRow;
  readonly registered_at: Date | null;
  readonly declared_at: Date | null;
  readonly declared_by: number | null;
  readonly declared_by_name: string | null;
}

/** Of the assets in `page`. */
const DETAILS = `
select a.asset_id::text as id, ${OWNER}, case when s.system_id is null then null else jsonb_build_object('id', s.system_id::text, 'name', s.name) end as system,
  a.identity, a.identifiers, a.version, a.registered_at, to_jsonb(a) - 'identifiers' as row, a.exposure_declared_at as declared_at,
  a.exposure_declared_by as declared_by, account_name(a.exposure_declared_by) as declared_by_name,
  exists (select from visit v where v.organization_id = a.organization_id and v.asset_id = a.asset_id) as visited
from page join asset a using (organization_id, asset_id) join organization o on o.organization_id = a.organization_id
left join system s on s.organization_id = a.organization_id and s.system_id = a.system_id
order by a.asset_id`;

function assetOf({
  row,
  registered_at,
  declared_at,
  declared_by,
  declared_by_name,
  ...rest
}: Row): RegisteredAssetRow {
  const by = declared_by === null ? null : { accountId: declared_by, name: declared_by_name ?? '' };
  return {
    ...rest,
    registeredAt: registered_at?.toISOString() ?? null,
    exposureDeclared: declared_at === null ? null : { at: declared_at.toISOString(), by },
    record: recordOf('asset', row),
  };
}

export interface RegisteredAssetFilter {
  readonly organizationId?: number | undefined;
  readonly systemId?: string | undefined;
  /** Part of the code, the name, the host name or the identity. */
  readonly q?: string | undefined;
  readonly exposure?: 'yes' | 'no' | 'unknown' | undefined;
  /** Id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** In the order in which they became known. */
export async function listRegisteredAssets(
  db: Db,
  filter: RegisteredAssetFilter,
): Promise<RegisteredAssetRow[]> {
  const { organizationId, systemId, q, exposure, after = '0', limit } = filter;
  const values: unknown[] = [after, limit];
  const conditions = ['a.asset_id > $1', 'a.register_state is not null'];
  if (organizationId !== undefined) conditions.push(`a.organization_id = $${values.push(organizationId)}`);
  if (systemId !== undefined) conditions.push(`a.system_id = $${values.push(systemId)}::bigint`);
  if (exposure !== undefined) conditions.push(`a.exposure = $${values.push(exposure)}`);
  if (q !== undefined) {
    conditions.push(
      `position($${values.push(q.toLowerCase())} in lower(concat_ws(' ', a.asset_code, a.fields ->> 'name', a.fields ->> 'hostname', a.identity))) > 0`,
    );
  }
  const { rows } = await db.query<Row>(
    `with page as materialized (
       select a.organization_id, a.asset_id from asset a where ${conditions.join(' and ')} order by a.asset_id limit $2) ${DETAILS}`,
    values,
  );
  return rows.map(assetOf);
}

/** Also of an asset that only scans know. */
export async function findRegisteredAsset(db: Db, id: string): Promise<RegisteredAssetRow | null> {
  const { rows } = await db.query<Row>(
    `with page as materialized (select organization_id, asset_id from asset where asset_id = $1) ${DETAILS}`,
    [id],
  );
  return rows[0] === undefined ? null : assetOf(rows[0]);
}

/** An asset that has an identifier of one that is being registered. */
export interface AssetCandidate {
  readonly id: string;
  readonly identity: string;
  readonly registered: boolean;
}

/** $2: the identity that the new one would have; $3: its identifiers, "ip:192.0.2.7". Names whose visits all went elsewhere are left out. */
const CANDIDATES = `
select a.asset_id::text as id, a.identity, a.register_state is not null as registered from asset a
where a.organization_id = $1 and a.asset_id <> $4::bigint
  and (a.identity = $2 or a.identity = any ($3::text[])
    or a.asset_id in (select i.asset_id from asset_identifier i join unnest($3::text[]) one
      on i.value = substr(one, strpos(one, ':') + 1) and i.kind = split_part(one, ':', 1) where i.organization_id = $1)
    or a.register_state is not null and exists (
      select from jsonb_to_recordset(a.identifiers) as i(kind text, value text) where i.kind || ':' || i.value = any ($3::text[])))
  and (a.register_state is not null or a.identity = $2
    or exists (select from visit v where v.organization_id = $1 and v.asset_id = a.asset_id))
order by a.asset_id limit 20`;

/**
 * The assets that may be the one with these identifiers, at most 20. An address that moves from machine to machine
 * names none. `exceptId`: the asset itself, where it has one.
 */
export async function assetCandidates(
  db: Db,
  organizationId: number,
  {
    type,
    identifiers,
    exceptId = '0',
  }: {
    /** Of the catalogue; null: not said. */
    readonly type: FieldValue | null;
    readonly identifiers: readonly Identifier[];
    readonly exceptId?: string;
  },
): Promise<AssetCandidate[]> {
  const { isLeased } = registered({ dhcpRanges: await dhcpRangesOf(db, organizationId) });
  const own = identifiers.filter(({ kind }) => isItsOwn(type, kind));
  const names = own.map((one) => identityOf([one])).filter((one) => !isLeased(one));
  const { rows } = await db.query<AssetCandidate>(CANDIDATES, [
    organizationId,
    identityOf(identifiers),
    names,
    exceptId,
  ]);
  return rows;
}

export interface AssetRegistration {
  readonly systemId: string | null;
  /** Of the catalogue's kind "asset". */
  readonly changes: FieldChanges;
  /** At least one, in the order of core's `identifiersOf`. */
  readonly identifiers: readonly Identifier[];
  /** Which candidate it is, or that it is none of them; left out: not said. */
  readonly choice?: string | undefined;
}

export type RegistrationOutcome =
  | { readonly kind: 'registered'; readonly id: string }
  /** A person has to say which one it is. */
  | { readonly kind: 'candidates'; readonly candidates: readonly AssetCandidate[] };

/**
 * Registers an asset: the only candidate that is not registered yet, or a new one where there is no candidate.
 * @throws the database's error for a code that is taken (register-refusal.ts)
 */
export async function registerAsset(
  tx: Tx,
  organizationId: number,
  { systemId, changes, identifiers, choice }: AssetRegistration,
): Promise<RegistrationOutcome> {
  const candidates = await assetCandidates(tx, organizationId, {
    type: changes['type'] ?? null,
    identifiers,
  });
  const identity = identityOf(identifiers);
  const besides = { system_id: systemId, registered_at: 'now' };
  const known = { ...changes, state: changes['state'] ?? 'confirmed' };
  const isNew =
    choice === 'new' ? !candidates.some((one) => one.identity === identity) : candidates.length === 0;
  if (isNew) {
    const row = {
      ...besides,
      organization_id: organizationId,
      identity,
      identifiers: JSON.stringify(identifiers),
    };
    return { kind: 'registered', id: await insertRecord(tx, 'asset', { changes: known, besides: row }) };
  }
  const meant = candidates.filter(({ id }) => choice === undefined || choice === id);
  const [one] = meant;
  if (one === undefined || meant.length > 1 || one.registered) return { kind: 'candidates', candidates };
  const stored = await findRegisteredAsset(tx, one.id);
  if (stored === null) throw new Error(`candidate ${one.id} is gone`);
  const all = JSON.stringify(joined(stored.identifiers, identifiers));
  await updateRecord(tx, 'asset', {
    id: one.id,
    version: stored.version,
    changes: known,
    besides: { ...besides, identifiers: all },
  });
  return { kind: 'registered', id: one.id };
}

export interface AssetChange extends Omit<AssetRegistration, 'choice' | 'systemId'> {
  readonly version: number;
  /** Left out: stays. */
  readonly systemId?: string | null | undefined;
  readonly by: number;
}

export type AssetChangeOutcome = RegistrationOutcome | { readonly kind: 'stale' };

/**
 * Changes what people wrote down of an asset, and registers one that only scans know. One that no scan visited takes
 * the name that its identifiers give it now.
 * @throws the database's error for a code that is taken (register-refusal.ts)
 */
export async function changeRegisteredAsset(
  tx: Tx,
  stored: RegisteredAssetRow,
  { version, systemId, changes, identifiers, by }: AssetChange,
): Promise<AssetChangeOutcome> {
  const { id, organization, visited, identity } = stored;
  const renamed = !visited && identityOf(identifiers) !== identity;
  if (renamed) {
    const type = changes['type'] ?? stored.record['type'] ?? null;
    const candidates = await assetCandidates(tx, organization.organizationId, {
      type,
      identifiers,
      exceptId: id,
    });
    if (candidates.length > 0) return { kind: 'candidates', candidates };
  }
  const all = visited ? joined(stored.identifiers, identifiers) : identifiers;
  const changed = await updateRecord(tx, 'asset', {
    id,
    version,
    changes: stored.registeredAt === null ? { ...changes, state: changes['state'] ?? 'confirmed' } : changes,
    besides: {
      identifiers: JSON.stringify(all),
      ...(renamed ? { identity: identityOf(identifiers) } : {}),
      ...(systemId === undefined ? {} : { system_id: systemId }),
      ...(stored.registeredAt === null ? { registered_at: 'now' } : {}),
      // Said again is declared anew, although it is the same.
      ...(typeof changes['exposure'] === 'string'
        ? { exposure_declared_at: 'now', exposure_declared_by: by }
        : {}),
    },
  });
  return changed ? { kind: 'registered', id } : { kind: 'stale' };
}
