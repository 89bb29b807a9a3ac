import type { Instant, Reason, RetestObstacle } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';
import { LEASE } from './retest-claims.ts';

/** After so many runs that were cut off, a task has failed. */
const MOST_ATTEMPTS = 3;

const PARTS = `retest_task t join retest r using (organization_id, retest_id)
  join test_authorization a using (organization_id, test_authorization_id)`;
const ALIVE = `t.state = 'running' and t.lease_until > clock_timestamp()`;

/**
 * Renews the leases that may go on, and answers with them. What is missing in the answer is to be stopped at once: its
 * lease is lost, somebody stopped it or its authorization (also if it was resumed since), or its hours are over. It
 * keeps what is left of its lease to say how it ended.
 */
export async function renewLeases(
  db: Db,
  {
    runnerId,
    leases,
    now,
  }: { readonly runnerId: number; readonly leases: readonly string[]; readonly now: Date },
): Promise<string[]> {
  const { rows } = await db.query<{ lease: string }>(
    `update retest_task t set lease_until = clock_timestamp() + ${LEASE}
       from retest r, test_authorization a
      where t.lease = any ($1::uuid[]) and t.runner_id = $2 and ${ALIVE}
        and (r.organization_id, r.retest_id) = (t.organization_id, t.retest_id) and r.state <> 'stopped'
        and (a.organization_id, a.test_authorization_id) = (t.organization_id, t.test_authorization_id)
        and a.stopped_at is null and a.revoked_at is null and a.expires_at > $3
        and a.approved_at <= t.started_at and t.stop_at > $3
     returning t.lease::text as lease`,
    [leases, runnerId, now],
  );
  return rows.map(({ lease }) => lease);
}

/** A task whose lease is alive, held until the transaction ends. */
export interface LeasedTask {
  readonly lease: string;
  readonly organizationId: number;
  readonly retestId: string;
  readonly taskNo: number;
  readonly attempt: number;
  readonly engine: string;
  readonly host: string;
  readonly vantage: string;
  readonly startedAt: Instant;
  /** The account whose the import of its file is. */
  readonly requestedBy: number;
}

/** Null when the lease is not this runner's, or no longer alive. Locks the retest before the task, as everybody does. */
export async function holdLease(tx: Tx, lease: string, runnerId: number): Promise<LeasedTask | null> {
  await tx.query(
    `select from retest where (organization_id, retest_id) in (select organization_id, retest_id from retest_task where lease = $1)
     for no key update`,
    [lease],
  );
  const { rows } = await tx.query<Omit<LeasedTask, 'startedAt'> & { readonly startedAt: Date }>(
    `select t.lease::text as lease, t.organization_id as "organizationId", t.retest_id::text as "retestId",
            t.task_no as "taskNo", t.attempts as attempt, t.engine, t.host, t.vantage, t.started_at as "startedAt",
            r.requested_by as "requestedBy"
       from retest_task t join retest r using (organization_id, retest_id)
      where t.lease = $1 and t.runner_id = $2 and ${ALIVE} for no key update of t`,
    [lease, runnerId],
  );
  const [row] = rows;
  return row === undefined ? null : { ...row, startedAt: row.startedAt.toISOString() };
}

/** How a run ended: with a file that is now an import, or without an answer. */
export interface RunEnd {
  /** The signed statement: a DSSE envelope. */
  readonly result: unknown;
  readonly now: Date;
}

/** Ends a task that `holdLease` holds: its file is being imported, and the end of the import concludes the retest. */
export async function endWithFile(
  tx: Tx,
  { lease }: LeasedTask,
  { result, now, importId }: RunEnd & { readonly importId: string },
): Promise<void> {
  await tx.query(
    `update retest_task set state = 'delivered', lease = null, lease_until = null, result = $2, finished_at = $3,
            import_id = $4, obstacle = null, detail = null where lease = $1`,
    [lease, JSON.stringify(result), now, importId],
  );
}

/** Ends a task that `holdLease` holds: the target or the tool gave no answer. */
export async function endWithout(
  tx: Tx,
  { lease, organizationId, retestId }: LeasedTask,
  {
    result,
    now,
    why,
    detail,
  }: RunEnd & { readonly why: Reason | RetestObstacle; readonly detail: string | null },
): Promise<void> {
  await tx.query(
    `update retest_task set state = 'failed', lease = null, lease_until = null, result = $2, finished_at = $3,
            obstacle = $4, detail = $5 where lease = $1`,
    [lease, JSON.stringify(result), now, why, detail],
  );
  await tx.query('select queue_conclusion($1, $2)', [organizationId, retestId]);
}

/**
 * Cuts tasks off, in one statement for all that can cut one off: a lease that ran out, a runner that gave its task back,
 * the end of the hours, the stop button, the end of the authorization. What becomes of a task is read from the tables:
 * it is not the runner's to say whether somebody stopped it. Without an obstacle it waits for its next run.
 * `which`: of which tasks; one that another transaction has in hand is left to it. $1 now, $2 the signed statement or
 * null, $3 whether this run counts as an attempt.
 */
const cutOff = (which: string): string => `
with cut as (
  select t.organization_id, t.retest_id, t.task_no, case
      when r.state = 'stopped' or a.stopped_at is not null then 'STOPPED'
      when a.revoked_at is not null then 'NOT_AUTHORIZED'
      when a.expires_at <= $1 then 'WINDOW_CLOSED'
      when $3 and t.attempts >= ${MOST_ATTEMPTS} and t.stop_at <= $1 then 'WINDOW_CLOSED'
      when $3 and t.attempts >= ${MOST_ATTEMPTS} then 'RUNNER_LOST'
    end as obstacle
  from ${PARTS} where ${which} for no key update of r, t skip locked
), changed as (
  update retest_task t set
    state = case when cut.obstacle is null then 'waiting' when cut.obstacle = 'STOPPED' then 'stopped' else 'failed' end,
    attempts = t.attempts - (not $3)::int, obstacle = cut.obstacle, detail = null, result = coalesce($2::jsonb, t.result),
    lease = null, lease_until = null, stop_at = null,
    finished_at = case when cut.obstacle is not null then $1::timestamptz end
  from cut where (t.organization_id, t.retest_id, t.task_no) = (cut.organization_id, cut.retest_id, cut.task_no)
  returning t.organization_id, t.retest_id, t.task_no, t.state
), again as (
  update retest r set state = 'waiting'
  from (select distinct organization_id, retest_id from changed where state = 'waiting') c
  where (r.organization_id, r.retest_id) = (c.organization_id, c.retest_id) and r.state = 'running'
    and not exists (
      select from retest_task t where (t.organization_id, t.retest_id) = (r.organization_id, r.retest_id)
        and t.state in ('running', 'delivered')
        and t.task_no not in (select task_no from changed d where (d.organization_id, d.retest_id) = (t.organization_id, t.retest_id)))
)
select queue_conclusion(organization_id, retest_id)
from (select distinct organization_id, retest_id from changed where state <> 'waiting') c`;

const HELD = cutOff('t.lease = $4');
const LOST = cutOff(`t.state = 'running' and t.lease_until <= clock_timestamp()`);

/** Cuts off a task that `holdLease` holds. `counts` false: the runner went away by itself, which is no attempt. */
export async function cutOffTask(
  tx: Tx,
  { lease }: LeasedTask,
  { result, now, counts }: RunEnd & { readonly counts: boolean },
): Promise<void> {
  await tx.query(HELD, [now, JSON.stringify(result), counts, lease]);
}

/** Takes the tasks back whose runner was lost. At any time, by anybody, as often as wanted. */
export async function takeBackLost(db: Db, now: Date): Promise<void> {
  await db.query(LOST, [now, null, true]);
}
