import { type Instant, identifierOfIdentity, type Link, type LinkRefusal, refuseLink } from '@backcheck/core';
import { deriveIdentifiers } from './identifiers.ts';
import { moveVisits } from './move-visits.ts';
import type { Tx } from './pool.ts';
import { raiseSharedIdentifiers } from './raise-identity-tasks.ts';
import { refoldAssets } from './refold.ts';
import { linksOf } from './register-rows.ts';
import { settle } from './settle.ts';
import { lockOrganization } from './store-scan.ts';

/** Who decided, when and why. */
export interface IdentityDecision {
  readonly at: Instant;
  readonly by: string;
  readonly note: string;
}

/** What a link brought about, in numbers. */
export interface LinkChange {
  readonly visits: number;
  /** Those that a moved visit saw. */
  readonly findings: number;
  /** Certificates that no longer stand, and new ones. */
  readonly superseded: number;
  readonly issued: number;
}

/** `BAD_IDENTITY`: not as core's `identityOf` writes a name. `NOT_LINKED`: no such link stands at that time. */
export type LinkOutcome =
  | { readonly kind: 'linked'; readonly changed: LinkChange }
  | { readonly kind: 'refused'; readonly code: LinkRefusal | 'BAD_IDENTITY' | 'NOT_LINKED' };

interface NewLink {
  readonly link: Link;
  readonly decision: IdentityDecision;
  readonly cause: 'merge' | 'split';
}

/**
 * Says that visits which name `link.identity` are to `link.target`. All in the caller's transaction (one change in each): visits,
 * findings, proofs, one entry of the ledger. What stands then is what would stand had the link been there before
 * the scans came (I13).
 */
export function mergeAssets(
  tx: Tx,
  organizationId: number,
  { link, decision }: Omit<NewLink, 'cause'>,
): Promise<LinkOutcome> {
  return addLink(tx, organizationId, { link, decision, cause: 'merge' });
}

/** Visits that name `identity` and start at `from` or later were to another asset (null: all of them). */
export interface Split {
  readonly identity: string;
  readonly from: Instant | null;
  /** The other asset, by a new name. Null: the one that they name; the link that gave them away ends. */
  readonly target: string | null;
}

/** Takes one asset apart. The same holds as for `mergeAssets`. */
export async function splitAsset(
  tx: Tx,
  organizationId: number,
  { split, decision }: { readonly split: Split; readonly decision: IdentityDecision },
): Promise<LinkOutcome> {
  const { identity, from, target } = split;
  if (target !== null) {
    const link = { identity, target, from, until: null };
    return addLink(tx, organizationId, { link, decision, cause: 'split' });
  }
  const name = await lockOrganization(tx, organizationId);
  const links = await linksOf(tx, organizationId);
  // Without a time it is the link from the beginning that is taken back.
  const ended = links.find(
    (one) =>
      one.identity === identity &&
      (one.from === null || (from !== null && one.from <= from)) &&
      (one.until === null || from === null || from < one.until),
  );
  if (ended === undefined) return { kind: 'refused', code: 'NOT_LINKED' };
  await tx.query(
    'update asset_link set withdrawn_at = $3 where organization_id = $1 and asset_link_id = $2',
    [organizationId, ended.linkId, decision.at],
  );
  if (from !== null && ended.from !== from) {
    await insertLink(tx, organizationId, { link: { ...ended, until: from }, decision, cause: 'split' });
  }
  const own = await assetNamed(tx, organizationId, identity);
  const away = await assetNamed(tx, organizationId, ended.target);
  await moveVisits(tx, { organizationId, from: away, to: own, named: own });
  const changed = { organizationId, name, assets: [own, away] };
  return { kind: 'linked', changed: await settleAssets(tx, changed, { decision, cause: 'split' }) };
}

async function addLink(tx: Tx, organizationId: number, added: NewLink): Promise<LinkOutcome> {
  const { link, decision, cause } = added;
  const name = await lockOrganization(tx, organizationId);
  if ([link.identity, link.target].some((one) => identifierOfIdentity(one) === null)) {
    return { kind: 'refused', code: 'BAD_IDENTITY' };
  }
  const refusal = refuseLink(link, await linksOf(tx, organizationId));
  if (refusal !== null) return { kind: 'refused', code: refusal };
  await insertLink(tx, organizationId, added);
  const from = await assetNamed(tx, organizationId, link.identity);
  const to = await assetNamed(tx, organizationId, link.target);
  await moveVisits(tx, { organizationId, from, to, named: from });
  const changed = { organizationId, name, assets: [from, to] };
  return { kind: 'linked', changed: await settleAssets(tx, changed, { decision, cause }) };
}

async function insertLink(tx: Tx, organizationId: number, { link, decision }: NewLink): Promise<void> {
  await tx.query(
    `insert into asset_link (organization_id, identity, target, valid_from, valid_until, decided_at, decided_by, note)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      organizationId,
      link.identity,
      link.target,
      link.from,
      link.until,
      decision.at,
      decision.by,
      decision.note,
    ],
  );
}

/** The asset of that name, made where no scan has met it yet: a scan that comes later must find it. */
async function assetNamed(tx: Tx, organizationId: number, identity: string): Promise<string> {
  await tx.query(
    `insert into asset (organization_id, identity, identifiers) values ($1, $2, $3)
     on conflict (organization_id, identity) do nothing`,
    [organizationId, identity, JSON.stringify([identifierOfIdentity(identity)])],
  );
  const { rows } = await tx.query<{ asset_id: string }>(
    'select asset_id from asset where organization_id = $1 and identity = $2',
    [organizationId, identity],
  );
  const id = rows[0]?.asset_id;
  if (id === undefined) throw new Error(`asset ${identity} was inserted, but is not there`);
  return id;
}

interface Changed {
  readonly organizationId: number;
  readonly name: string;
  readonly assets: readonly string[];
}

async function settleAssets(
  tx: Tx,
  { organizationId, name, assets }: Changed,
  { decision, cause }: Omit<NewLink, 'link'>,
): Promise<LinkChange> {
  await refoldAssets(tx, organizationId, assets);
  const entry = await settle(tx, { organizationId, kind: cause, at: decision.at, scan: null }, name);
  await deriveIdentifiers(tx, organizationId, assets);
  if (cause === 'merge') await answerTaskOf(tx, organizationId, { assets, decision });
  await tx.query(DROP_STALE_TASKS, [organizationId, assets]);
  await raiseSharedIdentifiers(tx, organizationId, decision.at);
  const { rows } = await tx.query<Omit<LinkChange, 'superseded'>>(CHANGED, [organizationId, entry.seq]);
  const { visits = 0, findings = 0, issued = 0 } = rows[0] ?? {};
  return { visits, findings, superseded: entry.leaves - issued, issued };
}

const CHANGED = `
select (select count(*)::int from moved) as visits, (select count(*)::int from moved_finding) as findings,
  (select count(*)::int from certificate where organization_id = $1 and seq = $2) as issued`;

/** A merge answers the question about the two, where it was asked. */
async function answerTaskOf(
  tx: Tx,
  organizationId: number,
  { assets, decision }: { assets: readonly string[]; decision: IdentityDecision },
): Promise<void> {
  await tx.query(
    `update identity_task set resolution = 'merge', resolved_at = $3, resolved_by = $4, note = $5
     where organization_id = $1 and resolution is null and asset_id = any ($2::bigint[]) and other_asset_id = any ($2::bigint[])`,
    [organizationId, assets, decision.at, decision.by, decision.note],
  );
}

/** Open questions about an identifier that these assets no longer have. */
const DROP_STALE_TASKS = `
delete from identity_task t
where t.organization_id = $1 and t.resolution is null and (t.asset_id = any ($2::bigint[]) or t.other_asset_id = any ($2::bigint[]))
  and (select count(*) from asset_identifier i where i.organization_id = $1 and i.asset_id in (t.asset_id, t.other_asset_id)
    and i.kind = t.identifier_kind and i.value = t.identifier_value) < case when t.other_asset_id is null then 1 else 2 end`;
