import type { Instant, NoticeKind, NoticeState, PaperLanguage, Sha256 } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import { NOTICE_TAG, type NoticeKey } from './notice-changes.ts';
import type { Db } from './pool.ts';
import { prepared } from './prepared.ts';
import { amongOrganizations, someOrganizations } from './scope.ts';

interface Text {
  readonly zh: string;
  readonly en: string;
}

/** Another notice of the same organization; its number is null for whoever may not read it. */
export interface OtherNotice {
  readonly id: string;
  readonly number: string | null;
}

/** A notice without its text. */
export interface NoticeRow {
  readonly id: string;
  readonly organizationId: number;
  readonly organization: {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly nameZh: string | null;
  };
  readonly kind: NoticeKind;
  readonly state: NoticeState;
  readonly language: PaperLanguage;
  readonly title: Text;
  readonly number: string | null;
  readonly sequence: number | null;
  /** Of those that the transaction sees. */
  readonly findings: number;
  readonly dueAt: Instant | null;
  /** Different ones of its findings; of more than one `dueAt` is the first. */
  readonly dueDates: number;
  readonly draftedBy: Signer | null;
  readonly draftedAt: Instant;
  readonly submittedAt: Instant | null;
  readonly approvedBy: Signer | null;
  readonly approvedAt: Instant | null;
  readonly issuedAt: Instant | null;
  readonly contentSha256: Sha256 | null;
  readonly refersTo: OtherNotice | null;
  readonly replaces: OtherNotice | null;
  readonly supersededBy: OtherNotice | null;
  readonly reason: string | null;
  readonly endedBy: Signer | null;
  readonly endedAt: Instant | null;
  readonly batchId: string | null;
  readonly receivedAt: Instant | null;
  readonly receipts: number;
  readonly copies: number;
}

const PERSON = (column: string): string =>
  `case when ${column} is not null then jsonb_build_object('id', ${column}::text, 'name', coalesce(account_name(${column}), '')) end`;

const OTHER = (
  column: string,
): string => `case when n.${column} is not null then jsonb_build_object('id', n.${column}::text, 'number',
  (select r.number from notice r where r.organization_id = n.organization_id and r.notice_id = n.${column})) end`;

/** Everything about the notices in `page`. */
const DETAILS = `
select n.notice_id::text as id, n.organization_id as "organizationId", n.kind, n.state, n.number, n.sequence, n.drafted_at, n.submitted_at, n.approved_at, n.issued_at, n.ended_at, n.reason,
  jsonb_build_object('id', o.organization_id::text, 'code', o.org_code, 'name', o.name, 'nameZh', o.name_zh) as organization,
  n.draft ->> 'language' as language, n.draft -> 'title' as title, encode(n.content_sha256, 'hex') as "contentSha256",
  n.notice_batch_id::text as "batchId", ${PERSON('n.drafted_by')} as "draftedBy", ${PERSON('n.approved_by')} as "approvedBy",
  ${PERSON('n.ended_by')} as "endedBy", ${OTHER('refers_to')} as "refersTo", ${OTHER('replaces')} as replaces,
  ${OTHER('superseded_by')} as "supersededBy", coalesce(n.due_at, f.due_at) as due_at, case when n.due_at is null then f.dates else 1 end as "dueDates", f.findings, n.received_at,
  (select count(*)::int from notice_receipt c where c.organization_id = n.organization_id and c.notice_id = n.notice_id) as receipts,
  (select count(*)::int from notice_copy c where c.organization_id = n.organization_id and c.notice_id = n.notice_id) as copies
from page n join organization o on o.organization_id = n.organization_id
cross join lateral (
  select count(*)::int as findings, min(m.due_at) as due_at, count(distinct m.due_at)::int as dates from notice_finding m
  where m.organization_id = n.organization_id and m.notice_id = n.notice_id) f`;

const MOMENTS = [
  'drafted_at',
  'submitted_at',
  'approved_at',
  'issued_at',
  'ended_at',
  'due_at',
  'received_at',
] as const;
type Moments = { readonly [name in (typeof MOMENTS)[number]]: Date | null };

interface Row
  extends Omit<
      NoticeRow,
      'draftedAt' | 'submittedAt' | 'approvedAt' | 'issuedAt' | 'endedAt' | 'dueAt' | 'receivedAt'
    >,
    Moments {
  readonly drafted_at: Date;
}

const instant = (time: Date | null): Instant | null => time?.toISOString() ?? null;

function rowOf(row: Row): NoticeRow {
  const { drafted_at, submitted_at, approved_at, issued_at, ended_at, due_at, received_at, ...rest } = row;
  return {
    ...rest,
    draftedAt: drafted_at.toISOString(),
    submittedAt: instant(submitted_at),
    approvedAt: instant(approved_at),
    issuedAt: instant(issued_at),
    endedAt: instant(ended_at),
    dueAt: instant(due_at),
    receivedAt: instant(received_at),
  };
}

export interface NoticeListFilter {
  readonly organizationId?: number | undefined;
  readonly kinds?: readonly NoticeKind[] | undefined;
  readonly states?: readonly NoticeState[] | undefined;
  /** Part of the number or of a title. */
  readonly q?: string | undefined;
  readonly batchId?: string | undefined;
  /** In the order of the numbers. */
  readonly seriesId?: string | undefined;
  readonly waitingForReceipt?: boolean | undefined;
  /** Of the last one of the page before: when it was drafted and its id, or its place in the series. */
  readonly after?: readonly [string, string] | undefined;
  readonly limit: number;
}

const escapeLike = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;

/** Kinds and states are closed lists of our own: as literals they let the planner take the partial indexes. */
const literals = (values: readonly string[]): string => values.map((one) => `'${one}'`).join(', ');

/** Latest first, or in the order of a series. */
export async function listNotices(db: Db, filter: NoticeListFilter): Promise<NoticeRow[]> {
  const values: unknown[] = [];
  const value = (one: unknown): string => `$${values.push(one)}`;
  const where: string[] = [];
  const { organizationId, kinds, states, q, batchId, seriesId, waitingForReceipt, after, limit } = filter;
  const some = organizationId === undefined ? await someOrganizations(db) : [organizationId];
  if (some !== null) {
    const [text, ids] = amongOrganizations(some, `$${values.length + 1}`);
    values.push(ids);
    where.push(`n.organization_id ${text}`);
  }
  if (kinds !== undefined) where.push(`n.kind in (${literals(kinds)})`);
  if (states !== undefined) where.push(`n.state in (${literals(states)})`);
  if (q !== undefined) where.push(`n.words like ${value(escapeLike(q))}`);
  if (batchId !== undefined) where.push(`n.notice_batch_id = ${value(batchId)}::int`);
  if (seriesId !== undefined) where.push(`n.notice_series_id = ${value(seriesId)}::int`);
  if (waitingForReceipt === true) where.push(`n.state = 'issued' and n.received_at is null`);
  if (after !== undefined)
    where.push(
      seriesId === undefined
        ? `(n.drafted_at, n.notice_id) < (${value(after[0])}::timestamptz, ${value(after[1])}::bigint)`
        : `n.sequence > ${value(after[0])}::int`,
    );
  const order =
    seriesId === undefined ? 'order by n.drafted_at desc, n.notice_id desc' : 'order by n.sequence';
  const conditions = where.length === 0 ? '' : `where ${where.join(' and ')}`;
  const { rows } = await db.query<Row>(
    prepared(
      // The keys first: a search finds them in notice_search alone.
      `with keys as materialized (select n.organization_id, n.notice_id from notice n ${conditions} ${order} limit ${value(limit)}),
         page as materialized (select n.* from keys join notice n using (organization_id, notice_id)) ${DETAILS} ${order}`,
      values,
    ),
  );
  return rows.map(rowOf);
}

export async function findNotice(db: Db, id: string): Promise<NoticeRow | null> {
  const { rows } = await db.query<Row>(
    prepared(`with page as materialized (select * from notice where notice_id = $1) ${DETAILS}`, [id]),
  );
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** Those that name the finding, latest first; of a finding that absorbed others, theirs too. */
export async function noticesOfFinding(db: Db, findingId: string, most: number): Promise<NoticeRow[]> {
  const order = 'order by n.drafted_at desc, n.notice_id desc';
  const { rows } = await db.query<Row>(
    prepared(
      `with page as materialized (
         select n.* from notice n where (n.organization_id, n.notice_id) in (
           select organization_id, notice_id from notice_finding where finding_id = $1 or finding_id in (
             select finding_id from absorbed_finding where into_finding_id = $1))
         ${order} limit $2) ${DETAILS} ${order}`,
      [findingId, most],
    ),
  );
  return rows.map(rowOf);
}

/** What it says. `frozen` and `content` are core's NoticeContent; `draft` is the contract's NoticeDraft. */
export interface NoticeWords {
  readonly organizationId: number;
  readonly draft: unknown;
  /** Since it was submitted. */
  readonly frozen: unknown;
  /** Since it was issued: the bytes that were hashed. */
  readonly content: string | null;
  readonly draftedBy: number | null;
  readonly approvedBy: number | null;
  /** Who drafted, changed or submitted it. */
  readonly hands: readonly number[];
  /** NOTICE_TAG, in hex. */
  readonly tag: Sha256;
}

export async function noticeWords(db: Db, id: string): Promise<NoticeWords | null> {
  const { rows } = await db.query<NoticeWords>(
    `select organization_id as "organizationId", draft, frozen, content, drafted_by as "draftedBy", approved_by as "approvedBy", hands,
       ${NOTICE_TAG} as tag
     from notice where notice_id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** Ids of its findings that the transaction sees. */
export async function findingsOfNotice(db: Db, id: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'select finding_id::text as id from notice_finding where notice_id = $1 order by finding_id',
    [id],
  );
  return rows.map((row) => row.id);
}

/** False: the transaction sees only systems of the organization, so not what a whole paper says. */
export async function seesOrganization(db: Db, organizationId: number): Promise<boolean> {
  const { rows } = await db.query<{ sees: boolean }>(
    `select current_user = 'backcheck_wide' or exists (select from visible_organization where organization_id = $1) as sees`,
    [organizationId],
  );
  return rows[0]?.sees === true;
}

/** True: the transaction inspects the organization, and so reads drafts. */
export async function readsDrafts(db: Db, organizationId: number): Promise<boolean> {
  const { rows } = await db.query<{ reads: boolean }>(
    `select current_user = 'backcheck_wide' or exists (select from coordinated_organization where organization_id = $1) as reads`,
    [organizationId],
  );
  return rows[0]?.reads === true;
}

export interface NoticeLedgerRow {
  /** Position in the ledger of the organization. */
  readonly seq: number;
  /** Of the entry, hex. */
  readonly hash: Sha256;
  /** Of the content, as the ledger has it. */
  readonly contentSha256: Sha256;
}

/** The entry that was written when it was issued. Null: it was not. */
export async function ledgerOfNotice(
  db: Db,
  { organizationId, noticeId, issuedAt }: NoticeKey & { readonly issuedAt: Instant },
): Promise<NoticeLedgerRow | null> {
  const { rows } = await db.query<NoticeLedgerRow>(
    `select e.seq, encode(e.hash, 'hex') as hash, l.record::jsonb ->> 'contentSha256' as "contentSha256"
     from ledger e join ledger_leaf l on l.organization_id = e.organization_id and l.seq = e.seq and l.leaf_index = 0
     where e.organization_id = $1 and e.entry ->> 'kind' = 'decision' and e.entry ->> 'at' = $2
       and l.record::jsonb @> jsonb_build_object('kind', 'notice-issued', 'notice', $3::text)`,
    [organizationId, issuedAt, noticeId],
  );
  return rows[0] ?? null;
}

export interface NoticeSeriesRow {
  readonly id: string;
  readonly organizationId: number | null;
  readonly kind: NoticeKind;
  readonly year: number;
  readonly issued: number;
  readonly void: number;
}

/** The register of numbers, latest year first. `void`: of notices that the transaction sees. */
export async function listNoticeSeries(db: Db): Promise<NoticeSeriesRow[]> {
  const { rows } = await db.query<NoticeSeriesRow>(
    `select s.notice_series_id::text as id, s.organization_id as "organizationId", s.kind, s.year, s.next - 1 as issued,
       (select count(*)::int from notice n where n.notice_series_id = s.notice_series_id and n.sequence is not null and n.state = 'withdrawn') as void
     from notice_series s where s.next > 1 order by s.year desc, s.organization_id nulls first, s.kind limit 1000`,
  );
  return rows;
}

export interface NoticeCopyRow {
  readonly no: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: Sha256;
  readonly note: string | null;
  readonly addedBy: Signer;
  readonly addedAt: Instant;
}

export async function listNoticeCopies(db: Db, noticeId: string): Promise<NoticeCopyRow[]> {
  const { rows } = await db.query<Omit<NoticeCopyRow, 'addedAt'> & { readonly addedAt: Date }>(
    `select c.copy_no as no, c.file_name as "fileName", c.size_bytes::float8 as "sizeBytes", encode(c.sha256, 'hex') as sha256, c.note,
       ${PERSON('c.added_by')} as "addedBy", c.added_at as "addedAt"
     from notice_copy c where c.notice_id = $1 order by c.copy_no`,
    [noticeId],
  );
  return rows.map((row) => ({ ...row, addedAt: row.addedAt.toISOString() }));
}
