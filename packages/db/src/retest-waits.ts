import {
  type CountedWait,
  countedRetest,
  FAILED_RETESTS,
  type Instant,
  type RetestWait,
  ROLES,
  retestPauses,
  sideOf,
  type TaskWait,
  type Wait,
} from '@backcheck/core';
import type { Tx } from './pool.ts';

/** Each finding under the ids that it ever had. */
export const ALSO = `
with also as (
  select one as finding_id, one as named from unnest($1::bigint[]) one
  union all select into_finding_id, finding_id from absorbed_finding where into_finding_id = any ($1::bigint[]))`;

const RETESTS = `${ALSO}
select a.finding_id, r.retest_id, r.requested_at, r.finished_at, f.outcome,
  case when r.stopped_by is null then false else not ever_had_role(r.stopped_by, r.organization_id, $3) end as withdrawn
from also a
join retest_finding f on f.finding_id = a.named
join retest r on r.organization_id = f.organization_id and r.retest_id = f.retest_id
where r.organization_id = $2 and r.origin = 'request' order by r.requested_at, r.retest_id`;

const TASKS = `
select t.retest_id, t.finished_at, a.windows, a.time_zone, a.valid_from, a.expires_at,
  case when s.stops = '[]' then '[]' else (select coalesce(jsonb_agg(one), '[]') from jsonb_array_elements(s.stops) one
    where not ever_had_role((one ->> 'by')::int, a.organization_id, $3)) end as stops
from retest_task t
join test_authorization a using (organization_id, test_authorization_id)
cross join lateral (select a.past_stops || case when a.stopped_at is null then '[]'
  else jsonb_build_array(jsonb_build_object('from', a.stopped_at, 'by', a.stopped_by)) end as stops) s
where t.organization_id = $1 and t.retest_id = any ($2::bigint[])`;

interface RetestRow {
  readonly finding_id: string;
  readonly retest_id: string;
  readonly requested_at: Date;
  readonly finished_at: Date | null;
  readonly outcome: string | null;
  /** The organization ended it itself. */
  readonly withdrawn: boolean;
}

interface TaskRow {
  readonly retest_id: string;
  readonly finished_at: Date | null;
  readonly windows: TaskWait['hours']['windows'];
  readonly time_zone: string;
  readonly valid_from: Date;
  readonly expires_at: Date;
  readonly stops: readonly { readonly from: string; readonly until?: string }[];
}

/** A stop by somebody of the other side is no wish of the inspected organization. */
const OTHER_SIDE = ROLES.filter((role) => sideOf(role) !== 'organization');

/** What waiting for a retest that the organization asked for did to the clock. */
export interface Retested {
  readonly pauses: readonly Wait[];
  readonly counted: readonly CountedWait[];
}

interface Asked {
  readonly organizationId: number;
  readonly findingIds: readonly string[];
  /** When the present cycle began, of findings that came back. */
  readonly starts: ReadonlyMap<string, Instant>;
  readonly now: Instant;
}

/** By finding, in the order in which they were asked for; also of findings that were merged into it. */
export async function retestsWaited(
  tx: Tx,
  { organizationId, findingIds, starts, now }: Asked,
): Promise<Map<string, Retested[]>> {
  const { rows } = await tx.query<RetestRow>(RETESTS, [findingIds, organizationId, OTHER_SIDE]);
  if (rows.length === 0) return new Map();
  const ids = [...new Set(rows.map((row) => row.retest_id))];
  const tasks = await tx.query<TaskRow>(TASKS, [organizationId, ids, OTHER_SIDE]);
  const tasksOf = Map.groupBy(tasks.rows, (row) => row.retest_id);
  // Up to 500 findings share one retest.
  const retests = new Map(rows.map((row) => [row.retest_id, row]));
  const waited = new Map(
    [...retests].map(([id, row]) => [id, retestPauses(waitOf(row, tasksOf.get(id) ?? []), now)]),
  );
  const byFinding = Map.groupBy(rows, (row) => row.finding_id);
  return new Map(
    [...byFinding].map(([id, its]) => {
      const failed = failedIn(its, starts.get(id));
      const retested = (row: RetestRow) => {
        if (isRepeated(row, failed)) return countedRetest(spanOf(row), 'repeated');
        return isWithdrawn(row) ? countedRetest(spanOf(row), 'withdrawn') : waited.get(row.retest_id);
      };
      return [id, its.flatMap((row) => retested(row) ?? [])];
    }),
  );
}

/** When retests of the present cycle ended with the finding still present; in this order. */
const failedIn = (rows: readonly RetestRow[], start: Instant = ''): Date[] =>
  rows
    .filter(({ outcome, requested_at }) => outcome === 'still-present' && requested_at.toISOString() >= start)
    .flatMap(({ finished_at }) => finished_at ?? [])
    .sort((a, b) => a.getTime() - b.getTime());

const isRepeated = ({ requested_at }: RetestRow, failed: readonly Date[]): boolean => {
  const enough = failed[FAILED_RETESTS - 1];
  return enough !== undefined && enough <= requested_at;
};

/** Taken back before it showed anything: whoever does that each day would never be late. */
const isWithdrawn = ({ withdrawn, outcome }: RetestRow): boolean => withdrawn && outcome !== 'still-present';

const spanOf = (retest: RetestRow): Wait => ({
  from: retest.requested_at.toISOString(),
  until: retest.finished_at?.toISOString() ?? null,
});

const waitOf = (retest: RetestRow, tasks: readonly TaskRow[]): RetestWait => ({
  ...spanOf(retest),
  tasks: tasks.map((task) => ({
    hours: {
      windows: task.windows,
      timeZone: task.time_zone,
      validFrom: task.valid_from.toISOString(),
      expiresAt: task.expires_at.toISOString(),
    },
    stops: task.stops.map(({ from, until }) => ({
      from: new Date(from).toISOString(),
      until: until === undefined ? null : new Date(until).toISOString(),
    })),
    until: task.finished_at?.toISOString() ?? null,
  })),
});
