import { randomUUID } from 'node:crypto';
import {
  type Authorization,
  type EngineName,
  type Instant,
  isInForce,
  type ProbeMethod,
  type Question,
  windowAt,
} from '@backcheck/core';
import type pg from 'pg';
import { inTransaction, type Tx } from './pool.ts';

/** How long a lease lasts that nobody renews: PostgreSQL's interval. A runner kills what it runs after 4 seconds. */
export const LEASE = "interval '15 seconds'";

/** Who asks for work, and what it can do. */
export interface Claimant {
  readonly runnerId: number;
  /** Null: for every organization; else for this one and all below it. */
  readonly organizationId: number | null;
  readonly vantage: string;
  /** Those whose tools it has. */
  readonly engines: readonly EngineName[];
}

/** A task in the hands of a runner, for as long as its lease is renewed. */
export interface ClaimedTask {
  readonly lease: string;
  readonly engine: EngineName;
  readonly method: ProbeMethod;
  readonly host: string;
  /** New connections a second: its share of what the authorization allows. */
  readonly rate: number;
  /** When its window closes or the authorization ends. */
  readonly stopAt: Instant;
  readonly questions: readonly Question[];
  readonly authorization: Authorization;
}

interface AuthorizationColumns
  extends Omit<Authorization, 'validFrom' | 'expiresAt' | 'approvedAt' | 'stoppedAt' | 'revokedAt'> {
  readonly validFrom: Date;
  readonly expiresAt: Date;
  readonly approvedAt: Date | null;
  readonly stoppedAt: Date | null;
  readonly revokedAt: Date | null;
}

const AUTHORIZATION = `a.test_authorization_id::text as id, a.organization_id as "organizationId",
  a.ranges::text[] as ranges, a.names, a.allowed, a.forbidden, a.windows, a.time_zone as "timeZone", a.rate,
  a.valid_from as "validFrom", a.expires_at as "expiresAt", a.approved_at as "approvedAt",
  a.stopped_at as "stoppedAt", a.revoked_at as "revokedAt"`;

const authorizationOf = (row: AuthorizationColumns): Authorization => ({
  id: row.id,
  organizationId: row.organizationId,
  ranges: row.ranges,
  names: row.names,
  allowed: row.allowed,
  forbidden: row.forbidden,
  windows: row.windows,
  timeZone: row.timeZone,
  rate: row.rate,
  validFrom: row.validFrom.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
  approvedAt: row.approvedAt?.toISOString() ?? null,
  stoppedAt: row.stoppedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
});

/**
 * What is in use of an authorization's rate. A share stays taken for a second after its task ended, so that in no
 * second more connections are made than the authorization allows, however tasks follow each other.
 */
const USED = `(select coalesce(sum(s.rate), 0)::int from (
    select t.rate from retest_task t where t.organization_id = a.organization_id
      and t.test_authorization_id = a.test_authorization_id and t.state = 'running'
    union all
    select t.rate from retest_task t where t.organization_id = a.organization_id
      and t.test_authorization_id = a.test_authorization_id
      and t.finished_at > clock_timestamp() - interval '1 second') s)`;

const MINE = `t.state = 'waiting' and t.vantage = $1 and t.engine = any ($2::text[])`;
const IN_ORDER = 'order by t.priority, t.retest_id, t.task_no';

/** Authorizations with something to do and a share left, those with the most urgent task first. */
const CANDIDATES = `
select ${AUTHORIZATION}
from test_authorization a cross join lateral (
  select t.priority, t.retest_id, t.task_no, least(t.rate, a.rate) as rate from retest_task t
  where t.organization_id = a.organization_id and t.test_authorization_id = a.test_authorization_id and ${MINE}
  ${IN_ORDER} limit 1) t
where a.approved_at is not null and a.stopped_at is null and a.revoked_at is null
  and a.valid_from <= $4 and a.expires_at > $4
  and ($3::integer is null or a.organization_id in (select organization_id from organization_ancestor where ancestor_id = $3))
  and ${USED} + t.rate <= a.rate
${IN_ORDER}`;

/** Always in this order, so that two runners wait for each other and never both. */
const LOCKED = `
select ${AUTHORIZATION} from test_authorization a
where (a.organization_id, a.test_authorization_id) in (select * from unnest($1::integer[], $2::bigint[]))
order by a.organization_id, a.test_authorization_id for no key update`;

/** After the lock: what others took while we waited for it must be counted. */
const LEFT = `
select a.test_authorization_id::text as id, a.rate - ${USED} as left from test_authorization a
where (a.organization_id, a.test_authorization_id) in (select * from unnest($1::integer[], $2::bigint[]))`;

/** The retest before its tasks, as everybody locks them; one that is being stopped at this moment is left alone. */
const WAITING = `
select t.organization_id as "organizationId", t.retest_id::text as "retestId", t.task_no as "taskNo",
  a.id::text as "authorizationId", t.engine, t.method, t.host, least(t.rate, a.rate) as rate, t.questions
from unnest($3::integer[], $4::bigint[], $5::integer[]) a (organization_id, id, rate) cross join lateral (
  select t.* from retest r join retest_task t using (organization_id, retest_id)
  where t.organization_id = a.organization_id and t.test_authorization_id = a.id and ${MINE}
    and r.state in ('waiting', 'running')
  ${IN_ORDER} limit $6 for no key update of r, t skip locked) t
${IN_ORDER}`;

interface WaitingTask extends Pick<ClaimedTask, 'engine' | 'method' | 'host' | 'rate' | 'questions'> {
  readonly organizationId: number;
  readonly retestId: string;
  readonly taskNo: number;
  readonly authorizationId: string;
}

/**
 * Gives a runner at most `most` waiting tasks that it can do now: of its place and its organizations, under an
 * authorization that is in force and in its hours, and never more than fit into its rate. By priority, then by age;
 * under one authorization nobody overtakes.
 */
export async function claimTasks(
  pool: pg.Pool,
  claimant: Claimant,
  { most, now }: { readonly most: number; readonly now: Date },
): Promise<ClaimedTask[]> {
  const { vantage, engines, organizationId } = claimant;
  const { rows } = await pool.query<AuthorizationColumns>(CANDIDATES, [
    vantage,
    engines,
    organizationId,
    now,
  ]);
  const at = now.toISOString();
  // The most urgent `most` tasks stand under at most so many authorizations: those whose first task is most urgent.
  const open = rows
    .map(authorizationOf)
    .filter((one) => closingOf(one, at) !== null)
    .slice(0, most);
  if (open.length === 0) return [];
  return inTransaction(pool, (tx) => claimUnder(tx, { claimant, open, most, at }));
}

/** When its hours end; null while nothing may run under it. */
function closingOf(authorization: Authorization, at: Instant): Instant | null {
  const window = windowAt(authorization, at);
  return isInForce(authorization, at) && window.open ? window.until : null;
}

interface Claim {
  readonly claimant: Claimant;
  readonly open: readonly Authorization[];
  readonly most: number;
  readonly at: Instant;
}

async function claimUnder(tx: Tx, { claimant, open, most, at }: Claim): Promise<ClaimedTask[]> {
  const keys = [open.map((one) => one.organizationId), open.map(({ id }) => id)];
  const locked = await tx.query<AuthorizationColumns>(LOCKED, keys);
  // It may have been stopped before we had the lock.
  const still = locked.rows.map(authorizationOf).filter((one) => closingOf(one, at) !== null);
  const left = await tx.query<{ id: string; left: number }>(LEFT, keys);
  const shares = new Map(left.rows.map((row) => [row.id, row.left]));
  const waiting = await tx.query<WaitingTask>(WAITING, [
    claimant.vantage,
    claimant.engines,
    still.map((one) => one.organizationId),
    still.map(({ id }) => id),
    still.map(({ rate }) => rate),
    most,
  ]);
  const chosen = fitting(waiting.rows, shares).slice(0, most);
  const claimed = chosen.flatMap((task) => {
    const authorization = still.find(({ id }) => id === task.authorizationId);
    const stopAt = authorization === undefined ? null : closingOf(authorization, at);
    return authorization === undefined || stopAt === null
      ? []
      : [{ ...task, lease: randomUUID(), stopAt, authorization }];
  });
  await lease(tx, claimed, { runnerId: claimant.runnerId, at });
  return claimed.map(({ organizationId, retestId, taskNo, authorizationId, ...task }) => task);
}

/** A task that does not fit closes its authorization for this time: small ones behind it would keep it waiting for ever. */
function fitting(tasks: readonly WaitingTask[], left: Map<string, number>): WaitingTask[] {
  return tasks.filter(({ authorizationId, rate }) => {
    const share = left.get(authorizationId) ?? 0;
    left.set(authorizationId, rate <= share ? share - rate : 0);
    return rate <= share;
  });
}

async function lease(
  tx: Tx,
  tasks: readonly (WaitingTask & Pick<ClaimedTask, 'lease' | 'stopAt'>)[],
  { runnerId, at }: { readonly runnerId: number; readonly at: Instant },
): Promise<void> {
  if (tasks.length === 0) return;
  const keys = [tasks.map((one) => one.organizationId), tasks.map((one) => one.retestId)];
  await tx.query(
    `update retest r set state = 'running'
      where r.state = 'waiting' and (r.organization_id, r.retest_id) in (select * from unnest($1::integer[], $2::bigint[]))`,
    keys,
  );
  await tx.query(
    `update retest_task t set state = 'running', attempts = t.attempts + 1, runner_id = $7, started_at = $8,
            lease = n.lease, lease_until = clock_timestamp() + ${LEASE}, stop_at = n.stop_at, rate = n.rate
       from unnest($1::integer[], $2::bigint[], $3::integer[], $4::uuid[], $5::timestamptz[], $6::integer[])
         n (organization_id, retest_id, task_no, lease, stop_at, rate)
      where (t.organization_id, t.retest_id, t.task_no) = (n.organization_id, n.retest_id, n.task_no)`,
    [
      ...keys,
      tasks.map((one) => one.taskNo),
      tasks.map((one) => one.lease),
      tasks.map((one) => one.stopAt),
      tasks.map((one) => one.rate),
      runnerId,
      at,
    ],
  );
}
