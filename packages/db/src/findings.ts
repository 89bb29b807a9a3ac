import {
  type DecidedOverlay,
  type Decision,
  decidedOverlay,
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
import type { Db } from './pool.ts';
import { prepared } from './prepared.ts';
import { fewOrganizations } from './scope.ts';

export interface FindingRow {
  readonly id: string;
  readonly organization: { readonly id: string; readonly name: string };
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
  readonly overlay: Exclude<DecidedOverlay, 'none'> | null;
  readonly reason: Reason | null;
  /** SHA-256 of the scan file, hex. */
  readonly reasonScan: string | null;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  readonly stateSince: Instant;
  readonly certificateId: string | null;
  readonly problem: ProblemCounts;
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

export type FindingSort = '-severity' | 'severity' | '-age' | 'age' | 'lastChange';

export interface FindingFilter {
  readonly organizationId?: string | undefined;
  readonly state?: readonly State[] | undefined;
  readonly severity?: readonly Severity[] | undefined;
  /** Full name of a check. */
  readonly check?: string | undefined;
  /** Value of any identifier. */
  readonly asset?: string | undefined;
  /** Part of title, check, asset or CVE. */
  readonly q?: string | undefined;
  /** One row for each problem: of its findings that match the filter one that is not closed, the worst, the oldest by id. */
  readonly groupBy?: 'problem' | 'check' | undefined;
  readonly sort: FindingSort;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** What a page is ordered by, always with the id behind it; each has its index in 0001_walk.sql. */
const ORDERS: Record<
  FindingSort,
  { readonly column: string; readonly type: string; readonly direction: 'asc' | 'desc' }
> = {
  '-severity': { column: 'severity', type: 'smallint', direction: 'desc' },
  severity: { column: 'severity', type: 'smallint', direction: 'asc' },
  '-age': { column: 'first_seen', type: 'timestamptz', direction: 'asc' },
  age: { column: 'first_seen', type: 'timestamptz', direction: 'desc' },
  lastChange: { column: 'changed_at', type: 'timestamptz', direction: 'desc' },
};

/** The cursor does not belong to this list. */
export class BadCursor extends Error {}

/** Checked by hand: a value of another type would be a fault of the database, not a refusal. */
function readCursor(cursor: string, sort: FindingSort): [string, string] {
  const [value = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const fits = ORDERS[sort].column === 'severity' ? /^[0-4]$/.test(value) : !Number.isNaN(Date.parse(value));
  if (!fits || !/^\d{1,18}$/.test(id)) throw new BadCursor(cursor);
  return [value, id];
}

function writeCursor(value: string, id: string): string {
  return Buffer.from(`${value} ${id}`).toString('base64url');
}

const escapeLike = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

class Conditions {
  readonly texts: string[] = [];
  readonly values: unknown[] = [];

  /** `text` has `?` where the value stands. */
  add(text: string, value: unknown): void {
    this.values.push(value);
    this.texts.push(text.replaceAll('?', `$${this.values.length}`));
  }
}

function conditionsOf(filter: FindingFilter): Conditions {
  const where = new Conditions();
  if (filter.organizationId !== undefined) where.add('f.organization_id = ?::int', filter.organizationId);
  if (filter.state !== undefined) where.add('f.state = any (?::text[])', filter.state);
  if (filter.severity !== undefined)
    where.add('f.severity = any (?::smallint[])', filter.severity.map(severityCode.encode));
  if (filter.check !== undefined)
    where.add('f.check_id = (select check_id from check_definition where name = ?)', filter.check);
  if (filter.asset !== undefined) {
    where.add(
      'f.asset_id in (select asset_id from asset where identifiers @> jsonb_build_array(jsonb_build_object($$value$$, ?::text)))',
      filter.asset,
    );
  }
  if (filter.q !== undefined) {
    where.add(
      `(f.description_id in (select description_id from description where title ilike ? or array_to_string(cve, ' ') ilike ?)
        or f.check_id in (select check_id from check_definition where name ilike ?)
        or f.asset_id in (select asset_id from asset where identity ilike ?))`,
      escapeLike(filter.q),
    );
  }
  return where;
}

/**
 * No finding of the same problem that matches the filter comes before this one: what is not closed, then the worse, then
 * the older. Read off finding_by_problem.
 */
const leads = ({ texts }: Conditions): string => `not exists (
  select from finding b where b.organization_id = f.organization_id and b.asset_id = f.asset_id and b.problem = f.problem
    and case when (b.state = 'verified-fixed') <> (f.state = 'verified-fixed') then f.state = 'verified-fixed'
      else b.severity > f.severity or b.severity = f.severity and b.finding_id < f.finding_id end
    ${texts.map((text) => `and ${text.replaceAll(/\bf\./g, 'b.')}`).join(' ')})`;

/**
 * Everything about the findings in `page`. When no scan of the tool tried at the asset, the reason is read
 * off the latest one that should have met it: stored, it would have to be rewritten on every finding by every scan.
 */
const DETAILS = `
select f.*, o.name as organization_name, a.identifiers, k.name as check, d.title, d.cve, l.last_seen,
  encode(coalesce(s.sha256, e.sha256), 'hex') as reason_sha256, coalesce(f.reason, e.reason) as shown_reason,
  p.findings, p.open, p.tools, now() as now, x.decisions,
  (select w.at from certificate w where w.organization_id = f.organization_id and w.certificate_id = f.certificate_id) as proven_absent
from page f
join organization o on o.organization_id = f.organization_id
join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
join check_definition k on k.check_id = f.check_id
join description d on d.description_id = f.description_id
cross join lateral (
  select max(coalesce(v.finished_at, c.imported_at)) as last_seen
  from sighting g
  join visit v on v.organization_id = g.organization_id and v.scan_id = g.scan_id and v.visit_no = g.visit_no
  join scan c on c.organization_id = g.organization_id and c.scan_id = g.scan_id
  where g.organization_id = f.organization_id and g.asset_id = f.asset_id and f.finding_id = any (g.finding_ids) and c.quarantined_at is null) l
cross join lateral (
  select count(*)::int as findings, count(*) filter (where g.state <> 'verified-fixed')::int as open, count(distinct w.prefix)::int as tools
  from finding g join check_definition w on w.check_id = g.check_id
  where g.organization_id = f.organization_id and g.asset_id = f.asset_id and g.problem = f.problem) p
left join lateral (
  select jsonb_agg(jsonb_build_object('kind', x.kind, 'decidedAt', x.decided_at, 'expiresAt', x.expires_at)) as decisions
  from decision x where x.finding_id = f.finding_id and x.organization_id = f.organization_id) x on true
left join scan s on s.organization_id = f.organization_id and s.scan_id = f.reason_scan_id
left join lateral (
  select c.sha256, case when c.complete and not c.truncated then ${reasonCode.encode('NO_HOST')} else ${reasonCode.encode('INCOMPLETE')} end as reason
  from scan c
  where f.reason is null and f.state <> 'verified-fixed' and c.organization_id = f.organization_id and c.quarantined_at is null and not c.handed_over
    and (k.prefix = c.tool or starts_with(k.prefix, c.tool || '-')) and coalesce(c.started_at, c.imported_at) > l.last_seen
    and (c.assets <> 1 or c.assets_reached = 0)
    and not exists (select from visit v where v.organization_id = c.organization_id and v.scan_id = c.scan_id and v.asset_id = f.asset_id)
  order by coalesce(c.started_at, c.imported_at) desc, c.sha256 desc limit 1) e on true`;

interface Row {
  readonly finding_id: string;
  readonly organization_id: number;
  readonly organization_name: string;
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
}

function rowOf(row: Row): FindingRow {
  return {
    id: row.finding_id,
    organization: { id: `${row.organization_id}`, name: row.organization_name },
    asset: { id: row.asset_id, identifiers: row.identifiers },
    transport: transportCode.decode(row.transport),
    port: row.port,
    check: row.check,
    locus: row.locus,
    title: row.title,
    severity: severityCode.decode(row.severity),
    cve: row.cve,
    state: row.state,
    overlay: overlayOf(row),
    reason: row.shown_reason === null ? null : reasonCode.decode(row.shown_reason),
    reasonScan: row.reason_sha256,
    firstSeen: row.first_seen.toISOString(),
    lastSeen: (row.last_seen ?? row.first_seen).toISOString(),
    stateSince: row.changed_at.toISOString(),
    certificateId: row.certificate_id,
    problem: {
      key: `${row.asset_id}:${row.problem}`,
      title: equivalenceOf(row)?.title ?? null,
      findings: row.findings,
      open: row.open,
      tools: row.tools,
    },
  };
}

/** No decision is of the future: where the clocks of server and database differ, the later one counts. */
function overlayOf({ decisions, last_seen, first_seen, proven_absent, now }: Row): FindingRow['overlay'] {
  if (decisions === null) return null;
  const decided = decisions.map(
    ({ kind, decidedAt, expiresAt }): Decision => ({
      kind,
      decidedAt: new Date(decidedAt).toISOString(),
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    }),
  );
  const moments = {
    lastSeen: (last_seen ?? first_seen).toISOString(),
    provenAbsent: proven_absent?.toISOString() ?? null,
  };
  const [latest = ''] = [now.toISOString(), ...decided.map(({ decidedAt }) => decidedAt)].sort().reverse();
  const overlay = decidedOverlay(decided, moments, latest);
  return overlay === 'none' ? null : overlay;
}

function sortValue(row: Row, sort: FindingSort): string {
  if (ORDERS[sort].column === 'severity') return `${row.severity}`;
  return (ORDERS[sort].column === 'first_seen' ? row.first_seen : row.changed_at).toISOString();
}

/**
 * One page, by keyset: page 10,000 costs what page 1 costs.
 * @throws BadCursor when the cursor was not made by this list.
 */
export async function listFindings(
  db: Db,
  filter: FindingFilter,
): Promise<{ items: FindingRow[]; nextCursor: string | null }> {
  const { column, type, direction } = ORDERS[filter.sort];
  const where = conditionsOf(filter);
  const few = filter.organizationId === undefined ? await fewOrganizations(db) : null;
  // One is said as one: the planner takes any list for ten.
  if (few?.length === 1) where.add('f.organization_id = ?::int', few[0]);
  else if (few !== null) where.add('f.organization_id = any (?::int[])', few);
  if (filter.groupBy === 'problem') where.texts.push(leads(where));
  if (filter.cursor !== undefined) {
    const [value, id] = readCursor(filter.cursor, filter.sort);
    where.values.push(value, id);
    const [v, i] = [where.values.length - 1, where.values.length];
    where.texts.push(
      `(f.${column}, f.finding_id) ${direction === 'asc' ? '>' : '<'} ($${v}::${type}, $${i}::bigint)`,
    );
  }
  where.values.push(filter.limit + 1);
  const order = `order by f.${column} ${direction}, f.finding_id ${direction}`;
  const conditions = where.texts.length === 0 ? '' : `where ${where.texts.join(' and ')}`;
  const { rows } = await db.query<Row>(
    prepared(
      `with page as materialized (select f.* from finding f ${conditions} ${order} limit $${where.values.length}) ${DETAILS} ${order}`,
      where.values,
    ),
  );
  const shown = rows.slice(0, filter.limit);
  const last = shown.at(-1);
  const more = rows.length > filter.limit && last !== undefined;
  return {
    items: shown.map(rowOf),
    nextCursor: more ? writeCursor(sortValue(last, filter.sort), last.finding_id) : null,
  };
}

export async function findFinding(db: Db, id: string): Promise<FindingRow | null> {
  const { rows } = await db.query<Row>(
    prepared(`with page as materialized (select * from finding where finding_id = $1) ${DETAILS}`, [id]),
  );
  const row = rows[0];
  return row === undefined ? null : rowOf(row);
}

/** Another finding of the same problem. */
export interface SiblingRow {
  readonly id: string;
  readonly check: string;
  readonly locus: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: State;
}

/** More than a problem has in practice; a hostile file may name one CVE at every place. */
const MOST_SIBLINGS = 100;

/** The other findings of the finding's problem, worst first. Empty when there is no such finding. */
export async function listSiblings(db: Db, findingId: string): Promise<SiblingRow[]> {
  const { rows } = await db.query<Omit<SiblingRow, 'severity'> & { readonly severity: number }>(
    `select s.finding_id as id, k.name as check, s.locus, d.title, s.severity, s.state
     from finding f
     join finding s on s.organization_id = f.organization_id and s.asset_id = f.asset_id and s.problem = f.problem
     join check_definition k on k.check_id = s.check_id
     join description d on d.description_id = s.description_id
     where f.finding_id = $1 and s.finding_id <> f.finding_id
     order by s.severity desc, s.finding_id limit ${MOST_SIBLINGS}`,
    [findingId],
  );
  return rows.map((row) => ({ ...row, severity: severityCode.decode(row.severity) }));
}
