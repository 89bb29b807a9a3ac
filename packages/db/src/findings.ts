import {
  type Decision,
  equivalenceOf,
  type Identifier,
  type Instant,
  type Reason,
  type Severity,
  type State,
  type Text,
  type Transport,
} from '@backcheck/core';
import { reasonCode, severityCode, transportCode } from './codes.ts';
import { type DueColumns, dueOf, type FindingDue } from './deadlines.ts';
import {
  type Conditions,
  conditions,
  conditionsOf,
  dueConditions,
  type FindingFilter,
  type FindingSort,
  isDue,
  leads,
} from './finding-conditions.ts';
import { DECISIONS, LAST_SEEN, type OverlayNow, overlayNow, PROVEN_ABSENT } from './overlays.ts';
import type { NamedOrganization } from './ownership-queue.ts';
import type { Db } from './pool.ts';
import { prepared, preparedPage } from './prepared.ts';
import { amongOrganizations, fewOrganizations, someOrganizations } from './scope.ts';

export interface FindingRow {
  readonly id: string;
  readonly organization: NamedOrganization;
  readonly asset: { readonly id: string; readonly identifiers: readonly Identifier[] };
  readonly transport: Transport;
  readonly port: number;
  readonly check: string;
  readonly locus: string;
  readonly title: string;
  readonly severity: Severity;
  readonly cve: readonly string[];
  readonly state: State;
  /** What a person decided about it, as it stands now. */
  readonly overlay: OverlayNow['kind'] | null;
  readonly reason: Reason | null;
  /** SHA-256 of the scan file, hex. */
  readonly reasonScan: string | null;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  readonly stateSince: Instant;
  readonly certificateId: string | null;
  readonly problem: ProblemCounts;
  /** Null: closed, or not determined yet. */
  readonly due: FindingDue | null;
}

/** The problem that a finding is part of, with all findings of it, whatever the list shows. */
export interface ProblemCounts {
  /** Equal for the findings of one problem, within the installation. */
  readonly key: string;
  /** Of the declared equivalence; null where none was declared. */
  readonly title: Text | null;
  readonly findings: number;
  /** Not verified-fixed. */
  readonly open: number;
  /** How many tools report it, by the prefix of their checks. */
  readonly tools: number;
}

interface Order {
  /** Of `finding`, or of `finding_due`: such a list holds what has a deadline, and is not closed. */
  readonly of: 'finding' | 'finding_due';
  readonly column: 'severity' | 'first_seen' | 'changed_at' | 'due_order' | 'rank';
  readonly type: 'smallint' | 'timestamptz' | 'double precision';
  readonly direction: 'asc' | 'desc';
}

/** What a page is ordered by, always with the id behind it; each has its index in 0001_walk.sql or 0018_deadlines.sql. */
const ORDERS: Record<FindingSort, Order> = {
  '-severity': { of: 'finding', column: 'severity', type: 'smallint', direction: 'desc' },
  severity: { of: 'finding', column: 'severity', type: 'smallint', direction: 'asc' },
  '-age': { of: 'finding', column: 'first_seen', type: 'timestamptz', direction: 'asc' },
  age: { of: 'finding', column: 'first_seen', type: 'timestamptz', direction: 'desc' },
  lastChange: { of: 'finding', column: 'changed_at', type: 'timestamptz', direction: 'desc' },
  due: { of: 'finding_due', column: 'due_order', type: 'timestamptz', direction: 'asc' },
  priority: { of: 'finding_due', column: 'rank', type: 'double precision', direction: 'asc' },
};

export type { FindingFilter, FindingSort };

/** The cursor does not belong to this list. */
export class BadCursor extends Error {}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Checked by hand: a value of another type would be a fault of the database, not a refusal. */
function readCursor(cursor: string, sort: FindingSort): [string, string] {
  const [value = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const { type, of } = ORDERS[sort];
  const fits =
    (of === 'finding_due' && value === 'infinity') ||
    { smallint: /^[0-4]$/, 'double precision': /^\d{1,2}(\.\d{1,20})?$/, timestamptz: INSTANT }[type].test(
      value,
    );
  if (!fits || !/^\d{1,18}$/.test(id)) throw new BadCursor(cursor);
  return [value, id];
}

function writeCursor(value: string, id: string): string {
  return Buffer.from(`${value} ${id}`).toString('base64url');
}

/**
 * Everything about the findings in `page`. When no scan of the tool tried at the asset, the reason is read
 * off the latest one that should have met it: stored, it would have to be rewritten on every finding by every scan.
 */
const DETAILS = `
select f.*, o.name as organization_name, o.name_zh, a.identifiers, k.name as check, d.title, d.cve, l.last_seen,
  encode(coalesce(s.sha256, e.sha256), 'hex') as reason_sha256, coalesce(f.reason, e.reason) as shown_reason,
  p.findings, p.open, p.tools, now() as now, x.decisions, u.due_at, u.priority, u.paused, u.waived, u.waived_until, u.turn,
  ${PROVEN_ABSENT} as proven_absent
from page f
join organization o on o.organization_id = f.organization_id
join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
join check_definition k on k.check_id = f.check_id
join description d on d.description_id = f.description_id
cross join lateral (${LAST_SEEN}) l
cross join lateral (
  select count(*)::int as findings, count(*) filter (where g.state <> 'verified-fixed')::int as open, count(distinct w.prefix)::int as tools
  from finding g join check_definition w on w.check_id = g.check_id
  where g.organization_id = f.organization_id and g.asset_id = f.asset_id and g.problem = f.problem) p
left join finding_due u on u.organization_id = f.organization_id and u.finding_id = f.finding_id
cross join lateral (${DECISIONS}) x
left join scan s on s.organization_id = f.organization_id and s.scan_id = f.reason_scan_id
left join lateral (
  select c.sha256, case when c.complete and not c.truncated then ${reasonCode.encode('NO_HOST')} else ${reasonCode.encode('INCOMPLETE')} end as reason
  from scan c
  where f.reason is null and f.state <> 'verified-fixed' and c.organization_id = f.organization_id and c.quarantined_at is null and not c.handed_over
    and (k.prefix = c.tool or starts_with(k.prefix, c.tool || '-')) and coalesce(c.started_at, c.imported_at) > l.last_seen
    and (c.assets <> 1 or c.assets_reached = 0)
    and not exists (select from visit v where v.organization_id = c.organization_id and v.scan_id = c.scan_id and v.asset_id = f.asset_id)
  order by coalesce(c.started_at, c.imported_at) desc, c.sha256 desc limit 1) e on true`;

interface Row extends DueColumns {
  readonly finding_id: string;
  readonly organization_id: number;
  readonly organization_name: string;
  readonly name_zh: string | null;
  readonly asset_id: string;
  readonly identifiers: Identifier[];
  readonly transport: number;
  readonly port: number;
  readonly check: string;
  readonly locus: string;
  readonly title: string;
  readonly severity: number;
  readonly cve: string[];
  readonly state: State;
  readonly shown_reason: number | null;
  readonly reason_sha256: string | null;
  readonly first_seen: Date;
  readonly last_seen: Date | null;
  readonly changed_at: Date;
  readonly certificate_id: string | null;
  readonly now: Date;
  readonly decisions: Decision[] | null;
  readonly proven_absent: Date | null;
  readonly problem: string;
  readonly findings: number;
  readonly open: number;
  readonly tools: number;
  /** Of a list in their order; infinity where there is no date. */
  readonly due_order?: Date | number;
  readonly rank?: number;
}

function rowOf(row: Row): FindingRow {
  const lastSeen = row.last_seen ?? row.first_seen;
  return {
    id: row.finding_id,
    organization: { id: `${row.organization_id}`, name: row.organization_name, nameZh: row.name_zh },
    asset: { id: row.asset_id, identifiers: row.identifiers },
    transport: transportCode.decode(row.transport),
    port: row.port,
    check: row.check,
    locus: row.locus,
    title: row.title,
    severity: severityCode.decode(row.severity),
    cve: row.cve,
    state: row.state,
    overlay: overlayNow({ ...row, lastSeen, provenAbsent: row.proven_absent })?.kind ?? null,
    reason: row.shown_reason === null ? null : reasonCode.decode(row.shown_reason),
    reasonScan: row.reason_sha256,
    firstSeen: row.first_seen.toISOString(),
    lastSeen: lastSeen.toISOString(),
    stateSince: row.changed_at.toISOString(),
    certificateId: row.certificate_id,
    problem: {
      key: `${row.asset_id}:${row.problem}`,
      title: equivalenceOf(row)?.title ?? null,
      findings: row.findings,
      open: row.open,
      tools: row.tools,
    },
    due: dueOf(row),
  };
}

function sortValue(row: Row, sort: FindingSort): string {
  const value = row[ORDERS[sort].column];
  if (value instanceof Date) return value.toISOString();
  return value === Number.POSITIVE_INFINITY ? 'infinity' : `${value}`;
}

/**
 * What so many deadlines say at most is found from them. What more say is found in the order of the list, where this many
 * findings are looked at one by one, before all deadlines are.
 */
const AMONG = 2000;
const WALK = 5000;

/** The findings, at most `AMONG`, whose deadlines say so; null: they are more. */
async function amongDue(db: Db, filter: FindingFilter): Promise<string[] | null> {
  const some = await someOrganizations(db);
  const named = some === null ? [] : ['u.organization_id = any ($1::int[])'];
  const { rows } = await db.query<{ id: string }>(
    prepared(
      `select u.finding_id as id from finding_due u ${conditions([...dueConditions(filter), ...named])} limit ${AMONG + 1}`,
      some === null ? [] : [some],
    ),
  );
  return rows.length > AMONG ? null : rows.map(({ id }) => id);
}

/**
 * One page, by keyset: page 10,000 costs what page 1 costs.
 * @throws BadCursor when the cursor was not made by this list.
 */
export async function listFindings(
  db: Db,
  filter: FindingFilter,
): Promise<{ items: FindingRow[]; nextCursor: string | null }> {
  const { column, direction } = ORDERS[filter.sort];
  const { where, walks } = await whereOf(db, filter);
  // Said in the text: a plan for any limit is taken for a long one, and each page would be planned anew.
  const limit = `limit ${filter.limit + 1}`;
  let rows: Row[] = [];
  for (const walk of walks ? [WALK, null] : [null]) {
    const page = `with page as materialized (${selection(where, filter, walk)} ${limit})`;
    const order = orderBy(`f.${column}, f.finding_id`, direction);
    ({ rows } = await db.query<Row>(preparedPage(filter.limit, `${page} ${DETAILS} ${order}`, where.values)));
    if (rows.length > filter.limit) break;
  }
  const shown = rows.slice(0, filter.limit);
  const last = shown.at(-1);
  const more = rows.length > filter.limit && last !== undefined;
  return {
    items: shown.map(rowOf),
    nextCursor: more ? writeCursor(sortValue(last, filter.sort), last.finding_id) : null,
  };
}

/** How many findings match, counted to `most` + 1. */
export async function countMatching(db: Db, filter: FindingFilter, most: number): Promise<number> {
  const { where } = await whereOf(db, filter);
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from (${selection(where, filter, null)} limit ${most + 1}) p`,
    where.values,
  );
  return rows[0]?.count ?? 0;
}

const orderBy = (columns: string, direction: Order['direction']): string =>
  `order by ${columns.replace(',', ` ${direction},`)} ${direction}`;

const keyOf = ({ of, column }: Order): string =>
  of === 'finding_due' ? `s.${column}, s.finding_id` : `f.${column}, f.finding_id`;

/** `walks`: it may be worth while to look at the deadlines of the first ones only. */
async function whereOf(
  db: Db,
  filter: FindingFilter,
): Promise<{ readonly where: Conditions; readonly walks: boolean }> {
  const order = ORDERS[filter.sort];
  const byDue = order.of === 'finding_due';
  const where = conditionsOf(filter);
  const few =
    filter.organizationId === undefined ? await fewOrganizations(db) : [Number(filter.organizationId)];
  if (few !== null) {
    const [among, ids] = amongOrganizations(few, '?');
    where.add(`f.organization_id ${among}`, ids);
    if (byDue) where.add(`s.organization_id ${among}`, ids);
  }
  if (byDue) where.texts.push(...dueConditions(filter).map((text) => text.replaceAll(/\bu\./g, 's.')));
  if (filter.cursor !== undefined) {
    const [value, id] = readCursor(filter.cursor, filter.sort);
    where.values.push(value, id);
    const [v, i] = [where.values.length - 1, where.values.length];
    where.cursor = `(${keyOf(order)}) ${order.direction === 'asc' ? '>' : '<'} ($${v}::${order.type}, $${i}::bigint)`;
  }
  if (where.due === null || few !== null || byDue) return { where, walks: false };
  const among = await amongDue(db, filter);
  if (among !== null) where.among = where.with('f.finding_id = any (?::bigint[])', among);
  return { where, walks: among === null };
}

/** The findings of a list in its order, without a limit. */
function selection(where: Conditions, filter: FindingFilter, walk: number | null): string {
  const order = ORDERS[filter.sort];
  const inOrder = orderBy(keyOf(order), order.direction);
  const { due, among, cursor } = where;
  const first = [...where.texts, ...(cursor === null ? [] : [cursor])];
  const last = filter.groupBy === 'problem' ? [leads(where)] : [];
  if (walk !== null && due !== null) {
    // One value is looked up for each; `exists` would be answered from a table of all deadlines, made first.
    const near = `(select * from finding f ${conditions(first)} ${inOrder} limit ${walk})`;
    return `select f.* from ${near} f ${conditions([`(select true ${due})`, ...last])} ${inOrder}`;
  }
  // `offset 0` keeps the order of the index: a join of both columns is taken for a hundred rows of a million, and sorted.
  const from =
    order.of === 'finding_due'
      ? `select f.*, s.${order.column} from finding_due s cross join lateral (
          select * from finding where finding.organization_id = s.organization_id and finding.finding_id = s.finding_id offset 0) f`
      : 'select f.* from finding f';
  const those = order.of === 'finding_due' ? [] : among === null ? isDue(due) : [among];
  return `${from} ${conditions([...first, ...those, ...last])} ${inOrder}`;
}

export async function findFinding(db: Db, id: string): Promise<FindingRow | null> {
  const { rows } = await db.query<Row>(
    prepared(`with page as materialized (select * from finding where finding_id = $1) ${DETAILS}`, [id]),
  );
  const row = rows[0];
  return row === undefined ? null : rowOf(row);
}
