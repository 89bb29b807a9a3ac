import type {
  Authorization,
  EngineName,
  Instant,
  PlannedTask,
  RetestObstacle,
  RetestOrigin,
  RetestState,
  WayToProve,
} from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import type { Db, Tx } from './pool.ts';
import { prepared } from './prepared.ts';
import { amongOrganizations, someOrganizations } from './scope.ts';

export interface NewRetest {
  readonly organizationId: number;
  readonly origin: RetestOrigin;
  readonly fixClaimId: string | null;
  readonly lookBackId: string | null;
  /** Smaller is sooner. */
  readonly priority: number;
  readonly note: string | null;
  /** An account id. */
  readonly requestedBy: number;
  readonly requestedAt: Instant;
  readonly idempotencyKey: string | null;
  /** Hex; of the request that carried the key. */
  readonly requestSha256: string | null;
}

/** A task, and under which authorization at which share of its rate; or what keeps it from running. */
export interface NewRetestTask extends PlannedTask {
  readonly standsUnder:
    | { readonly authorizationId: string; readonly rate: number }
    | { readonly obstacle: RetestObstacle };
}

export interface NewRetestFinding {
  readonly findingId: string;
  readonly assetId: string;
  /** Set where nothing here can prove it: it has its outcome at once. */
  readonly unprovable: {
    readonly obstacle: RetestObstacle;
    readonly wouldProve: readonly WayToProve[];
  } | null;
}

/** Null when this account has already used the Idempotency-Key. */
export async function insertRetest(tx: Tx, retest: NewRetest): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into retest (organization_id, origin, fix_claim_id, look_back_id, priority, note, requested_by, requested_at, idempotency_key, request_sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, decode($10, 'hex'))
     on conflict (requested_by, idempotency_key) where idempotency_key is not null do nothing returning retest_id as id`,
    [
      retest.organizationId,
      retest.origin,
      retest.fixClaimId,
      retest.lookBackId,
      retest.priority,
      retest.note,
      retest.requestedBy,
      retest.requestedAt,
      retest.idempotencyKey,
      retest.requestSha256,
    ],
  );
  return rows[0]?.id ?? null;
}

/** Nobody else asks for a retest in this organization until the transaction ends: two at once would both find none. */
export async function lockRetestRequests(tx: Tx, organizationId: number): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('retests:' || $1::int, 0))`, [
    organizationId,
  ]);
}

/** What is asked for, by which side, and what came with it. */
export interface RetestAsked extends Pick<NewRetest, 'organizationId' | 'origin' | 'fixClaimId' | 'note'> {
  /** Each once. */
  readonly findingIds: readonly string[];
}

/**
 * The oldest retest of this side that the transaction sees, that has not begun and has a waiting task for each of these findings; it
 * takes the claim and the note where it had none. Null: there is none.
 */
export async function joinWaitingRetest(tx: Tx, asked: RetestAsked): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `update retest set fix_claim_id = coalesce(fix_claim_id, $4), note = coalesce(note, $5)
     where organization_id = $1 and state = 'waiting' and retest_id = (
       select r.retest_id from retest_finding f
       join retest r on r.organization_id = f.organization_id and r.retest_id = f.retest_id and r.state = 'waiting' and r.origin = $2
       where f.organization_id = $1 and f.finding_id = any ($3::bigint[]) and exists (
         select from retest_task t where t.organization_id = f.organization_id and t.retest_id = f.retest_id and t.state = 'waiting'
           and t.questions @> jsonb_build_array(jsonb_build_object('findingId', f.finding_id::text)))
       group by r.retest_id having count(*) = cardinality($3::bigint[]) order by r.retest_id limit 1)
     returning retest_id as id`,
    [asked.organizationId, asked.origin, asked.findingIds, asked.fixClaimId, asked.note],
  );
  return rows[0]?.id ?? null;
}

interface Whole {
  readonly organizationId: number;
  readonly retestId: string;
}

export async function insertRetestFindings(
  tx: Tx,
  { organizationId, retestId }: Whole,
  findings: readonly NewRetestFinding[],
): Promise<void> {
  const rows = findings.map(({ findingId, assetId, unprovable }) => ({
    finding_id: findingId,
    asset_id: assetId,
    reason: unprovable?.obstacle ?? null,
    would_prove: unprovable?.wouldProve ?? [],
  }));
  await tx.query(
    `insert into retest_finding (organization_id, retest_id, finding_id, asset_id, outcome, reason, would_prove)
     select $1, $2, finding_id, asset_id, case when reason is not null then 'inconclusive' end, reason, would_prove
     from jsonb_to_recordset($3::jsonb) as one (finding_id bigint, asset_id bigint, reason text, would_prove text[])`,
    [organizationId, retestId, JSON.stringify(rows)],
  );
}

/** In the order given, numbered from 1. One that stands under no authorization has failed already. */
export async function insertRetestTasks(
  tx: Tx,
  { organizationId, retestId }: Whole,
  { tasks, priority, at }: { tasks: readonly NewRetestTask[]; priority: number; at: Instant },
): Promise<void> {
  const rows = tasks.map(({ engine, method, vantage, host, questions, standsUnder }, index) => {
    const common = { task_no: index + 1, engine, method, vantage, host, questions };
    return 'obstacle' in standsUnder
      ? { ...common, obstacle: standsUnder.obstacle, rate: 1 }
      : { ...common, test_authorization_id: standsUnder.authorizationId, rate: standsUnder.rate };
  });
  await tx.query(
    `insert into retest_task (organization_id, retest_id, task_no, test_authorization_id, engine, method, vantage, host, questions,
       priority, rate, state, obstacle, finished_at)
     select $1, $2, task_no, test_authorization_id, engine, method, vantage, host, questions, $4, rate,
       case when obstacle is null then 'waiting' else 'failed' end, obstacle, case when obstacle is not null then $5::timestamptz end
     from jsonb_to_recordset($3::jsonb) as one (task_no int, test_authorization_id bigint, engine text, method text, vantage text,
       host text, questions jsonb, rate int, obstacle text)`,
    [organizationId, retestId, JSON.stringify(rows), priority, at],
  );
}

export interface RetestRow {
  readonly id: string;
  readonly organization: { readonly id: string; readonly name: string; readonly nameZh: string | null };
  readonly origin: RetestOrigin;
  readonly state: RetestState;
  readonly requestedBy: Signer;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  readonly fixClaimId: string | null;
  readonly lookBackId: string | null;
  readonly note: string | null;
  /** Hex; of the request that carried the Idempotency-Key. */
  readonly requestSha256: string | null;
  readonly counts: {
    readonly findings: number;
    readonly proven: number;
    readonly stillPresent: number;
    readonly inconclusive: number;
  };
}

/** Everything about the retests in `page`. */
const DETAILS = `
select r.retest_id as id, jsonb_build_object('id', r.organization_id::text, 'name', o.name, 'nameZh', o.name_zh) as organization,
  r.origin, r.state, jsonb_build_object('id', r.requested_by::text, 'name', coalesce(account_name(r.requested_by), '')) as "requestedBy",
  r.requested_at as "requestedAt", r.finished_at as "finishedAt", r.fix_claim_id as "fixClaimId", r.look_back_id::text as "lookBackId",
  r.note, encode(r.request_sha256, 'hex') as "requestSha256", c.counts
from page r join organization o using (organization_id)
cross join lateral (
  select jsonb_build_object('findings', count(*), 'proven', count(*) filter (where outcome = 'proven'),
    'stillPresent', count(*) filter (where outcome = 'still-present'), 'inconclusive', count(*) filter (where outcome = 'inconclusive')) as counts
  from retest_finding f where f.organization_id = r.organization_id and f.retest_id = r.retest_id) c`;

export interface RetestsPage {
  readonly organizationId: number | null;
  readonly state: RetestState | null;
  readonly findingId: string | null;
  readonly lookBackId: string | null;
  /** Only those with a smaller id. */
  readonly before: string | null;
  readonly limit: number;
}

/** `?` stands where the value does. In arrays, so that each is an index scan: as a join it read all retests, 90 ms of 200,000. */
const FILTERS = {
  state: 'state = ?',
  findingId: `retest_id = any (array(select retest_id from retest_finding where finding_id = any (array(
    select ?::bigint union all select finding_id from absorbed_finding where into_finding_id = ?::bigint))))`,
  lookBackId: 'look_back_id = ?::bigint',
  before: 'retest_id < ?::bigint',
} as const satisfies Partial<Record<keyof RetestsPage, string>>;

/** Latest first. Of a finding that absorbed others, theirs too. */
export async function listRetests(db: Db, page: RetestsPage): Promise<RetestRow[]> {
  const organizations = page.organizationId === null ? await someOrganizations(db) : [page.organizationId];
  const values: unknown[] = [page.limit];
  const texts = ['true'];
  const add = (text: string, value: unknown): void => {
    if (value === null) return;
    values.push(value);
    texts.push(text.replaceAll('?', `$${values.length}`));
  };
  if (organizations !== null) {
    const [among, ids] = amongOrganizations(organizations, '?');
    add(`organization_id ${among}`, ids);
  }
  for (const [name, text] of Object.entries(FILTERS)) add(text, page[name as keyof typeof FILTERS]);
  const { rows } = await db.query<RetestRow>(
    prepared(
      `with page as materialized (select * from retest where ${texts.join(' and ')} order by retest_id desc limit $1)
       ${DETAILS} order by r.retest_id desc`,
      values,
    ),
  );
  return rows;
}

export async function findRetest(db: Db, id: string): Promise<RetestRow | null> {
  const { rows } = await db.query<RetestRow>(
    `with page as materialized (select * from retest where retest_id = $1) ${DETAILS}`,
    [id],
  );
  return rows[0] ?? null;
}

export async function findRetestByKey(db: Db, requestedBy: number, key: string): Promise<RetestRow | null> {
  const { rows } = await db.query<RetestRow>(
    `with page as materialized (select * from retest where requested_by = $1 and idempotency_key = $2) ${DETAILS}`,
    [requestedBy, key],
  );
  return rows[0] ?? null;
}

/** A task that waits, with what it waits under. */
export interface WaitingTask {
  readonly retestId: string;
  readonly organizationId: number;
  readonly engine: EngineName;
  readonly vantage: string;
  readonly authorization: Pick<
    Authorization,
    'windows' | 'timeZone' | 'validFrom' | 'expiresAt' | 'approvedAt' | 'stoppedAt' | 'revokedAt'
  >;
}

/** The waiting tasks of these retests: of those that differ in nothing of this, one. */
export async function waitingTasks(db: Db, retestIds: readonly string[]): Promise<WaitingTask[]> {
  const { rows } = await db.query<
    Omit<WaitingTask, 'authorization'> & {
      readonly windows: WaitingTask['authorization']['windows'];
      readonly time_zone: string;
      readonly valid_from: Date;
      readonly expires_at: Date;
      readonly approved_at: Date | null;
      readonly stopped_at: Date | null;
      readonly revoked_at: Date | null;
    }
  >(
    `select t.retest_id as "retestId", t.organization_id as "organizationId", t.engine, t.vantage, a.windows, a.time_zone, a.valid_from,
       a.expires_at, a.approved_at, a.stopped_at, a.revoked_at
     from (select distinct organization_id, retest_id, w.engine, w.vantage, w.test_authorization_id
       from retest r join retest_task w using (organization_id, retest_id)
       where r.retest_id = any ($1::bigint[]) and w.state = 'waiting') t
     join test_authorization a using (organization_id, test_authorization_id)`,
    [retestIds],
  );
  return rows.map((row) => ({
    retestId: row.retestId,
    organizationId: row.organizationId,
    engine: row.engine,
    vantage: row.vantage,
    authorization: {
      windows: row.windows,
      timeZone: row.time_zone,
      validFrom: row.valid_from.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      approvedAt: row.approved_at?.toISOString() ?? null,
      stoppedAt: row.stopped_at?.toISOString() ?? null,
      revokedAt: row.revoked_at?.toISOString() ?? null,
    },
  }));
}
