import type { Instant, WorkingCalendar } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import type { PolicyInForce } from './policies.ts';
import type { Db, Tx } from './pool.ts';

export const signer = (column: string): string =>
  `case when ${column} is null then null else jsonb_build_object('id', ${column}::text, 'name', account_name(${column})) end`;

export type Raw<Row, Moment extends keyof Row> = Omit<Row, Moment>;

export interface CalendarRow {
  readonly id: string;
  readonly organizationId: number | null;
  readonly version: number;
  readonly content: WorkingCalendar;
  /** Null: it came with the product. */
  readonly takenInBy: Signer | null;
  readonly takenInAt: Instant;
  readonly approvedBy: Signer | null;
  /** Null: a draft, by which nothing is counted. */
  readonly approvedAt: Instant | null;
}

const CALENDAR = `select c.working_calendar_id::text as id, c.organization_id as "organizationId", c.version, c.content,
  ${signer('c.taken_in_by')} as "takenInBy", c.taken_in_at,
  ${signer('c.approved_by')} as "approvedBy", c.approved_at from working_calendar c`;

type RawCalendar = Raw<CalendarRow, 'takenInAt' | 'approvedAt'> & {
  readonly taken_in_at: Date;
  readonly approved_at: Date | null;
};
const calendarRow = ({ taken_in_at, approved_at, ...row }: RawCalendar): CalendarRow => ({
  ...row,
  takenInAt: taken_in_at.toISOString(),
  approvedAt: approved_at?.toISOString() ?? null,
});

/** All versions of all calendars that the transaction sees, by code, the newest version first. */
export async function listCalendars(db: Db): Promise<CalendarRow[]> {
  const { rows } = await db.query<RawCalendar>(
    `${CALENDAR} order by c.code, c.organization_id nulls first, c.version desc`,
  );
  return rows.map(calendarRow);
}

/** The next version of this code at this node, not approved. Returns its id. */
export async function insertCalendar(
  tx: Tx,
  {
    organizationId,
    content,
    by,
    at,
  }: {
    readonly organizationId: number | null;
    readonly content: WorkingCalendar;
    readonly by: number;
    readonly at: Instant;
  },
): Promise<string> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('working_calendar:' || $1))`, [content.code]);
  const { rows } = await tx.query<{ id: string }>(
    `insert into working_calendar (organization_id, code, version, content, taken_in_by, taken_in_at)
     select $1::int, $2::text, coalesce(max(version), 0) + 1, $3::jsonb, $4::int, $5::timestamptz from working_calendar
       where organization_id is not distinct from $1::int and code = $2::text
     returning working_calendar_id::text as id`,
    [organizationId, content.code, JSON.stringify(content), by, at],
  );
  return rows[0]?.id ?? '';
}

export async function findCalendar(db: Db, id: string): Promise<CalendarRow | null> {
  const { rows } = await db.query<RawCalendar>(`${CALENDAR} where c.working_calendar_id = $1::bigint`, [id]);
  return rows[0] === undefined ? null : calendarRow(rows[0]);
}

/** False: it, or a later version, is approved already. */
export async function approveCalendar(
  tx: Tx,
  { id, organizationId, version, content: { code } }: CalendarRow,
  { by, at }: { readonly by: number; readonly at: Instant },
): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('working_calendar:' || $1))`, [code]);
  const { rowCount } = await tx.query(
    `update working_calendar set approved_by = $5, approved_at = $6 where working_calendar_id = $1::bigint
       and not exists (select from working_calendar c where c.organization_id is not distinct from $2::int and c.code = $3::text
         and c.version >= $4::int and c.approved_at is not null)`,
    [id, organizationId, code, version, by, at],
  );
  return rowCount === 1;
}

const CALENDARS_OF = `
select distinct on (c.code) c.code, c.working_calendar_id::text as id, c.content
from working_calendar c left join organization_ancestor a on a.organization_id = $1 and a.ancestor_id = c.organization_id
where (c.organization_id is null or a.depth is not null) and (c.approved_at is not null or c.working_calendar_id = $2)
order by c.code, a.depth nulls last, c.version desc`;

type CalendarInForce = Pick<PolicyInForce, 'calendarId' | 'calendar'>;

/** What counts at a node, by code; null: the installation. `draftId`: as if that draft were approved. */
export async function calendarsOf(
  db: Db,
  nodeId: number | null,
  draftId: string | null = null,
): Promise<(code: string | null) => CalendarInForce> {
  const { rows } = await db.query<{ code: string; id: string; content: WorkingCalendar }>(CALENDARS_OF, [
    nodeId,
    draftId,
  ]);
  const byCode = new Map(rows.map(({ code, id, content }) => [code, { calendarId: id, calendar: content }]));
  return (code) => byCode.get(code ?? '') ?? { calendarId: null, calendar: null };
}
