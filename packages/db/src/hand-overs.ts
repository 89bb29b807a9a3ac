import type { Instant } from '@backcheck/core';
import type { NamedOrganization } from './ownership-queue.ts';
import type { Db } from './pool.ts';

/** What became of an asset, for both sides. */
export interface HandOverRow {
  readonly id: string;
  readonly assetId: string;
  /** Another one where the receiver had an asset of this identity. */
  readonly intoAssetId: string;
  readonly identity: string;
  /** Null: the transaction may not see that organization. */
  readonly from: NamedOrganization | null;
  readonly to: NamedOrganization | null;
  readonly at: Instant;
  readonly by: string;
  readonly note: string;
}

interface Row extends Omit<HandOverRow, 'at'> {
  readonly at: Date;
}

const named = (alias: string): string => `case when ${alias}.organization_id is not null
  then jsonb_build_object('id', ${alias}.organization_id::text, 'name', ${alias}.name, 'nameZh', ${alias}.name_zh) end`;

const HAND_OVERS = `
select h.asset_hand_over_id as id, h.asset_id as "assetId", h.into_asset_id as "intoAssetId", h.identity, h.at, h.by, h.note,
  ${named('f')} as "from", ${named('t')} as "to"
from page h
left join organization f on f.organization_id = h.organization_id
left join organization t on t.organization_id = h.to_organization_id
order by h.asset_hand_over_id desc`;

const handOverOf = (row: Row): HandOverRow => ({ ...row, at: row.at.toISOString() });

export interface HandOverFilter {
  /** Given by it or received. */
  readonly organizationId: number | null;
  /** Id of the last one of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The latest first. */
export async function listHandOvers(
  db: Db,
  { organizationId, before = '9223372036854775807', limit }: HandOverFilter,
): Promise<HandOverRow[]> {
  const { rows } = await db.query<Row>(
    `with page as materialized (
       select h.* from asset_hand_over h
       where h.asset_hand_over_id < $1 and ($2::int is null
         -- by the organization, so that the side which is hidden is not found by trying
         or (select organization_id from organization where organization_id = $2) in (h.organization_id, h.to_organization_id))
       order by h.asset_hand_over_id desc limit $3)
     ${HAND_OVERS}`,
    [before, organizationId, limit],
  );
  return rows.map(handOverOf);
}

const MOST_HAND_OVERS = 50;

/** Of one asset, also under the id that it had before; the latest first, at most 50. */
export async function handOversOfAsset(db: Db, assetId: string): Promise<HandOverRow[]> {
  const { rows } = await db.query<Row>(
    `with page as materialized (
       select h.* from asset_hand_over h where h.asset_id = $1 or h.into_asset_id = $1
       order by h.asset_hand_over_id desc limit ${MOST_HAND_OVERS})
     ${HAND_OVERS}`,
    [assetId],
  );
  return rows.map(handOverOf);
}

/** Where an asset of this id went that is no longer there under it. Null: nowhere that the transaction may see. */
export async function currentAssetOf(db: Db, assetId: string): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `with recursive way as (
       select $1::bigint as id, 0::bigint as hand_over
       union all
       select h.into_asset_id, h.asset_hand_over_id from way w
       join asset_hand_over h on h.asset_id = w.id and h.asset_hand_over_id > w.hand_over)
     select a.asset_id as id from way w join asset a on a.asset_id = w.id order by w.hand_over desc limit 1`,
    [assetId],
  );
  return rows[0]?.id ?? null;
}
