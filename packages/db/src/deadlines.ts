import {
  type DeadlineFacts,
  type DeterminedFinding,
  type Instant,
  type Pause,
  PRIORITIES,
  type Priority,
  SEVERITIES,
} from '@backcheck/core';
import type { ScoringFacts } from './deadline-facts.ts';
import { IN_USE_FIRST } from './feeds.ts';
import type { Waiver } from './overlays.ts';
import type { Db, Tx } from './pool.ts';
import { prepared } from './prepared.ts';

export const DETERMINATION_CAUSES = [
  'first',
  'facts',
  'policy',
  'calendar',
  'extension',
  'pause',
  'regressed',
  'closed',
] as const;
export type DeterminationCause = (typeof DETERMINATION_CAUSES)[number];

export type Turn = 'us' | 'them';

/** What was determined for one finding, with everything that it was made from. */
export interface Determined {
  readonly findingId: string;
  readonly assetId: string;
  readonly cycleStart: Instant;
  readonly policyId: string | null;
  readonly calendarId: string | null;
  readonly determination: DeterminedFinding;
  readonly facts: StoredFacts;
  readonly turn: Turn;
  /** It was proven gone once and came back. */
  readonly returned: boolean;
  readonly waiver: Waiver | null;
}

/** As they are kept with a determination. */
export interface StoredFacts {
  readonly deadline: DeadlineFacts;
  readonly scoring: ScoringFacts;
}

/** Two at once would write the same rows. Held until the transaction ends; false: another transaction is at it. */
export async function tryLockDetermination(tx: Tx, organizationId: number): Promise<boolean> {
  const { rows } = await tx.query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('determination'), $1) as locked`,
    [organizationId],
  );
  return rows[0]?.locked === true;
}

/** The same, for whoever cannot leave it to the other transaction: waits until that one has ended. */
export async function lockDetermination(tx: Tx, organizationId: number): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('determination'), $1)`, [organizationId]);
}

/** Who asked for this node to be determined, told by their transactions; 0: for all. */
export async function determinationWanted(db: Db, node: number): Promise<string[]> {
  const { rows } = await db.query<{ by: string }>(
    'select wanted_by::text as by from determination_wanted where node = $1',
    [node],
  );
  return rows.map(({ by }) => by);
}

/** These have what they asked for; who asked since has not. */
export async function determinationDone(tx: Tx, node: number, wanted: readonly string[]): Promise<void> {
  await tx.query('delete from determination_wanted where node = $1 and wanted_by = any ($2::xid8[])', [
    node,
    wanted,
  ]);
}

/** Every organization that has a finding, or a deadline to take away. */
export async function organizationsWithDeadlines(db: Db): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `select o.organization_id as id from organization o
     where exists (select from finding f where f.organization_id = o.organization_id)
       or exists (select from finding_due d where d.organization_id = o.organization_id) order by 1`,
  );
  return rows.map(({ id }) => id);
}

/** The row before, as far as it is compared. */
interface Before {
  readonly finding_id: string;
  readonly no: number;
  readonly cause: DeterminationCause;
  readonly cycle_start: Date;
  readonly policy_id: string | null;
  readonly calendar_id: string | null;
  readonly determination: DeterminedFinding;
}

const LAST = `
select one as finding_id, d.determination_no as no, d.cause, d.cycle_start, d.deadline_policy_id::text as policy_id,
  d.working_calendar_id::text as calendar_id, d.determination
from unnest($2::bigint[]) one
join lateral (select * from finding_determination d where d.organization_id = $1 and d.finding_id = one
  order by d.determination_no desc limit 1) d on true`;

const ADD = `
insert into finding_determination (organization_id, finding_id, determination_no, determined_at, cycle_start, deadline_policy_id,
  working_calendar_id, determination, facts, cause)
select $1::int, g.finding_id, g.no, $2::timestamptz, g.cycle_start, g.policy_id, g.calendar_id, g.determination, g.facts, g.cause
from jsonb_to_recordset($3::jsonb) as g (finding_id bigint, no integer, cycle_start timestamptz, policy_id integer,
  calendar_id integer, determination jsonb, facts jsonb, cause text)`;

const PRESENT = `
insert into finding_due (organization_id, finding_id, asset_id, determination_no, due_at, priority, epss, grade, paused, waived,
  waived_until, turn)
select $1::int, g.finding_id, g.asset_id, g.no, g.due_at, g.priority, g.epss, g.grade, g.paused, g.waived, g.waived_until, g.turn
from jsonb_to_recordset($2::jsonb) as g (finding_id bigint, asset_id bigint, no integer, due_at timestamptz, priority smallint,
  epss real, grade smallint, paused text, waived text, waived_until timestamptz, turn text)
left join finding_due d on d.organization_id = $1 and d.finding_id = g.finding_id
-- not by the conflict alone: that locks each row, and most are as they were
where d.finding_id is null or (d.asset_id, d.determination_no, d.due_at, d.priority, d.epss, d.grade, d.paused, d.waived, d.waived_until, d.turn)
  is distinct from (g.asset_id, g.no, g.due_at, g.priority, g.epss, g.grade, g.paused, g.waived, g.waived_until, g.turn)
on conflict (organization_id, finding_id) do update set asset_id = excluded.asset_id, determination_no = excluded.determination_no,
  due_at = excluded.due_at, priority = excluded.priority, epss = excluded.epss, grade = excluded.grade, paused = excluded.paused,
  waived = excluded.waived, waived_until = excluded.waived_until, turn = excluded.turn`;

/**
 * Writes what differs from what was determined last: a row of history, and the present date. The same again writes nothing,
 * and no row of history is ever changed. Returns how many differed.
 */
export async function writeDeterminations(
  tx: Tx,
  { organizationId, at }: { readonly organizationId: number; readonly at: Instant },
  batch: readonly Determined[],
): Promise<number> {
  const { rows } = await tx.query<Before>(LAST, [organizationId, batch.map(({ findingId }) => findingId)]);
  const last = new Map(rows.map((row) => [row.finding_id, row]));
  const numbered = batch.map((one) => {
    const before = last.get(one.findingId);
    const cause = causeOf(before, one);
    return { one, cause, no: (before?.no ?? 0) + (cause === null ? 0 : 1) };
  });
  const added = numbered.filter(({ cause }) => cause !== null);
  if (added.length > 0) await tx.query(ADD, [organizationId, at, JSON.stringify(added.map(historyRow))]);
  await tx.query(PRESENT, [organizationId, JSON.stringify(numbered.map(presentRow))]);
  return added.length;
}

interface Numbered {
  readonly one: Determined;
  readonly no: number;
  readonly cause: DeterminationCause | null;
}

const historyRow = ({ one, no, cause }: Numbered) => ({
  finding_id: one.findingId,
  no,
  cycle_start: one.cycleStart,
  policy_id: one.policyId,
  calendar_id: one.calendarId,
  determination: one.determination,
  facts: one.facts,
  cause,
});

const presentRow = ({ one, no }: Numbered) => ({
  finding_id: one.findingId,
  asset_id: one.assetId,
  no,
  due_at: one.waiver === null ? one.determination.dueAt : null,
  priority: PRIORITIES.indexOf(one.determination.priority),
  epss: one.facts.scoring.epss?.score ?? null,
  grade: SEVERITIES.indexOf(one.facts.deadline.grade),
  paused: one.determination.paused,
  waived: one.waiver?.kind ?? null,
  waived_until: one.waiver?.until ?? null,
  turn: one.turn,
});

/** Null: nothing that was determined differs, whatever it was made from. */
export function causeOf(before: Before | undefined, now: Determined): DeterminationCause | null {
  if (before === undefined) return 'first';
  if (before.cause === 'closed') return now.returned ? 'regressed' : 'facts';
  const began = before.cycle_start.toISOString();
  const { determination: was, policy_id, calendar_id } = before;
  const { determination: is, policyId, calendarId } = now;
  if (began === now.cycleStart && policy_id === policyId && calendar_id === calendarId && same(was, is))
    return null;
  if (began < now.cycleStart && now.returned) return 'regressed';
  if (policy_id !== policyId) return 'policy';
  if (calendar_id !== calendarId) return 'calendar';
  if (was.extendedTo !== is.extendedTo) return 'extension';
  if (was.paused !== is.paused || was.pausedSeconds !== is.pausedSeconds) return 'pause';
  return 'facts';
}

/** Equal as JSON, whatever the order of the keys: PostgreSQL keeps its own. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [one, other] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    one.length === other.size && one.every(([key, value]) => other.has(key) && same(value, other.get(key)))
  );
}

const CLOSE = `
with gone as (
  delete from finding_due d where d.organization_id = $1 and not exists (
    select from finding f where f.organization_id = d.organization_id and f.finding_id = d.finding_id and f.state <> 'verified-fixed')
  returning d.finding_id, d.determination_no)
insert into finding_determination (organization_id, finding_id, determination_no, determined_at, cycle_start, deadline_policy_id,
  working_calendar_id, determination, facts, cause)
select l.organization_id, l.finding_id, l.determination_no + 1, $2::timestamptz, l.cycle_start, l.deadline_policy_id,
  l.working_calendar_id, l.determination, l.facts, 'closed'
from gone g join finding_determination l on l.organization_id = $1 and l.finding_id = g.finding_id and l.determination_no = g.determination_no`;

/** What is proven gone, or went into another finding or to another organization, is no longer due; its history stays. */
export async function closeDeterminations(tx: Tx, organizationId: number, at: Instant): Promise<number> {
  const { rowCount } = await tx.query(CLOSE, [organizationId, at]);
  return rowCount ?? 0;
}

/** The present deadline of a finding, for lists. */
export interface FindingDue {
  /** Null while nothing is due, too. */
  readonly dueAt: Instant | null;
  readonly priority: Priority;
  readonly paused: Pause | null;
  readonly waived: Waiver | null;
  readonly turn: Turn;
}

/** Columns of finding_due; priority and turn null: it has no row. */
export interface DueColumns {
  readonly due_at: Date | null;
  readonly priority: number | null;
  readonly paused: Pause | null;
  readonly waived: Waiver['kind'] | null;
  readonly waived_until: Date | null;
  readonly turn: Turn | null;
}

export function dueOf(row: DueColumns): FindingDue | null {
  const { due_at, priority, paused, waived, waived_until, turn } = row;
  if (priority === null || turn === null) return null;
  return {
    dueAt: due_at?.toISOString() ?? null,
    priority: priorityAt(priority),
    paused,
    waived: waived === null ? null : { kind: waived, until: waived_until?.toISOString() ?? null },
    turn,
  };
}

/** What is due of these findings; one that is closed or was not determined yet is missing. */
export async function presentDue(db: Db, findingIds: readonly string[]): Promise<Map<string, FindingDue>> {
  const { rows } = await db.query<DueColumns & { readonly id: string }>(
    prepared(
      `select d.finding_id as id, d.due_at, d.priority, d.paused, d.waived, d.waived_until, d.turn from finding f
       join finding_due d on d.organization_id = f.organization_id and d.finding_id = f.finding_id
       where f.finding_id = any ($1::bigint[])`,
      [findingIds],
    ),
  );
  return new Map(
    rows.flatMap(({ id, ...row }) => {
      const due = dueOf(row);
      return due === null ? [] : [[id, due] as const];
    }),
  );
}

/** When a scan saw the absence that this certificate proves; null: there is none, for the finding is not closed. */
export async function provenAt(db: Db, certificateId: string | null): Promise<Instant | null> {
  if (certificateId === null) return null;
  const { rows } = await db.query<{ at: Date }>(
    prepared('select at from certificate where certificate_id = $1::bigint', [certificateId]),
  );
  return rows[0]?.at.toISOString() ?? null;
}

/** @throws on an index that this version does not know: the database is newer. */
export function priorityAt(index: number): Priority {
  const priority = PRIORITIES[index];
  if (priority === undefined) throw new Error(`unknown priority ${index} (known: ${PRIORITIES.join(', ')})`);
  return priority;
}

/** One row of a finding's history. */
export interface DeterminationRow {
  readonly no: number;
  readonly determinedAt: Instant;
  readonly cycleStart: Instant;
  readonly cause: DeterminationCause;
  readonly policy: { readonly id: string; readonly code: string; readonly version: number } | null;
  readonly calendar: { readonly id: string; readonly code: string; readonly version: number } | null;
  readonly determination: DeterminedFinding;
  readonly facts: StoredFacts;
}

/** Newest first; at most 200. */
export async function listDeterminations(db: Db, findingId: string): Promise<DeterminationRow[]> {
  const { rows } = await db.query<
    Omit<DeterminationRow, 'determinedAt' | 'cycleStart'> & { determined_at: Date; cycle_start: Date }
  >(
    `select d.determination_no as no, d.determined_at, d.cycle_start, d.cause, d.determination, d.facts,
       case when p.deadline_policy_id is not null then jsonb_build_object('id', p.deadline_policy_id::text, 'code', p.code, 'version', p.version) end as policy,
       case when c.working_calendar_id is not null then jsonb_build_object('id', c.working_calendar_id::text, 'code', c.code, 'version', c.version) end as calendar
     from finding f
     join finding_determination d on d.organization_id = f.organization_id and d.finding_id = f.finding_id
     left join deadline_policy p using (deadline_policy_id) left join working_calendar c using (working_calendar_id)
     where f.finding_id = $1::bigint order by d.determination_no desc limit 200`,
    [findingId],
  );
  return rows.map(({ determined_at, cycle_start, ...row }) => ({
    ...row,
    determinedAt: determined_at.toISOString(),
    cycleStart: cycle_start.toISOString(),
  }));
}

/** Organizations below a node, itself included, that have findings which are not closed, with how many. Null: all that are seen. */
export async function openFindingsBelow(
  db: Db,
  nodeId: number | null,
): Promise<{ readonly organizationId: number; readonly findings: number }[]> {
  const { rows } = await db.query<{ organizationId: number; findings: number }>(
    `select f.organization_id as "organizationId", count(*)::int as findings from finding f
     where f.state <> 'verified-fixed' and ($1::int is null or f.organization_id in (
       select organization_id from organization_ancestor where ancestor_id = $1))
     group by 1 order by 1`,
    [nodeId],
  );
  return rows;
}

export async function findingTitles(db: Db, findingIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; title: string }>(
    `select f.finding_id as id, d.title from finding f join description d using (description_id) where f.finding_id = any ($1::bigint[])`,
    [findingIds],
  );
  return new Map(rows.map(({ id, title }) => [id, title]));
}

/** The version of each feed that is in use, as far as one was taken in. */
export async function feedsInUse(db: Db): Promise<
  {
    readonly feed: string;
    readonly version: string;
    readonly publishedAt: Instant | null;
    readonly takenInAt: Instant;
  }[]
> {
  const { rows } = await db.query<{
    feed: string;
    version: string;
    published_at: Date | null;
    taken_in_at: Date;
  }>(
    `select distinct on (feed) feed, version, published_at, taken_in_at from feed_version order by feed, ${IN_USE_FIRST}`,
  );
  return rows.map(({ feed, version, published_at, taken_in_at }) => ({
    feed,
    version,
    publishedAt: published_at?.toISOString() ?? null,
    takenInAt: taken_in_at.toISOString(),
  }));
}
