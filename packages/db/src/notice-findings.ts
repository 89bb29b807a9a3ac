import {
  gradeOf,
  type Instant,
  type NoticeFinding,
  type NoticeKind,
  type RetestOutcome,
} from '@backcheck/core';
import { severityCode, transportCode } from './codes.ts';
import type { Db, Tx } from './pool.ts';

/** Which findings of an organization a notice is about; contract's NOTICE_FILTERS without `none`. */
export type FindingsToNotice =
  | 'open'
  | 'overdue'
  | 'overdue-unnoticed'
  | 'unnoticed'
  | 'unnoticed-urgent'
  | 'proven';

/** Not closed, and nobody bears the risk, calls it wrong or out of scope at `at`. Core's `decidedOverlay`, as far as a choice needs it. */
const STANDS = `f.state <> 'verified-fixed' and not exists (
  select from decision x where x.finding_id = f.finding_id and x.organization_id = f.organization_id
    and x.kind in ('accepted', 'false-positive', 'not-applicable') and x.decided_at <= $2
    and case when x.kind = 'accepted' then x.expires_at > $2 else coalesce(x.expires_at > $2, true) end
    and not exists (select from decision y where y.finding_id = x.finding_id and y.organization_id = x.organization_id
      and y.kind = 'revoked' and y.expires_at is null and y.decided_at >= x.decided_at and y.decided_at <= $2))`;

/** While a clock stands still nothing is overdue (docs/deadlines.md). */
const OVERDUE = `exists (
  select from finding_due d where d.organization_id = f.organization_id and d.finding_id = f.finding_id and d.due_at <= $2 and d.paused is null)`;

/** A notice that still stands names it; one from before it came back does not count. */
export const NAMED = (kinds: string): string => `exists (
  select from notice_finding m join notice n on n.organization_id = m.organization_id and n.notice_id = m.notice_id
  where m.finding_id = f.finding_id and m.organization_id = f.organization_id and n.state in ('submitted', 'approved', 'issued')
    and n.kind ${kinds} and (n.issued_at is null or f.state = 'open' or n.issued_at >= f.changed_at))`;

/** In the grade that the date is determined from: an objection may have changed it. What is merely information is no weakness. */
const GRADE = `coalesce((select d.grade from finding_due d where d.organization_id = f.organization_id and d.finding_id = f.finding_id),
  f.severity)`;
const WEAKNESS = `${GRADE} > ${severityCode.encode('info')}`;
const URGENT = `${GRADE} >= ${severityCode.encode('high')}`;

export const FIRST_NOTICES = `in ('rectification', 'circular', 'inspection')`;

/** `$1` organization, `$2` now, `$3` the kind of the notice. */
const CONDITIONS: Readonly<Record<FindingsToNotice, string>> = {
  open: STANDS,
  overdue: `${STANDS} and ${OVERDUE}`,
  'overdue-unnoticed': `${STANDS} and ${OVERDUE} and not ${NAMED('= $3')}`,
  unnoticed: `${STANDS} and ${WEAKNESS} and not ${NAMED(FIRST_NOTICES)}`,
  'unnoticed-urgent': `${STANDS} and ${URGENT} and not ${NAMED(FIRST_NOTICES)}`,
  proven: `f.state = 'verified-fixed' and not ${NAMED('= $3')}`,
};

/** Of the measure `parameter`, or of any. */
const MENDED_BY = (parameter: string): string => `(${parameter}::bigint is null or exists (
  select from finding_fix x where x.organization_id = f.organization_id and x.finding_id = f.finding_id and x.fix_id = ${parameter}))`;

export interface FindingChoice {
  readonly organizationId: number;
  readonly which: FindingsToNotice;
  /** Only what this measure mends. */
  readonly fixId?: string | null | undefined;
  /** Of the notice that will name them. */
  readonly kind: NoticeKind;
  readonly at: Date;
  readonly limit: number;
}

/** The worst first, then the oldest; `total` counts those beyond the limit too. */
export async function chooseFindings(
  db: Db,
  { organizationId, which, fixId = null, kind, at, limit }: FindingChoice,
): Promise<{ readonly ids: readonly string[]; readonly total: number }> {
  const { rows } = await db.query<{ id: string; total: number }>(
    `select f.finding_id::text as id, count(*) over ()::int as total from finding f
     where f.organization_id = $1 and $2::timestamptz is not null and $3::text is not null and ${MENDED_BY('$5')} and ${CONDITIONS[which]}
     order by f.severity desc, f.first_seen, f.finding_id limit $4`,
    [organizationId, at, kind, limit, fixId],
  );
  return { ids: rows.map(({ id }) => id), total: rows[0]?.total ?? 0 };
}

/** How many findings each of these organizations would be told about; those without any are left out. */
export async function countFindings(
  db: Db,
  {
    organizationIds,
    which,
    fixId = null,
    kind,
    at,
  }: Omit<FindingChoice, 'organizationId' | 'limit'> & { readonly organizationIds: readonly number[] },
): Promise<Map<number, number>> {
  const { rows } = await db.query<{ id: number; total: number }>(
    `select f.organization_id as id, count(*)::int as total from finding f
     where f.organization_id = any ($1::int[]) and $2::timestamptz is not null and $3::text is not null and ${MENDED_BY('$4')} and ${CONDITIONS[which]} group by 1`,
    [organizationIds, at, kind, fixId],
  );
  return new Map(rows.map(({ id, total }) => [id, total]));
}

/** Those of these findings that are proven gone by now, or whose risk is borne, or that were called wrong or out of scope. */
export async function settledFindings(
  db: Db,
  {
    organizationId,
    findingIds,
    at,
  }: { readonly organizationId: number; readonly findingIds: readonly string[]; readonly at: Date },
): Promise<{ readonly id: string; readonly asset: string; readonly place: string }[]> {
  if (findingIds.length === 0) return [];
  const { rows } = await db.query<Pick<Row, 'id' | 'asset' | 'transport' | 'port' | 'locus'>>(
    `select f.finding_id::text as id, a.identifiers -> 0 ->> 'value' as asset, f.transport, f.port, f.locus
     from finding f join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
     where f.organization_id = $1 and f.finding_id = any ($3::bigint[]) and not (${STANDS}) order by f.finding_id`,
    [organizationId, at, findingIds],
  );
  return rows.map(({ id, asset, transport, port, locus }) => ({
    id,
    asset,
    place: placeOf(transport, port, locus),
  }));
}

/** The findings that a retest has an outcome for. */
export async function findingsOfRetest(db: Db, organizationId: number, retestId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select x.finding_id::text as id from retest_finding x join retest r using (organization_id, retest_id)
     where x.organization_id = $1 and x.retest_id = $2 and r.finished_at is not null and x.outcome is not null order by 1`,
    [organizationId, retestId],
  );
  return rows.map(({ id }) => id);
}

/** A finding as a paper names it, without its date. */
export type NoticeFindingFacts = Omit<NoticeFinding, 'dueAt' | 'dueBasis'>;

/** What is stored of it: without what the product says of it. */
export interface StoredFindingFacts extends Omit<NoticeFindingFacts, 'name' | 'measure'> {
  readonly locus: string;
}

interface Row extends Omit<StoredFindingFacts, 'place' | 'grade' | 'firstSeen' | 'outcome'> {
  readonly transport: number;
  readonly port: number;
  readonly severity: number;
  readonly first_seen: Date;
  readonly outcome: RetestOutcome | null;
}

const FACTS = `
select f.finding_id::text as id, a.identifiers -> 0 ->> 'value' as asset, f.transport, f.port, f.locus, k.name as check, d.title, d.cve, coalesce(u.grade, f.severity) as severity,
  f.first_seen, f.certificate_id::text as "certificateId",
  case when f.state = 'verified-fixed' then 'proven' else (
    select x.outcome from retest_finding x join retest r using (organization_id, retest_id)
    where x.finding_id = f.finding_id and x.organization_id = f.organization_id and x.outcome is not null and r.finished_at is not null
    order by r.finished_at desc, r.retest_id desc limit 1) end as outcome
from finding f
join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
join check_definition k on k.check_id = f.check_id
join description d on d.description_id = f.description_id
-- the grade that the date is determined from: an objection may have changed it
left join finding_due u on u.organization_id = f.organization_id and u.finding_id = f.finding_id
where f.organization_id = $1 and f.finding_id = any ($2::bigint[])
order by coalesce(u.grade, f.severity) desc, f.first_seen, f.finding_id`;

/** What is there now of these findings of one organization, the worst first. Shorter than the list: some are not theirs. */
export async function noticeFindingFacts(
  db: Db,
  organizationId: number,
  findingIds: readonly string[],
): Promise<StoredFindingFacts[]> {
  if (findingIds.length === 0) return [];
  const { rows } = await db.query<Row>(FACTS, [organizationId, findingIds]);
  return rows.map(({ transport, port, severity, first_seen, ...row }) => ({
    ...row,
    place: placeOf(transport, port, row.locus),
    grade: gradeOf(severityCode.decode(severity)),
    firstSeen: first_seen.toISOString(),
  }));
}

/** "tcp 443", "tcp 443 /login"; a package or a file of the asset has no port. */
function placeOf(transport: number, port: number, locus: string): string {
  const where = port === 0 ? '' : `${transportCode.decode(transport)} ${port}`;
  return [where, locus].filter((part) => part !== '').join(' ');
}

/** Names the findings of a draft anew. Returns how many of them are there and of the organization. */
export async function nameFindings(
  tx: Tx,
  { organizationId, noticeId }: { readonly organizationId: number; readonly noticeId: string },
  findingIds: readonly string[],
): Promise<number> {
  await tx.query('delete from notice_finding where organization_id = $1 and notice_id = $2', [
    organizationId,
    noticeId,
  ]);
  if (findingIds.length === 0) return 0;
  const { rowCount } = await tx.query(
    `insert into notice_finding (organization_id, notice_id, finding_id, asset_id)
     select f.organization_id, $2, f.finding_id, f.asset_id from finding f
     where f.organization_id = $1 and f.finding_id = any ($3::bigint[])`,
    [organizationId, noticeId, findingIds],
  );
  return rowCount ?? 0;
}

/** The dates that a notice sets, before it is issued. */
export async function dateFindings(
  tx: Tx,
  { organizationId, noticeId }: { readonly organizationId: number; readonly noticeId: string },
  findings: readonly { readonly id: string; readonly dueAt: Instant | null }[],
): Promise<void> {
  if (findings.length === 0) return;
  await tx.query(
    `update notice_finding m set due_at = d.due_at
     from unnest($3::bigint[], $4::timestamptz[]) as d(finding_id, due_at)
     where m.organization_id = $1 and m.notice_id = $2 and m.finding_id = d.finding_id`,
    [organizationId, noticeId, findings.map(({ id }) => id), findings.map(({ dueAt }) => dueAt)],
  );
}
