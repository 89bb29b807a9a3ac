import type { Instant } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import { overlaysOf } from './overlays.ts';
import type { Db, Tx } from './pool.ts';

/** What the feedback form says beside cause and measure; null: not said. */
export interface FixFeedback {
  /** `2026-11-21`: the day in the zone of whoever fixed it. */
  readonly fixedOn: string | null;
  /** A function or a department, never a name; `answerable` as well. */
  readonly fixedBy: string | null;
  readonly answerable: string | null;
  readonly residualRisk: string | null;
}

export interface NewFixClaim {
  readonly organizationId: number;
  readonly findingIds: readonly string[];
  readonly cause: string;
  readonly measure: string;
  readonly similar: { readonly found: number; readonly fixed: number } | null;
  readonly feedback: FixFeedback;
  readonly claimedBy: { readonly accountId: number; readonly name: string };
  readonly claimedAt: Instant;
  /** Claimed by the leader, who signs it with that. */
  readonly signed: boolean;
  readonly idempotencyKey: string | null;
  /** Hex. */
  readonly requestSha256: string;
}

/**
 * Inserts the claim and one decision for each finding: an overlay, which closes nothing. Null when this account has
 * already used the Idempotency-Key.
 */
export async function insertFixClaim(tx: Tx, claim: NewFixClaim): Promise<string | null> {
  const { organizationId, findingIds, claimedBy, claimedAt, measure, feedback } = claim;
  const { rows } = await tx.query<{ id: string }>(
    `insert into fix_claim (organization_id, cause, measure, similar_found, similar_fixed, claimed_by, claimed_at, idempotency_key, request_sha256,
       fixed_on, fixed_by, answerable, residual_risk, signed_by, signed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'), $10, $11, $12, $13, case when $14 then $6::int end,
       case when $14 then $7::timestamptz end)
     on conflict (claimed_by, idempotency_key) where idempotency_key is not null do nothing returning fix_claim_id as id`,
    [
      organizationId,
      claim.cause,
      measure,
      claim.similar?.found ?? null,
      claim.similar?.fixed ?? null,
      claimedBy.accountId,
      claimedAt,
      claim.idempotencyKey,
      claim.requestSha256,
      feedback.fixedOn,
      feedback.fixedBy,
      feedback.answerable,
      feedback.residualRisk,
      claim.signed,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) return null;
  await tx.query(
    'insert into fix_claim_finding (organization_id, fix_claim_id, finding_id) select $1, $2, unnest($3::bigint[])',
    [organizationId, id, findingIds],
  );
  await tx.query(
    `insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note)
     select $1, unnest($2::bigint[]), 'claimed', $3, $4, $5`,
    [organizationId, findingIds, claimedAt, claimedBy.name, measure],
  );
  return id;
}

export interface FixEvidenceRow {
  readonly no: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly addedAt: Instant;
}

export interface FixClaimRow extends FixFeedback {
  readonly id: string;
  readonly organizationId: number;
  readonly findingIds: readonly string[];
  readonly cause: string;
  readonly measure: string;
  readonly similar: { readonly found: number; readonly fixed: number } | null;
  readonly claimedBy: Signer;
  readonly claimedAt: Instant;
  /** The leader who stands for it; null: not signed. */
  readonly signed: { readonly by: Signer; readonly at: Instant } | null;
  readonly evidence: readonly FixEvidenceRow[];
  /** Hex. */
  readonly requestSha256: string;
}

/** Instants in JSON are told apart from those of the driver by their form: both are written alike here. */
const UTC = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const CLAIM = `
select c.fix_claim_id as id, c.organization_id as "organizationId", c.cause, c.measure,
  case when c.similar_found is not null then jsonb_build_object('found', c.similar_found, 'fixed', c.similar_fixed) end as similar,
  c.fixed_on::text as "fixedOn", c.fixed_by as "fixedBy", c.answerable, c.residual_risk as "residualRisk",
  jsonb_build_object('id', c.claimed_by::text, 'name', coalesce(account_name(c.claimed_by), '')) as "claimedBy",
  ${UTC('c.claimed_at')} as "claimedAt",
  case when c.signed_by is not null then jsonb_build_object('by', jsonb_build_object('id', c.signed_by::text,
    'name', coalesce(account_name(c.signed_by), '')), 'at', ${UTC('c.signed_at')}) end as signed,
  encode(c.request_sha256, 'hex') as "requestSha256",
  array(select f.finding_id::text from fix_claim_finding f
    where f.organization_id = c.organization_id and f.fix_claim_id = c.fix_claim_id order by f.finding_id) as "findingIds",
  (select coalesce(jsonb_agg(jsonb_build_object('no', e.evidence_no, 'fileName', e.file_name, 'sizeBytes', e.size_bytes,
      'sha256', encode(e.sha256, 'hex'), 'addedAt', ${UTC('e.added_at')}) order by e.evidence_no), '[]') from fix_evidence e
    where e.organization_id = c.organization_id and e.fix_claim_id = c.fix_claim_id) as evidence
from fix_claim c`;

export async function findFixClaim(db: Db, id: string): Promise<FixClaimRow | null> {
  const { rows } = await db.query<FixClaimRow>(`${CLAIM} where c.fix_claim_id = $1`, [id]);
  return rows[0] ?? null;
}

/** Null when there is none. Until the transaction ends nobody else signs it or adds evidence. */
export async function lockFixClaim(tx: Tx, id: string): Promise<FixClaimRow | null> {
  await tx.query('select from fix_claim where fix_claim_id = $1 for no key update', [id]);
  return findFixClaim(tx, id);
}

type Whole = Pick<FixClaimRow, 'id' | 'organizationId'>;

export async function signFixClaim(
  tx: Tx,
  claim: Whole,
  { by, at }: { readonly by: number; readonly at: Instant },
): Promise<void> {
  await tx.query(
    'update fix_claim set signed_by = $3, signed_at = $4 where organization_id = $1 and fix_claim_id = $2',
    [claim.organizationId, claim.id, by, at],
  );
}

/** Those of these claims that still lie over a finding: no scan, no decision and no later claim took their place. */
export async function openClaims(tx: Tx, claims: readonly Whole[], now: Instant): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string; organizationId: number; findingId: string }>(
    `select c.fix_claim_id as id, c.organization_id as "organizationId", coalesce(b.into_finding_id, c.finding_id) as "findingId"
     from fix_claim_finding c
     left join absorbed_finding b on b.organization_id = c.organization_id and b.finding_id = c.finding_id
     where (c.organization_id, c.fix_claim_id) in (select * from unnest($1::int[], $2::bigint[]))
       and not exists (select from fix_claim_finding l where l.finding_id = c.finding_id and l.fix_claim_id > c.fix_claim_id)`,
    [claims.map(({ organizationId }) => organizationId), claims.map(({ id }) => id)],
  );
  const open = new Set<string>();
  for (const [organizationId, its] of Map.groupBy(rows, (row) => row.organizationId)) {
    const findingIds = its.map(({ findingId }) => findingId);
    const overlays = await overlaysOf(tx, { organizationId, findingIds, now });
    for (const { id, findingId } of its) if (overlays.get(findingId)?.kind === 'claimed') open.add(id);
  }
  return open;
}

export async function findFixClaimByKey(db: Db, claimedBy: number, key: string): Promise<FixClaimRow | null> {
  const { rows } = await db.query<FixClaimRow>(
    `${CLAIM} where c.claimed_by = $1 and c.idempotency_key = $2`,
    [claimedBy, key],
  );
  return rows[0] ?? null;
}

/** Latest first. Of a finding that absorbed others, theirs too. */
export async function listFixClaims(db: Db, findingId: string, most: number): Promise<FixClaimRow[]> {
  const { rows } = await db.query<FixClaimRow>(
    `${CLAIM} where (c.organization_id, c.fix_claim_id) in (
       select organization_id, fix_claim_id from fix_claim_finding where finding_id = $1 or finding_id in (
         select finding_id from absorbed_finding where into_finding_id = $1))
     order by c.claimed_at desc, c.fix_claim_id desc limit $2`,
    [findingId, most],
  );
  return rows;
}

export interface NewFixEvidence {
  readonly claim: Whole;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly addedBy: number;
  readonly addedAt: Instant;
}

/** Two files sent at once get two numbers. */
export async function insertFixEvidence(tx: Tx, evidence: NewFixEvidence): Promise<void> {
  const { claim, fileName, sizeBytes, sha256, addedBy, addedAt } = evidence;
  await lockFixClaim(tx, claim.id);
  await tx.query(
    `insert into fix_evidence (organization_id, fix_claim_id, evidence_no, file_name, size_bytes, sha256, added_by, added_at)
     select $1, $2, coalesce(max(evidence_no), 0) + 1, $3, $4, decode($5, 'hex'), $6, $7 from fix_evidence
     where organization_id = $1 and fix_claim_id = $2`,
    [claim.organizationId, claim.id, fileName, sizeBytes, sha256, addedBy, addedAt],
  );
}
