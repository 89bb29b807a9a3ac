import type { Identifier, IdentifierKind, Instant } from '@backcheck/core';
import type { NamedOrganization } from './ownership-queue.ts';
import type { Db } from './pool.ts';
import { prepared } from './prepared.ts';
import { fewOrganizations } from './scope.ts';

/** An identifier with the first and the last visit that saw it on the asset. */
export interface SeenIdentifier extends Identifier {
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
}

export interface AssetRow {
  readonly id: string;
  readonly organization: NamedOrganization;
  /** As core's `identityOf` writes it: "ip:192.0.2.7" */
  readonly identity: string;
  /** Last seen first, at most `MOST_IDENTIFIERS`. */
  readonly identifiers: readonly SeenIdentifier[];
  /** Identities whose visits links give to this asset. */
  readonly mergedFrom: readonly string[];
  /** Null: no visit reached it. */
  readonly lastSeen: Instant | null;
  /** Not verified-fixed. */
  readonly openFindings: number;
}

/** A machine has a dozen; a hostile file may name thousands. */
const MOST_IDENTIFIERS = 100;

interface Row {
  readonly id: string;
  readonly organization_id: number;
  readonly organization_name: string;
  readonly name_zh: string | null;
  readonly identity: string;
  readonly identifiers: readonly SeenIdentifier[];
  readonly merged_from: string[];
  readonly open_findings: number;
}

/** Everything about the assets in `page`. */
const DETAILS = `
select a.asset_id as id, a.organization_id, o.name as organization_name, o.name_zh, a.identity, i.identifiers, f.open_findings,
  array(select l.identity from asset_link l where l.organization_id = a.organization_id and l.target = a.identity
    and l.withdrawn_at is null group by l.identity order by l.identity) as merged_from
from page a
join organization o on o.organization_id = a.organization_id
cross join lateral (
  select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'value', value, 'firstSeen', first_seen, 'lastSeen', last_seen)
    order by last_seen desc, kind, value), '[]') as identifiers
  from (select * from asset_identifier i where i.organization_id = a.organization_id and i.asset_id = a.asset_id
    order by last_seen desc, kind, value limit ${MOST_IDENTIFIERS}) one) i
cross join lateral (
  select count(*)::int as open_findings from finding f
  where f.organization_id = a.organization_id and f.asset_id = a.asset_id and f.state <> 'verified-fixed') f
order by a.asset_id`;

const instant = (time: string): Instant => new Date(time).toISOString();

function assetOf(row: Row): AssetRow {
  const identifiers = row.identifiers.map(({ kind, value, firstSeen, lastSeen }) => ({
    kind,
    value,
    firstSeen: instant(firstSeen),
    lastSeen: instant(lastSeen),
  }));
  return {
    id: row.id,
    organization: { id: `${row.organization_id}`, name: row.organization_name, nameZh: row.name_zh },
    identity: row.identity,
    identifiers,
    mergedFrom: row.merged_from,
    lastSeen: identifiers[0]?.lastSeen ?? null,
    openFindings: row.open_findings,
  };
}

export interface AssetFilter {
  /** Null: of all organizations. */
  readonly organizationId: number | null;
  /** Part of any identifier that the asset ever had. */
  readonly q?: string | undefined;
  /** Id of the last asset of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Registered or visited. As one EXISTS over both, so that it is asked for each row that is read and not for all assets. */
const KNOWN = `exists (
  select from visit v where v.organization_id = a.organization_id and v.asset_id = a.asset_id
  union all select where a.register_state is not null)`;

/**
 * In the order in which they were first met, by a scan or a register. An asset that no visit belongs to, because all
 * were linked elsewhere, is left out.
 */
export async function listAssets(
  db: Db,
  { organizationId, q, after = '0', limit }: AssetFilter,
): Promise<AssetRow[]> {
  const few = organizationId === null ? await fewOrganizations(db) : [organizationId];
  const values: unknown[] = [after, limit];
  const conditions = ['a.asset_id > $1'];
  if (few !== null) conditions.push(`a.organization_id = any ($${values.push(few)}::int[])`);
  if (q !== undefined) {
    const part = values.push(`%${q.replace(/[\\%_]/g, '\\$&')}%`);
    const theirs = few === null ? '' : `i.organization_id = any ($${values.indexOf(few) + 1}) and`;
    conditions.push(`(a.identity ilike $${part} or (a.organization_id, a.asset_id) in (
      select i.organization_id, i.asset_id from asset_identifier i where ${theirs} i.value ilike $${part}))`);
  }
  const { rows } = await db.query<Row>(
    prepared(
      `with page as materialized (
         select a.organization_id, a.asset_id, a.identity from asset a where ${conditions.join(' and ')} and ${KNOWN}
         order by a.asset_id limit $2)
       ${DETAILS}`,
      values,
    ),
  );
  return rows.map(assetOf);
}

/** In the order of their ids; what does not exist is left out. */
export async function findAssets(db: Db, ids: readonly string[]): Promise<AssetRow[]> {
  const { rows } = await db.query<Row>(
    prepared(
      `with page as materialized (
         select organization_id, asset_id, identity from asset where asset_id = any ($1::bigint[]))
       ${DETAILS}`,
      [ids],
    ),
  );
  return rows.map(assetOf);
}

/** Another asset that was seen with an identifier of this one. */
export interface OtherHolder {
  readonly kind: IdentifierKind;
  readonly value: string;
  readonly assetId: string;
  readonly identity: string;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
}

const MOST_HOLDERS = 50;

/** Who else had what this asset has, last seen first, at most 50. */
export async function otherHolders(db: Db, { organization, id }: AssetRow): Promise<OtherHolder[]> {
  const { rows } = await db.query<
    Omit<OtherHolder, 'firstSeen' | 'lastSeen'> & { first_seen: Date; last_seen: Date }
  >(
    `select o.kind, o.value, o.asset_id as "assetId", a.identity, o.first_seen, o.last_seen
     from asset_identifier i
     join asset_identifier o on o.organization_id = i.organization_id and o.value = i.value and o.kind = i.kind
       and o.asset_id <> i.asset_id
     join asset a on a.organization_id = o.organization_id and a.asset_id = o.asset_id
     where i.organization_id = $1 and i.asset_id = $2
     order by o.last_seen desc, o.asset_id, o.kind, o.value limit ${MOST_HOLDERS}`,
    [organization.id, id],
  );
  return rows.map(({ first_seen, last_seen, ...rest }) => ({
    ...rest,
    firstSeen: first_seen.toISOString(),
    lastSeen: last_seen.toISOString(),
  }));
}

/** What one scan did at the asset. */
export interface AssetVisit {
  readonly scanId: string;
  readonly tool: string;
  readonly fileName: string;
  /** When it began here; null where the file does not say. */
  readonly startedAt: Instant | null;
  readonly importedAt: Instant;
  readonly reached: boolean;
  /** The identity that the visit itself names, where a link gives it to this asset. */
  readonly named: string | null;
}

/** The latest visits, of scans that are not quarantined. */
export async function latestVisits(
  db: Db,
  { organization, id }: AssetRow,
  limit: number,
): Promise<AssetVisit[]> {
  const { rows } = await db.query<
    Omit<AssetVisit, 'startedAt' | 'importedAt'> & { started_at: Date | null; imported_at: Date }
  >(
    `select v.scan_id as "scanId", s.tool, s.file_name as "fileName", v.started_at, s.imported_at, v.reached, n.identity as named
     from visit v
     join scan s on s.organization_id = v.organization_id and s.scan_id = v.scan_id and s.quarantined_at is null
     left join asset n on n.organization_id = v.organization_id and n.asset_id = v.named_asset_id
     where v.organization_id = $1 and v.asset_id = $2
     order by coalesce(v.started_at, s.imported_at) desc, v.scan_id desc, v.visit_no limit $3`,
    [organization.id, id, limit],
  );
  return rows.map(({ started_at, imported_at, ...rest }) => ({
    ...rest,
    startedAt: started_at?.toISOString() ?? null,
    importedAt: imported_at.toISOString(),
  }));
}

/** A link that stands, at one of its ends this asset. */
export interface AssetLink {
  readonly identity: string;
  readonly target: { readonly id: string; readonly identity: string };
  readonly from: Instant | null;
  readonly until: Instant | null;
  readonly at: Instant;
  readonly by: string;
  readonly note: string;
}

/** The links that give visits to this asset, and those that give its own visits away. */
export async function linksOfAsset(db: Db, { organization, identity }: AssetRow): Promise<AssetLink[]> {
  const { rows } = await db.query<{
    identity: string;
    target: AssetLink['target'];
    valid_from: Date | null;
    valid_until: Date | null;
    decided_at: Date;
    by: string;
    note: string;
  }>(
    `select l.identity, jsonb_build_object('id', t.asset_id::text, 'identity', l.target) as target, l.valid_from, l.valid_until,
       l.decided_at, l.decided_by as by, l.note
     from asset_link l join asset t on t.organization_id = l.organization_id and t.identity = l.target
     where l.organization_id = $1 and $2 in (l.identity, l.target) and l.withdrawn_at is null
     order by l.identity, l.valid_from nulls first`,
    [organization.id, identity],
  );
  return rows.map((row) => ({
    identity: row.identity,
    target: row.target,
    from: row.valid_from?.toISOString() ?? null,
    until: row.valid_until?.toISOString() ?? null,
    at: row.decided_at.toISOString(),
    by: row.by,
    note: row.note,
  }));
}
