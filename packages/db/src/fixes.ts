import {
  equivalenceOf,
  type Fix,
  type FixKind,
  fixOf,
  type Instant,
  type Priority,
  type Severity,
  type State,
  seenSubject,
  sharedSubject,
  type Text,
} from '@backcheck/core';
import { severityCode } from './codes.ts';
import { priorityAt } from './deadlines.ts';
import { CLAIMED, fixSourceOf, fixStandings, fixSums, idsOf } from './fix-standing.ts';
import type { Db, Tx } from './pool.ts';
import { prepared, preparedPage } from './prepared.ts';

/** Findings without a measure, or that went to another asset with it, in the order of their ids. */
const UNGROUPED = `
select f.finding_id as id, f.asset_id as "assetId", k.name as check, f.locus, d.title
from finding f
join check_definition k on k.check_id = f.check_id
join description d on d.description_id = f.description_id
where f.organization_id = $1 and f.finding_id > $2
  and not exists (select from finding_fix x where x.organization_id = f.organization_id and x.finding_id = f.finding_id and x.asset_id = f.asset_id)
order by f.finding_id limit $3`;

interface Ungrouped {
  readonly id: string;
  readonly assetId: string;
  readonly check: string;
  readonly locus: string;
  readonly title: string;
}

/** Findings of one statement. */
const BATCH = 5000;

/**
 * Gives the next findings of an organization that have none their measure, which stays theirs for good. Null: all have one. What is given back is
 * where to go on.
 */
export async function groupFixes(tx: Tx, organizationId: number, after: string): Promise<string | null> {
  const { rows } = await tx.query<Ungrouped>(UNGROUPED, [organizationId, after, BATCH]);
  const last = rows.at(-1);
  if (last === undefined) return null;
  const grouped = rows.map((row) => ({ row, fix: fixOf(row) }));
  await insertFixes(tx, [...new Map(grouped.map(({ fix }) => [fix.key, fix])).values()]);
  await tx.query(
    `insert into finding_fix (organization_id, finding_id, asset_id, fix_id)
     select $1, g.finding_id, g.asset_id, x.fix_id from unnest($2::bigint[], $3::bigint[], $4::text[]) g (finding_id, asset_id, key)
     join fix x on x.key_sha256 = sha256(convert_to(g.key, 'UTF8'))
     on conflict (organization_id, finding_id) do update set asset_id = excluded.asset_id`,
    [
      organizationId,
      grouped.map(({ row }) => row.id),
      grouped.map(({ row }) => row.assetId),
      grouped.map(({ fix }) => fix.key),
    ],
  );
  return rows.length < BATCH ? null : last.id;
}

/** Organizations with findings that have no measure yet, or went to another asset with it. */
export async function organizationsToGroup(db: Db): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `select o.organization_id as id from organization o where exists (
       select from finding f where f.organization_id = o.organization_id and not exists (
         select from finding_fix x where x.organization_id = f.organization_id and x.finding_id = f.finding_id and x.asset_id = f.asset_id))`,
  );
  return rows.map(({ id }) => id);
}

/** In the order of their keys, so that two imports with the same new ones do not wait for each other crosswise. */
async function insertFixes(tx: Tx, fixes: readonly Fix[]): Promise<void> {
  const sorted = [...fixes].sort((a, b) => (a.key < b.key ? -1 : 1));
  await tx.query(
    `insert into fix (key_sha256, key, kind, subject)
     select sha256(convert_to(key, 'UTF8')), key, kind, subject from unnest($1::text[], $2::text[], $3::jsonb[]) g (key, kind, subject)
     on conflict (key_sha256) do nothing`,
    [sorted.map(({ key }) => key), sorted.map(({ kind }) => kind), sorted.map(sharedSubject)],
  );
}

/** One measure, and how far it is in the organizations that are asked about. */
export interface FixRow extends FixCounts {
  readonly id: string;
  readonly kind: FixKind;
  /** As the titles of those of its findings say it that the caller sees. */
  readonly subject: Text;
  /** Those with a finding of it, and those where one is open. */
  readonly organizations: number;
  readonly openIn: number;
}

/** How far a measure is. */
export interface FixCounts {
  readonly findings: number;
  /** Not proven gone. */
  readonly open: number;
  /** Of the open ones those that somebody says are fixed. */
  readonly claimed: number;
  /** Closed by proof. */
  readonly proven: number;
  readonly assets: number;
  readonly worst: Severity;
  /** The most pressing of the open ones; null: nothing was determined of them. */
  readonly priority: Priority | null;
  /** The earliest of the open ones. */
  readonly dueAt: Instant | null;
}

/** Columns of `fix_standing`. */
interface Standing {
  readonly findings: number;
  readonly open: number;
  readonly claimed: number;
  readonly assets: number;
  readonly worst: number;
  readonly priority: number | null;
  readonly due_at: Date | null;
}

const countsOf = ({ findings, open, claimed, assets, worst, priority, due_at }: Standing): FixCounts => ({
  findings,
  open,
  claimed,
  proven: findings - open,
  assets,
  worst: severityCode.decode(worst),
  priority: priority === null ? null : priorityAt(priority),
  dueAt: due_at?.toISOString() ?? null,
});

interface Counted extends Standing {
  readonly id: string;
  readonly kind: FixKind;
  readonly key: string;
  readonly shared: Text;
  readonly organizations: number;
  readonly open_in: number;
  readonly first_title: string | null;
  readonly last_title: string | null;
}

const rowOf = (row: Counted): FixRow => ({
  id: row.id,
  kind: row.kind,
  subject: seenSubject(row, row.first_title, row.last_title),
  organizations: row.organizations,
  openIn: row.open_in,
  ...countsOf(row),
});

const named = (sums: string): string =>
  `select x.fix_id::text as id, x.kind, x.key, x.subject as shared, g.* from (${sums}) g join fix x on x.fix_id = g.fix_id`;
const ORDER = (of: string): string => `${of}open desc, ${of}due_at, ${of}findings desc, ${of}fix_id`;

/** Where a measure stands in the list. */
export type FixPlace = Pick<FixRow, 'open' | 'dueAt' | 'findings' | 'id'>;
const NEXT = `and open <= $2 and (open < $2 or coalesce(due_at, 'infinity') > coalesce($3::timestamptz, 'infinity')
  or coalesce(due_at, 'infinity') = coalesce($3::timestamptz, 'infinity') and (findings < $4 or findings = $4 and fix_id > $5::bigint))`;

/**
 * Of one organization, or of all that the caller sees: those with most open findings first, then the earliest date; from the
 * one after `after` on, `limit` and one more. `done`: those of which nothing is open.
 */
export async function listFixes(
  db: Db,
  organizationId: string | null,
  { done, after, limit }: { readonly done: boolean; readonly after: FixPlace | null; readonly limit: number },
): Promise<FixRow[]> {
  const source = await fixSourceOf(db, organizationId);
  const page = `select * from (${fixSums(source, 'true')}) p where open ${done ? '= 0' : '> 0'} ${after === null ? '' : NEXT}
    order by ${ORDER('')} limit ${limit + 1}`;
  const { rows } = await db.query<Counted>(
    preparedPage(limit, `${named(page)} order by ${ORDER('g.')}`, [
      idsOf(source),
      ...(after === null ? [] : [after.open, after.dueAt, after.findings, after.id]),
    ]),
  );
  return rows.map(rowOf);
}

/** Null: the caller sees no finding of it there. */
export async function findFix(db: Db, organizationId: string | null, fixId: string): Promise<FixRow | null> {
  const source = await fixSourceOf(db, organizationId);
  const { rows } = await db.query<Counted>(
    prepared(named(fixSums(source, 'fix_id = $2::bigint')), [idsOf(source), fixId]),
  );
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** How far a measure is in one organization. */
export interface FixOrganizationRow extends FixCounts {
  readonly organization: { readonly id: string; readonly name: string; readonly nameZh: string | null };
}

/** Of all that the caller sees those with most open findings first, then by id; from the one after `after` on. */
export async function listFixOrganizations(
  db: Db,
  {
    fixId,
    after,
    limit,
  }: {
    readonly fixId: string;
    readonly after: { readonly open: number; readonly id: number } | null;
    readonly limit: number;
  },
): Promise<FixOrganizationRow[]> {
  const source = await fixSourceOf(db, null);
  const { rows } = await db.query<Standing & { readonly organization: FixOrganizationRow['organization'] }>(
    prepared(
      `select s.*, jsonb_build_object('id', o.organization_id::text, 'name', o.name, 'nameZh', o.name_zh) as organization
       from (select * from (${fixStandings(source.from === 'nodes' ? { from: 'organizations', ids: null } : source, 'fix_id = $2::bigint')}) p
         ${after === null ? '' : 'where open <= $4 and (open < $4 or organization_id > $5::int)'}
         order by open desc, organization_id limit $3) s
       join organization o on o.organization_id = s.organization_id order by s.open desc, s.organization_id`,
      [
        source.from === 'findings' ? idsOf(source) : null,
        fixId,
        limit,
        ...(after === null ? [] : [after.open, after.id]),
      ],
    ),
  );
  return rows.map(({ organization, ...counts }) => ({ organization, ...countsOf(counts) }));
}

/** One finding of a measure. */
export interface FixFindingRow {
  readonly id: string;
  readonly asset: string;
  readonly port: number;
  readonly title: string;
  /** What the product calls it, where it has a name for it. */
  readonly name: Text | null;
  readonly severity: Severity;
  readonly state: State;
  readonly claimed: boolean;
  readonly certificateId: string | null;
  readonly dueAt: Instant | null;
}

/** Where a finding stands in the list of its measure. */
export interface FixFindingPlace {
  readonly proven: boolean;
  readonly dueAt: Instant | null;
  readonly id: string;
}

/** What is to be done first: the earliest date, what has none, what is proven gone; from the one after `after` on. */
export async function listFixFindings(
  db: Db,
  organizationId: string,
  {
    fixId,
    after,
    limit,
  }: { readonly fixId: string; readonly after: FixFindingPlace | null; readonly limit: number },
): Promise<FixFindingRow[]> {
  const { rows } = await db.query<
    Omit<FixFindingRow, 'severity' | 'dueAt' | 'name'> & {
      readonly check: string;
      readonly locus: string;
      readonly severity: number;
      readonly due_at: Date | null;
    }
  >(
    `select f.finding_id as id, coalesce(a.identifiers -> 0 ->> 'value', a.identity) as asset, f.port, k.name as check, f.locus, d.title, f.severity, f.state, f.certificate_id as "certificateId", u.due_at,
       ${CLAIMED} and f.state <> 'verified-fixed' as claimed
     from finding_fix m
     join finding f on f.organization_id = m.organization_id and f.finding_id = m.finding_id
     join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
     join description d on d.description_id = f.description_id
     join check_definition k on k.check_id = f.check_id
     left join finding_due u on u.organization_id = m.organization_id and u.finding_id = m.finding_id
     where m.organization_id = $1 and m.fix_id = $2::bigint
       and ($5::bigint is null or (f.state = 'verified-fixed', coalesce(u.due_at, 'infinity'), m.finding_id) > ($3::boolean, coalesce($4::timestamptz, 'infinity'), $5))
     order by f.state = 'verified-fixed', coalesce(u.due_at, 'infinity'), m.finding_id limit $6`,
    [organizationId, fixId, after?.proven ?? null, after?.dueAt ?? null, after?.id ?? null, limit],
  );
  return rows.map(({ severity, due_at, check, locus, ...row }) => ({
    ...row,
    name: equivalenceOf({ check, locus })?.title ?? null,
    severity: severityCode.decode(severity),
    dueAt: due_at?.toISOString() ?? null,
  }));
}
