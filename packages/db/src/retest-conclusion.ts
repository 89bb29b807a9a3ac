import type { Reason, RetestObstacle, RetestOutcome, RetestTaskState, State } from '@backcheck/core';
import { reasonCode } from './codes.ts';
import type { Db, Tx } from './pool.ts';

/** Names one retest. */
export interface RetestKey {
  readonly organizationId: number;
  readonly retestId: string;
}

/** Null when there is none. Locks the retest before its tasks, as everybody does. */
export async function lockRetest(
  tx: Tx,
  { organizationId, retestId }: RetestKey,
): Promise<{ readonly ended: boolean; readonly crossTool: boolean } | null> {
  const { rows } = await tx.query<{ ended: boolean; crossTool: boolean }>(
    `select r.finished_at is not null as ended, o.cross_tool as "crossTool"
     from retest r join organization o using (organization_id)
     where r.organization_id = $1 and r.retest_id = $2 for no key update of r`,
    [organizationId, retestId],
  );
  return rows[0] ?? null;
}

/** Ends the tasks whose scan file was imported or refused since. */
export async function settleDelivered(tx: Tx, { organizationId, retestId }: RetestKey): Promise<void> {
  await tx.query(
    `update retest_task t set state = case i.state when 'done' then 'done' else 'failed' end,
       obstacle = case i.state when 'done' then null else 'TOOL_FAILED' end,
       detail = case i.state when 'done' then null else coalesce(i.problem ->> 'code', i.state) end
     from import i
     where t.organization_id = $1 and t.retest_id = $2 and t.state = 'delivered'
       and i.organization_id = t.organization_id and i.import_id = t.import_id and i.state in ('done', 'refused', 'discarded')`,
    [organizationId, retestId],
  );
}

/** Nothing of it that has not begun will begin. */
export async function stopWaitingTasks(
  tx: Tx,
  { organizationId, retestId }: RetestKey,
  at: Date,
): Promise<void> {
  await tx.query(
    `update retest_task set state = 'stopped', obstacle = 'STOPPED', finished_at = $3
     where organization_id = $1 and retest_id = $2 and state = 'waiting'`,
    [organizationId, retestId, at],
  );
}

/**
 * Retests that have nothing left to wait for and whose conclusion no job will take up any more: each attempt failed, or
 * the job was lost. `owner` is a connection of the role that owns the queue.
 */
export async function findUnconcluded(owner: Db): Promise<RetestKey[]> {
  const { rows } = await owner.query<RetestKey>(
    `select r.organization_id as "organizationId", r.retest_id::text as "retestId" from retest r
      where r.state in ('waiting', 'running')
        and not exists (
          select from retest_task t left join import i on i.organization_id = t.organization_id and i.import_id = t.import_id
           where t.organization_id = r.organization_id and t.retest_id = r.retest_id
             and (t.state in ('waiting', 'running') or t.state = 'delivered' and i.state not in ('done', 'refused', 'discarded')))
        and not exists (
          select from graphile_worker.jobs j
           where j.key = 'conclude:' || r.organization_id || ':' || r.retest_id and (j.attempts < j.max_attempts or j.locked_by is not null))`,
  );
  return rows;
}

/** Queues its conclusion anew, with all attempts. */
export async function queueConclusion(db: Db, { organizationId, retestId }: RetestKey): Promise<void> {
  await db.query('select queue_conclusion($1, $2)', [organizationId, retestId]);
}

/** How far a task came, for the findings that it asks about. */
export interface TaskEnd {
  readonly state: RetestTaskState;
  readonly obstacle: RetestObstacle | Reason | null;
  readonly findingIds: readonly string[];
  /** Of its file, once that is imported; also where the same bytes were imported before. */
  readonly scanId: string | null;
}

export async function taskEnds(db: Db, { organizationId, retestId }: RetestKey): Promise<TaskEnd[]> {
  const { rows } = await db.query<TaskEnd>(
    `select t.state, t.obstacle, i.scan_id as "scanId",
       array(select distinct q ->> 'findingId' from jsonb_array_elements(t.questions) q) as "findingIds"
     from retest_task t left join import i on i.organization_id = t.organization_id and i.import_id = t.import_id and i.state = 'done'
     where t.organization_id = $1 and t.retest_id = $2 order by t.task_no`,
    [organizationId, retestId],
  );
  return rows;
}

/** A finding of a retest without an outcome. */
export interface UnansweredFinding {
  /** As it was asked for. */
  readonly askedId: string;
  /** The same, or the one that absorbed it since. */
  readonly findingId: string;
  readonly state: State;
  readonly reason: Reason | null;
  readonly certificateId: string | null;
  /** Its certificate is older than the retest. */
  readonly closedBefore: boolean;
}

export async function unansweredFindings(
  db: Db,
  { organizationId, retestId }: RetestKey,
): Promise<UnansweredFinding[]> {
  const { rows } = await db.query<Omit<UnansweredFinding, 'reason'> & { readonly reason: number | null }>(
    `select r.finding_id as "askedId", coalesce(b.into_finding_id, r.finding_id) as "findingId", coalesce(f.state, 'open') as state,
       f.reason, f.certificate_id as "certificateId", exists (
         select from certificate c join ledger l using (organization_id, seq)
         where c.organization_id = f.organization_id and c.certificate_id = f.certificate_id
           and (l.entry ->> 'at')::timestamptz <= w.requested_at) as "closedBefore"
     from retest_finding r join retest w using (organization_id, retest_id)
     left join absorbed_finding b on b.organization_id = r.organization_id and b.finding_id = r.finding_id
     left join finding f on f.finding_id = coalesce(b.into_finding_id, r.finding_id)
     where r.organization_id = $1 and r.retest_id = $2 and r.outcome is null order by r.finding_id`,
    [organizationId, retestId],
  );
  return rows.map((row) => ({ ...row, reason: row.reason === null ? null : reasonCode.decode(row.reason) }));
}

export interface RetestOutcomeRow {
  readonly askedId: string;
  readonly outcome: RetestOutcome;
  readonly reason: RetestObstacle | Reason | null;
  /** The scan that decided. */
  readonly scanId: string | null;
  readonly certificateId: string | null;
}

/** Writes the outcomes and ends the retest, once: `lockRetest` must have said that it has not ended. */
export async function endRetest(
  tx: Tx,
  { organizationId, retestId }: RetestKey,
  end: {
    readonly at: Date;
    /** The account that stopped it; null where everything ran. */
    readonly stoppedBy: number | null;
    readonly outcomes: readonly RetestOutcomeRow[];
  },
): Promise<void> {
  const rows = end.outcomes.map(({ askedId, outcome, reason, scanId, certificateId }) => ({
    finding_id: askedId,
    outcome,
    reason,
    scan_id: scanId,
    certificate_id: certificateId,
  }));
  await tx.query(
    `update retest_finding r set outcome = one.outcome, reason = one.reason, scan_id = one.scan_id, certificate_id = one.certificate_id
     from jsonb_to_recordset($3::jsonb) as one (finding_id bigint, outcome text, reason text, scan_id bigint, certificate_id bigint)
     where r.organization_id = $1 and r.retest_id = $2 and r.finding_id = one.finding_id and r.outcome is null`,
    [organizationId, retestId, JSON.stringify(rows)],
  );
  const { rowCount } = await tx.query(
    `update retest set state = case when $4::int is null then 'done' else 'stopped' end, finished_at = $3, stopped_by = $4,
       stopped_at = case when $4::int is not null then $3::timestamptz end
     where organization_id = $1 and retest_id = $2 and finished_at is null`,
    [organizationId, retestId, end.at, end.stoppedBy],
  );
  if (rowCount !== 1) throw new Error(`retest ${retestId} had ended already`);
}
