import type { Instant } from '@backcheck/core';
import type { IdentityDecision, LinkChange } from './asset-links.ts';
import { collectGoing, moveLinks, type Obstacle } from './hand-over-group.ts';
import { moveAssets } from './hand-over-moves.ts';
import { deriveIdentifiers } from './identifiers.ts';
import type { Tx } from './pool.ts';
import { raiseSharedIdentifiers } from './raise-identity-tasks.ts';
import { refoldAssets, refoldTouched } from './refold.ts';
import { settle } from './settle.ts';
import { lockOrganization } from './store-scan.ts';

export interface HandOver {
  readonly assets: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly decision: IdentityDecision;
}

/**
 * `NOT_HERE`: the giver has no such asset. `LINKED`: its scans, or those of one of its names, count for another asset
 * too, here or at the receiver. `DISTRUSTED`: one of both put a file with its scans into quarantine, and the other did not.
 */
export type HandOverOutcome =
  | { readonly kind: 'handed-over'; readonly assetId: string; readonly intoAssetId: string }
  | { readonly kind: 'refused'; readonly assetId: string; readonly code: 'NOT_HERE' | Obstacle };

export interface HandOverResult {
  /** One for each asset, in the order given. */
  readonly outcomes: readonly HandOverOutcome[];
  readonly changed: LinkChange;
}

const NOTHING: LinkChange = { visits: 0, findings: 0, superseded: 0, issued: 0 };

/**
 * Gives assets to another organization, with their visits, findings and decisions, in the caller's transaction (one
 * hand-over in each). What stands then is what would stand had the receiver imported what the scans say of them. The
 * giver's certificates stay in its ledger, superseded; the receiver closes anew by the same proofs.
 */
export async function handOver(tx: Tx, { assets, from, to, decision }: HandOver): Promise<HandOverResult> {
  const names = await lockBoth(tx, from, to);
  const obstacles = await collectGoing(tx, { from, to, assets });
  const { rows } = await tx.query<{ asset_id: string; into_id: string }>(
    'select asset_id, into_id from going',
  );
  const into = new Map(rows.map((row) => [row.asset_id, row.into_id]));
  const outcomes = assets.map((assetId): HandOverOutcome => {
    const obstacle = obstacles.get(assetId);
    if (obstacle !== undefined) return { kind: 'refused', assetId, code: obstacle };
    const intoAssetId = into.get(assetId);
    if (intoAssetId === undefined) return { kind: 'refused', assetId, code: 'NOT_HERE' };
    return { kind: 'handed-over', assetId, intoAssetId };
  });
  if (rows.length === 0) return { outcomes, changed: NOTHING };
  await keepHistory(tx, { from, to, decision });
  await moveLinks(tx, { from, to, at: decision.at });
  await moveAssets(tx, { from, to, decision });
  const superseded = await settleGiver(tx, from, { at: decision.at, name: names.from });
  await tx.query(FORGET_FOLD);
  const received = { at: decision.at, name: names.to, assets: [...new Set(into.values())] };
  const issued = await settleReceiver(tx, to, received);
  const { rows: counts } = await tx.query<Pick<LinkChange, 'visits' | 'findings'>>(COUNTS);
  return { outcomes, changed: { ...NOTHING, ...counts[0], superseded, issued } };
}

/** The one with the lower id first, so that two hand-overs cannot wait for each other. */
async function lockBoth(tx: Tx, from: number, to: number): Promise<{ from: string; to: string }> {
  if (from === to) throw new Error('a hand-over within one organization');
  const names = new Map<number, string>();
  for (const id of [from, to].sort((a, b) => a - b)) names.set(id, await lockOrganization(tx, id));
  return { from: names.get(from) ?? '', to: names.get(to) ?? '' };
}

const KEEP_HAND_OVERS = `
insert into asset_hand_over (organization_id, asset_id, to_organization_id, into_asset_id, identity, at, by, note)
  select $1::int, asset_id, $2::int, into_id, identity, $3::timestamptz, $4, $5 from going`;

const END_DISPUTES = `
update ownership_dispute d set ended_at = $2, ended_by = $3, ended_as = 'handed-over', note = $4
  from going g where d.organization_id = $1 and d.asset_id = g.asset_id and d.ended_at is null`;

async function keepHistory(
  tx: Tx,
  { from, to, decision: { at, by, note } }: Omit<HandOver, 'assets'>,
): Promise<void> {
  await tx.query(KEEP_HAND_OVERS, [from, to, at, by, note]);
  await tx.query(END_DISPUTES, [from, at, by, note]);
}

interface Settled {
  readonly at: Instant;
  /** Of the organization. */
  readonly name: string;
}

/** No visit that saw the findings is left here: their certificates are superseded, and they go. */
async function settleGiver(tx: Tx, organizationId: number, { at, name }: Settled): Promise<number> {
  await tx.query('create temp table touched on commit drop as select finding_id from going_finding');
  await refoldTouched(tx, organizationId);
  const entry = await settle(tx, { organizationId, kind: 'register', at, scan: null }, name);
  return entry.leaves;
}

/** A fold makes its tables for one transaction, and this one folds twice. */
const FORGET_FOLD = `
do $$
declare one text;
begin
  for one in select relname from pg_class where relnamespace = pg_my_temp_schema() and relkind = 'r' and relname not like 'going%'
  loop execute format('drop table pg_temp.%I cascade', one); end loop;
end $$`;

async function settleReceiver(
  tx: Tx,
  organizationId: number,
  { at, name, assets }: Settled & { readonly assets: readonly string[] },
): Promise<number> {
  await refoldAssets(tx, organizationId, assets);
  const entry = await settle(tx, { organizationId, kind: 'register', at, scan: null }, name);
  await deriveIdentifiers(tx, organizationId, assets);
  await raiseSharedIdentifiers(tx, organizationId, at);
  const { rows } = await tx.query<{ issued: number }>(
    'select count(*)::int as issued from certificate where organization_id = $1 and seq = $2',
    [organizationId, entry.seq],
  );
  return rows[0]?.issued ?? 0;
}

const COUNTS = `
select (select count(*)::int from going_visit) as visits, (select count(*)::int from going_finding) as findings`;
