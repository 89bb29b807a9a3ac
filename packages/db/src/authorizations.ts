import type { Authorization, Instant } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';
import { fewOrganizations } from './scope.ts';

export interface Signer {
  readonly id: string;
  readonly name: string;
}

/** An authorization as core judges it, with the paper it comes from and who did what with it. */
export interface AuthorizationRow extends Authorization {
  readonly organization: { readonly id: string; readonly name: string; readonly nameZh: string | null };
  readonly title: string;
  /** Addresses or ranges, as PostgreSQL writes them. */
  readonly sourceAddresses: readonly string[];
  readonly stopContact: { readonly name: string; readonly phone: string };
  readonly signedBy: string;
  readonly document: { readonly fileName: string; readonly sizeBytes: number; readonly sha256: string };
  readonly draftedBy: Signer;
  readonly draftedAt: Instant;
  readonly approvedBy: Signer | null;
  readonly stoppedBy: Signer | null;
  readonly revokedBy: Signer | null;
  /** Tasks of retests under it. */
  readonly running: number;
  readonly waiting: number;
}

/** Everything about the authorizations in `page`. */
const DETAILS = `
select a.test_authorization_id as id, a.organization_id as "organizationId", o.name, o.name_zh as "nameZh", a.title,
  a.ranges::text[] as ranges, a.names, a.allowed, a.forbidden, a.windows, a.time_zone as "timeZone", a.rate,
  a.source_addresses::text[] as "sourceAddresses",
  jsonb_build_object('name', a.stop_contact_name, 'phone', a.stop_contact_phone) as "stopContact", a.signed_by as "signedBy",
  jsonb_build_object('fileName', a.document_name, 'sizeBytes', a.document_size, 'sha256', encode(a.document_sha256, 'hex')) as document,
  a.valid_from, a.expires_at, a.drafted_at, a.approved_at, a.stopped_at, a.revoked_at,
  ${['drafted', 'approved', 'stopped', 'revoked']
    .map(
      (what) =>
        `case when a.${what}_by is not null then jsonb_build_object('id', a.${what}_by::text, 'name', coalesce(account_name(a.${what}_by), '')) end as "${what}By"`,
    )
    .join(', ')},
  t.running, t.waiting
from page a join organization o using (organization_id)
cross join lateral (
  select count(*) filter (where state = 'running')::int as running, count(*) filter (where state = 'waiting')::int as waiting
  from retest_task r where r.organization_id = a.organization_id and r.test_authorization_id = a.test_authorization_id
    and r.state in ('running', 'waiting')) t`;

interface Row
  extends Omit<
    AuthorizationRow,
    'organization' | 'validFrom' | 'expiresAt' | 'draftedAt' | 'approvedAt' | 'stoppedAt' | 'revokedAt'
  > {
  readonly name: string;
  readonly nameZh: string | null;
  readonly valid_from: Date;
  readonly expires_at: Date;
  readonly drafted_at: Date;
  readonly approved_at: Date | null;
  readonly stopped_at: Date | null;
  readonly revoked_at: Date | null;
}

const instant = (time: Date | null): Instant | null => time?.toISOString() ?? null;

function rowOf({
  name,
  nameZh,
  valid_from,
  expires_at,
  drafted_at,
  approved_at,
  stopped_at,
  revoked_at,
  ...row
}: Row): AuthorizationRow {
  return {
    ...row,
    organization: { id: `${row.organizationId}`, name, nameZh },
    validFrom: valid_from.toISOString(),
    expiresAt: expires_at.toISOString(),
    draftedAt: drafted_at.toISOString(),
    approvedAt: instant(approved_at),
    stoppedAt: instant(stopped_at),
    revokedAt: instant(revoked_at),
  };
}

export interface NewAuthorization
  extends Omit<
    AuthorizationRow,
    | 'id'
    | 'organization'
    | 'draftedBy'
    | 'approvedAt'
    | 'approvedBy'
    | 'stoppedAt'
    | 'stoppedBy'
    | 'revokedAt'
    | 'revokedBy'
    | 'running'
    | 'waiting'
  > {
  /** An account id. */
  readonly draftedBy: number;
}

/** Nothing runs under it before somebody else has approved it. Returns its id. */
export async function insertAuthorization(tx: Tx, draft: NewAuthorization): Promise<string> {
  const { document, stopContact } = draft;
  const { rows } = await tx.query<{ id: string }>(
    `insert into test_authorization (organization_id, title, ranges, names, allowed, forbidden, windows, time_zone, rate,
       source_addresses, stop_contact_name, stop_contact_phone, signed_by, document_name, document_size, document_sha256,
       valid_from, expires_at, drafted_by, drafted_at)
     values ($1, $2, $3::text[]::cidr[], $4, $5, $6, $7, $8, $9, $10::text[]::inet[], $11, $12, $13, $14, $15, decode($16, 'hex'), $17, $18, $19, $20)
     returning test_authorization_id as id`,
    [
      draft.organizationId,
      draft.title,
      draft.ranges,
      draft.names,
      draft.allowed,
      draft.forbidden,
      JSON.stringify(draft.windows),
      draft.timeZone,
      draft.rate,
      draft.sourceAddresses,
      stopContact.name,
      stopContact.phone,
      draft.signedBy,
      document.fileName,
      document.sizeBytes,
      document.sha256,
      draft.validFrom,
      draft.expiresAt,
      draft.draftedBy,
      draft.draftedAt,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('insert into test_authorization returned nothing');
  return id;
}

export async function findAuthorization(db: Db, id: string): Promise<AuthorizationRow | null> {
  const { rows } = await db.query<Row>(
    `with page as materialized (select * from test_authorization where test_authorization_id = $1) ${DETAILS}`,
    [id],
  );
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** The same, kept from changing until the transaction ends. */
export async function lockAuthorization(tx: Tx, id: string): Promise<AuthorizationRow | null> {
  await tx.query('select from test_authorization where test_authorization_id = $1 for no key update', [id]);
  return findAuthorization(tx, id);
}

export interface AuthorizationsPage {
  readonly organizationId: number | null;
  /** Only those with a smaller id. */
  readonly before: string | null;
  readonly limit: number;
}

/** Latest first. */
export async function listAuthorizations(
  db: Db,
  { organizationId, before, limit }: AuthorizationsPage,
): Promise<AuthorizationRow[]> {
  const organizations = organizationId === null ? await fewOrganizations(db) : [organizationId];
  const { rows } = await db.query<Row>(
    `with page as materialized (
       select * from test_authorization
       where ($1::int[] is null or organization_id = any ($1)) and ($2::bigint is null or test_authorization_id < $2)
       order by test_authorization_id desc limit $3)
     ${DETAILS} order by a.test_authorization_id desc`,
    [organizations, before, limit],
  );
  return rows.map(rowOf);
}

/** Those of one organization under which something may run at some moment from `at` on. */
export async function liveAuthorizations(
  db: Db,
  organizationId: number,
  at: Instant,
): Promise<AuthorizationRow[]> {
  const { rows } = await db.query<Row>(
    `with page as materialized (
       select * from test_authorization
       where organization_id = $1 and approved_at is not null and stopped_at is null and revoked_at is null and expires_at > $2)
     ${DETAILS} order by a.test_authorization_id`,
    [organizationId, at],
  );
  return rows.map(rowOf);
}

export const AUTHORIZATION_STEPS = ['approve', 'stop', 'resume', 'revoke'] as const;
export type AuthorizationStep = (typeof AUTHORIZATION_STEPS)[number];

const CHANGES: Record<AuthorizationStep, string> = {
  approve: 'approved_by = $3, approved_at = $2',
  stop: 'stopped_by = $3, stopped_at = $2',
  // who resumes approves anew: its hours of silence stand in the audit log
  resume: 'stopped_by = null, stopped_at = null, approved_by = $3, approved_at = $2',
  revoke: 'revoked_by = $3, revoked_at = $2',
};

/** Writes the step; whether it may be taken is the caller's to know, who holds the lock. */
export async function changeAuthorization(
  tx: Tx,
  { id, step, at, by }: { id: string; step: AuthorizationStep; at: Instant; by: number },
): Promise<void> {
  await tx.query(
    `update test_authorization set ${CHANGES[step]} where test_authorization_id = $1 and $2::timestamptz is not null and $3::int is not null`,
    [id, at, by],
  );
}

/**
 * Ends what waits under authorizations that will never open again: revoked or expired. With an id, only under that one.
 * A retest that has nothing left to wait for is concluded by its job. At any time, by anybody, as often as wanted.
 */
export async function endUncoveredTasks(
  db: Db,
  { at, authorizationId = null }: { readonly at: Instant; readonly authorizationId?: string | null },
): Promise<void> {
  await db.query(
    `with uncovered as (
       select t.organization_id, t.retest_id, t.task_no, case when a.revoked_at is null then 'WINDOW_CLOSED' else 'NOT_AUTHORIZED' end as obstacle
       from test_authorization a join retest_task t using (organization_id, test_authorization_id) join retest r using (organization_id, retest_id)
       where t.state = 'waiting' and (a.revoked_at is not null or a.expires_at <= $1) and ($2::bigint is null or a.test_authorization_id = $2)
       for no key update of r, t skip locked),
     ended as (
       update retest_task t set state = 'failed', finished_at = $1, obstacle = u.obstacle from uncovered u
       where (t.organization_id, t.retest_id, t.task_no) = (u.organization_id, u.retest_id, u.task_no)
       returning t.organization_id, t.retest_id)
     select queue_conclusion(organization_id, retest_id) from (select distinct organization_id, retest_id from ended) e`,
    [at, authorizationId],
  );
}
