import { type Identifier, identityOf, isItsOwn, registered, STRONG_KINDS } from '@backcheck/core';
import { WRITTEN } from './identifiers.ts';
import type { Tx } from './pool.ts';
import { dhcpRangesOf } from './register-rows.ts';

/** Registered, never visited, and in no link by its name. */
const UNVISITED = `
  select a.asset_id, a.type, a.identity, a.identifiers from asset a
  where a.organization_id = $1 and a.register_state is not null
    and not exists (select from visit v where v.organization_id = $1 and a.asset_id in (v.asset_id, v.named_asset_id))
    and not exists (select from asset_link l where l.organization_id = $1 and l.withdrawn_at is null and a.identity in (l.identity, l.target))`;

const ANY_UNVISITED = `select exists (${UNVISITED}) as yes`;

/** Where a visit that names no asset we know shows an identifier that was registered. */
const MEETINGS = `
with unvisited as materialized (${UNVISITED}),
stranger as (
  select s.identity, s.identifiers from st_visit s
  where not exists (select from asset a where a.organization_id = $1 and a.identity = s.identity)),
shown as (
  select distinct s.identity, s.identifiers, i.kind, ${WRITTEN} as value
  from stranger s cross join lateral jsonb_to_recordset(s.identifiers) as i(kind text, value text))
select distinct u.asset_id as "assetId", u.type, u.identifiers as registered, s.identity, s.identifiers as shown, i.kind, i.kind || ':' || i.value as by
from unvisited u cross join lateral jsonb_to_recordset(u.identifiers) as i(kind text, value text)
join shown s on s.kind = i.kind and s.value = ${WRITTEN}`;

interface Meeting {
  readonly assetId: string;
  readonly type: string | null;
  readonly registered: readonly Identifier[];
  readonly identity: string;
  readonly shown: readonly Identifier[];
  /** The identifier in common, "ip:192.0.2.7", and its kind. */
  readonly by: string;
  readonly kind: Identifier['kind'];
}

/** Of each kind of strong identifier that both know they share one. */
const agree = (one: readonly Identifier[], other: readonly Identifier[]): boolean =>
  STRONG_KINDS.every((kind) => {
    const [these, those] = [one, other].map((all) =>
      all.filter((each) => each.kind === kind).map((each) => identityOf([each])),
    );
    return !these?.length || !those?.length || these.some((each) => those.includes(each));
  });

/** For each of the first, the only one of the second that it goes with. */
function onlyPartners<K, V>(pairs: readonly (readonly [K, V])[]): Map<K, V> {
  const partners = new Map<K, Set<V>>();
  for (const [one, other] of pairs) partners.set(one, (partners.get(one) ?? new Set<V>()).add(other));
  return new Map(
    [...partners].flatMap(([one, all]) =>
      all.size === 1 ? [...all].map((other) => [one, other] as const) : [],
    ),
  );
}

/**
 * A registered asset that no scan visited takes the name under which the scan in `st_visit` meets it first, if it is
 * the only one that can be meant, and the scan means only it. Otherwise both stay, and a person sees to it.
 */
export async function meetRegistered(tx: Tx, organizationId: number): Promise<void> {
  const any = await tx.query<{ yes: boolean }>(ANY_UNVISITED, [organizationId]);
  if (any.rows[0]?.yes !== true) return;
  const found = await tx.query<Meeting>(MEETINGS, [organizationId]);
  const { isLeased } = registered({ dhcpRanges: await dhcpRangesOf(tx, organizationId) });
  const meetings = found.rows.filter(
    (one) => isItsOwn(one.type, one.kind) && !isLeased(one.by) && agree(one.registered, one.shown),
  );
  const assetOf = onlyPartners(meetings.map(({ identity, assetId }) => [identity, assetId]));
  const identityFor = onlyPartners(meetings.map(({ identity, assetId }) => [assetId, identity]));
  const met = new Map(
    meetings
      .filter(
        ({ identity, assetId }) => assetOf.get(identity) === assetId && identityFor.get(assetId) === identity,
      )
      .map((one) => [one.assetId, one]),
  );
  for (const { assetId, identity, shown, registered: known } of met.values()) {
    await tx.query(
      'update asset set identity = $3, identifiers = $4 where organization_id = $1 and asset_id = $2',
      [organizationId, assetId, identity, JSON.stringify(joined(shown, known))],
    );
  }
}

/** Each identifier once, those of the first in front. */
export function joined(one: readonly Identifier[], other: readonly Identifier[]): Identifier[] {
  const names = new Set(one.map((each) => identityOf([each])));
  return [...one, ...other.filter((each) => !names.has(identityOf([each])))];
}
