import type { Instant } from '@backcheck/core';
import type { NamedOrganization } from './ownership-queue.ts';
import type { Db, Tx } from './pool.ts';

export type ClaimKind = 'range' | 'domain';

export interface NewClaim {
  readonly organizationId: number;
  readonly kind: ClaimKind;
  /** Canonical: a range with all bits behind its length zero, a domain in lower case and Punycode. */
  readonly value: string;
  /** "2026-11-21"; null: today. */
  readonly validFrom: string | null;
  /** The last day; null: without end. */
  readonly validUntil: string | null;
  readonly note: string;
  readonly at: Instant;
  readonly by: string;
}

/** A claim of another organization that speaks of the same. */
export interface ClaimOverlap {
  readonly claimId: string;
  readonly organization: NamedOrganization;
  readonly value: string;
}

export interface ClaimRow {
  readonly id: string;
  readonly organization: NamedOrganization;
  readonly kind: ClaimKind;
  readonly value: string;
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly note: string;
  readonly claimedAt: Instant;
  readonly claimedBy: string;
  readonly withdrawn: { readonly at: Instant; readonly by: string } | null;
  /** Those that the transaction may see, at most `MOST_OVERLAPS`. */
  readonly overlaps: readonly ClaimOverlap[];
  /** How many there are in all. */
  readonly overlapping: number;
}

const MOST_OVERLAPS = 20;

interface Row extends Omit<ClaimRow, 'organization' | 'claimedAt' | 'withdrawn'> {
  readonly organization_id: number;
  readonly organization_name: string;
  readonly name_zh: string | null;
  readonly claimed_at: Date;
  readonly withdrawn_at: Date | null;
  readonly withdrawn_by: string | null;
}

/** Rows `x` of ownership_overlap: whoever stands above in the tree claims for those below, and overlaps nobody there. */
const BESIDE = `not exists (select from organization_ancestor a where (a.organization_id, a.ancestor_id)
  in ((x.organization_id, x.other_organization_id), (x.other_organization_id, x.organization_id)))`;

/** Everything about the claims in `page`, in its order. */
const DETAILS = `
select c.ownership_claim_id as id, c.organization_id, o.name as organization_name, o.name_zh, c.kind, c.value, c.valid_from::text as "validFrom",
  c.valid_until::text as "validUntil", c.note, c.claimed_at, c.claimed_by as "claimedBy", c.withdrawn_at, c.withdrawn_by,
  (select count(*)::int from ownership_overlap x where x.organization_id = c.organization_id and x.ownership_claim_id = c.ownership_claim_id
    and ${BESIDE}) as overlapping,
  (select coalesce(jsonb_agg(one), '[]') from (
    select p.ownership_claim_id::text as "claimId", jsonb_build_object('id', p.organization_id::text, 'name', w.name, 'nameZh', w.name_zh) as organization, p.value
    from ownership_overlap x
    join ownership_claim p on p.organization_id = x.other_organization_id and p.ownership_claim_id = x.other_claim_id
    join organization w on w.organization_id = x.other_organization_id
    where x.organization_id = c.organization_id and x.ownership_claim_id = c.ownership_claim_id and ${BESIDE}
    order by p.ownership_claim_id limit ${MOST_OVERLAPS}) one) as overlaps
from page c join organization o on o.organization_id = c.organization_id
order by c.ownership_claim_id`;

function claimOf({
  organization_id,
  organization_name,
  name_zh: nameZh,
  claimed_at,
  withdrawn_at,
  withdrawn_by,
  ...row
}: Row): ClaimRow {
  return {
    ...row,
    organization: { id: `${organization_id}`, name: organization_name, nameZh },
    claimedAt: claimed_at.toISOString(),
    withdrawn: withdrawn_at === null ? null : { at: withdrawn_at.toISOString(), by: withdrawn_by ?? '' },
  };
}

export interface ClaimFilter {
  readonly organizationId: number | null;
  /** Also those that were withdrawn. */
  readonly withdrawn: boolean;
  /** Only those that another organization's claim overlaps. */
  readonly overlapping: boolean;
  /** Id of the last claim of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** In the order in which they were made. */
export async function listClaims(
  db: Db,
  { organizationId, withdrawn, overlapping, after = '0', limit }: ClaimFilter,
): Promise<ClaimRow[]> {
  const { rows } = await db.query<Row>(
    `with page as materialized (
       select c.* from ownership_claim c
       where c.ownership_claim_id > $1 and ($2::int is null or c.organization_id = $2) and ($3 or c.withdrawn_at is null)
         and (not $4 or exists (select from ownership_overlap x
           where x.organization_id = c.organization_id and x.ownership_claim_id = c.ownership_claim_id and ${BESIDE}))
       order by c.ownership_claim_id limit $5)
     ${DETAILS}`,
    [after, organizationId, withdrawn, overlapping, limit],
  );
  return rows.map(claimOf);
}

export async function findClaim(db: Db, claimId: string): Promise<ClaimRow | null> {
  const { rows } = await db.query<Row>(
    `with page as materialized (select * from ownership_claim where ownership_claim_id = $1) ${DETAILS}`,
    [claimId],
  );
  return rows[0] === undefined ? null : claimOf(rows[0]);
}

/** Its id; null when the organization claims exactly this already. */
export async function insertClaim(tx: Tx, claim: NewClaim): Promise<string | null> {
  const { organizationId, kind, value, validFrom, validUntil, note, at, by } = claim;
  const { rows } = await tx.query<{ id: string }>(
    `insert into ownership_claim (organization_id, kind, value, valid_from, valid_until, note, claimed_at, claimed_by)
     values ($1, $2, $3, coalesce($4::date, current_date), $5, $6, $7, $8)
     on conflict (organization_id, value) where withdrawn_at is null do nothing returning ownership_claim_id as id`,
    [organizationId, kind, value, validFrom, validUntil, note, at, by],
  );
  return rows[0]?.id ?? null;
}

/** It stays, with who withdrew it and when. A claim that was withdrawn before is left as it is. */
export async function withdrawClaim(
  tx: Tx,
  claimId: string,
  { at, by }: { readonly at: Instant; readonly by: string },
): Promise<void> {
  await tx.query(
    'update ownership_claim set withdrawn_at = $2, withdrawn_by = $3 where ownership_claim_id = $1 and withdrawn_at is null',
    [claimId, at, by],
  );
}
