import {
  equivalenceOf,
  type Instant,
  type NoticeKind,
  PRIORITIES,
  type Priority,
  type ReplyKind,
  type Severity,
  type Text,
} from '@backcheck/core';
import { severityCode } from './codes.ts';
import { FIRST_NOTICES, NAMED } from './notice-findings.ts';
import type { Db } from './pool.ts';
import { prepared, preparedPage } from './prepared.ts';
import { REVIEW_DUE } from './replies.ts';
import { amongOrganizations, FEW_ORGANIZATIONS, someOrganizations } from './scope.ts';

interface OrganizationNames {
  readonly id: string;
  readonly name: string;
  readonly nameZh: string | null;
}

/** A finding with its date. */
export interface DueRow {
  readonly id: string;
  readonly organization: OrganizationNames;
  readonly asset: string;
  readonly title: string;
  /** What the product calls it, where it has a name for it. */
  readonly name: Text | null;
  readonly severity: Severity;
  readonly priority: Priority;
  readonly dueAt: Instant;
  readonly paused: boolean;
}

/** Something that waits for somebody. */
export interface WaitingRow {
  readonly kind: WaitingKind;
  readonly id: string;
  /** Null: everybody. */
  readonly organization: OrganizationNames | null;
  readonly what: string | null;
  readonly replyKind: ReplyKind | null;
  readonly noticeKind: NoticeKind | null;
  readonly since: Instant;
  /** How many findings it stands for, where it stands for several. */
  readonly findings: number | null;
  readonly place: WaitingPlace;
}

/** Where a row stands in the order of its list: no two have the same. */
export interface WaitingPlace {
  /** `since` in microseconds since 1970. */
  readonly at: string;
  readonly kind: string;
  readonly no: string;
}

export interface WorkScope {
  /** Null: all that the transaction sees. */
  readonly organizationIds: readonly number[] | null;
  readonly now: Date;
}

/** The one that was asked for, or the caller's where they are not too many to be named. */
export async function workScope(db: Db, organizationId: string | undefined, now: Date): Promise<WorkScope> {
  const organizationIds =
    organizationId === undefined ? await someOrganizations(db) : [Number(organizationId)];
  return { organizationIds, now };
}

/**
 * Of a finding that is in the list; while a clock stands still nothing is overdue (docs/deadlines.md). A day's deadline is the
 * midnight after it, so the bounds are told apart by the millisecond.
 */
const DUE = {
  overdue: 'u.due_order <= $1 and u.paused is null',
  'due-soon': `u.due_order > $1 and u.due_order <= $1::timestamptz + interval '7 days'`,
} as const;

const due = (
  list: keyof typeof DUE,
  { now, organizationIds }: WorkScope,
): { readonly text: string; readonly values: unknown[] } => {
  const text = `select u.* from finding_due u where ${DUE[list]}`;
  // The condition names the organizations only where they are not too many: one plan cannot serve both.
  if (organizationIds === null) return { text, values: [now] };
  const [among, ids] = amongOrganizations(organizationIds, '$2');
  // With a lower bound, though it says nothing, few rows are expected of an organization and many of all: else each page is planned anew.
  return {
    text: `${text} and u.organization_id ${among} and u.due_order > '-infinity'`,
    values: [now, ids],
  };
};

/** Counted to `most` + 1. */
export async function countDue(
  db: Db,
  list: 'due-soon' | 'overdue',
  scope: WorkScope,
  most: number,
): Promise<number> {
  const { text, values } = due(list, scope);
  const { rows } = await db.query<{ count: number }>(
    prepared(`select count(*)::int as count from (${text} limit ${most + 1}) p`, values),
  );
  return rows[0]?.count ?? 0;
}

/** Earliest first. */
export async function listDue(
  db: Db,
  list: 'due-soon' | 'overdue',
  scope: WorkScope,
  limit: number,
): Promise<DueRow[]> {
  const { organizationIds } = scope;
  // A page of many organizations is read off the order of all dates sooner than put together from theirs.
  const few = organizationIds !== null && organizationIds.length <= FEW_ORGANIZATIONS;
  const { text, values } = due(list, few ? scope : { ...scope, organizationIds: null });
  const { rows } = await db.query<{
    readonly id: string;
    readonly organization: OrganizationNames;
    readonly asset: string;
    readonly check: string;
    readonly locus: string;
    readonly title: string;
    readonly severity: number;
    readonly priority: number;
    readonly due_at: Date;
    readonly paused: boolean;
  }>(
    preparedPage(
      limit,
      `with page as materialized (${text} order by u.due_order, u.finding_id limit ${limit})
       select u.finding_id as id, ${ORGANIZATION} as organization, coalesce(a.identifiers -> 0 ->> 'value', a.identity) as asset, k.name as check, f.locus, d.title, f.severity, u.priority, u.due_at,
         u.paused is not null as paused
       from page u
       join finding f on f.organization_id = u.organization_id and f.finding_id = u.finding_id
       join organization o on o.organization_id = u.organization_id
       join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
       join description d on d.description_id = f.description_id
       join check_definition k on k.check_id = f.check_id
       order by u.due_order, u.finding_id`,
      values,
    ),
  );
  return rows.map(({ due_at, severity, priority, check, locus, ...row }) => ({
    ...row,
    name: equivalenceOf({ check, locus })?.title ?? null,
    severity: severityCode.decode(severity),
    priority: PRIORITIES[priority] ?? 'defer',
    dueAt: due_at.toISOString(),
  }));
}

const ORGANIZATION = `jsonb_build_object('id', o.organization_id::text, 'name', o.name, 'nameZh', o.name_zh)`;

const URGENT = severityCode.encode('high');

/** A batch waits as one: of its notices those do that were not approved with it, or are left when it was issued. */
const NO_LONGER_IN_BATCH = (past: string): string =>
  `(notice_batch_id is null or exists (select from notice_batch b where b.notice_batch_id = notice.notice_batch_id and b.${past} is not null))`;

/**
 * What a row of each kind is read from; `s` has organization_id, no, id, what, reply_kind, notice_kind, since, findings. No two rows
 * of a kind have the same `no`.
 */
const SOURCES = {
  // one row for each organization: off finding_due_untold
  unnoticed: `select u.organization_id, u.organization_id, u.organization_id, null::text, null::text, null::text, min(f.first_seen), count(*)::int
    from finding_due u join finding f on f.organization_id = u.organization_id and f.finding_id = u.finding_id
    where u.turn = 'us' and u.waived is null and u.grade >= ${URGENT} and not ${NAMED(FIRST_NOTICES)} group by u.organization_id`,
  reply: `select organization_id, reply_id, reply_id, null, kind, null, made_at, null
    from reply where state in ('made', 'opinion') and kind not in ('plan')`,
  review: `select organization_id, reply_id, reply_id, null, kind, null, review_at, null from reply where ${REVIEW_DUE}`,
  signature: `select organization_id, reply_id, reply_id, null, kind, null, made_at, null from reply where state = 'drafted'`,
  'batch-to-approve': `select organization_id, notice_batch_id, notice_batch_id, title, null, kind, drafting_finished_at, null
    from notice_batch where drafting_finished_at is not null and approved_at is null and discarded_at is null`,
  'batch-to-issue': `select organization_id, notice_batch_id, notice_batch_id, title, null, kind, approved_at, null
    from notice_batch where approved_at is not null and issue_queued_at is null and discarded_at is null`,
  'notice-to-approve': `select organization_id, notice_id, notice_id, draft ->> 'title', null, kind, submitted_at, null
    from notice where state = 'submitted' and ${NO_LONGER_IN_BATCH('approved_at')}`,
  'notice-to-issue': `select organization_id, notice_id, notice_id, draft ->> 'title', null, kind, approved_at, null
    from notice where state = 'approved' and ${NO_LONGER_IN_BATCH('finished_at')}`,
  delivery: `select d.organization_id, d.notice_delivery_id, d.notice_id, n.number || ' · ' || d.recipient, null, n.kind, d.queued_at, null
    from notice_delivery d join notice n using (organization_id, notice_id)
    where d.state in ('unconfirmed', 'bounced', 'failed') and n.state = 'issued' and n.received_at is null`,
  escalation: `select e.organization_id, e.escalation_id, coalesce(e.notice_made, e.notice_id),
      n.number, null, n.kind, e.changed_at, null
    from escalation e join notice n using (organization_id, notice_id) where e.state = 'proposed'`,
  retest: `select organization_id, retest_id, retest_id, null, null, null, requested_at, null
    from retest where state in ('waiting', 'running') and origin = 'request'`,
  receipt: `select n.organization_id, n.notice_id, n.notice_id, n.number, null, n.kind, n.issued_at, null
    from notice n where n.state = 'issued' and n.received_at is null`,
  inconclusive: latestOutcome('inconclusive'),
  returned: latestOutcome('still-present'),
} as const;
export type WaitingKind = keyof typeof SOURCES;

/**
 * Findings whose latest retest that an organization asked for ended so within the last sixty days, and which are open. In the
 * order of the list before the findings are looked up, by `offset 0` one by one: of a page and not of all.
 */
function latestOutcome(outcome: 'inconclusive' | 'still-present'): string {
  return `select q.organization_id, q.finding_id, q.finding_id, (select d.title from description d where d.description_id = f.description_id), null, null, q.ended_at, null
    from (select organization_id, finding_id, ended_at from retest_finding
      where outcome = '${outcome}' and ended_at > now() - interval '60 days' and not asked_again order by ended_at, finding_id) q
    cross join lateral (
      select f.description_id from finding f
      where f.organization_id = q.organization_id and f.finding_id = q.finding_id and f.state <> 'verified-fixed' offset 0) f`;
}

/** Each kind has its own bound, so that it is read in the order of an index and only so far. */
const waiting = (kinds: readonly WaitingKind[], condition: string, bound: string): string =>
  kinds
    .map(
      (kind) =>
        `(select w.* from (select '${kind}' collate "C" as kind, s.*
            from (${SOURCES[kind]}) s (organization_id, no, id, what, reply_kind, notice_kind, since, findings)) w
          where ${condition} ${bound})`,
    )
    .join(' union all ');

function whose({ organizationIds }: WorkScope): readonly [string, unknown[]] {
  if (organizationIds === null) return ['true', []];
  const [among, ids] = amongOrganizations(organizationIds, '$1');
  return [`w.organization_id ${among}`, [ids]];
}

/** Of all kinds together, counted to `most` + 1: what is more is not looked for. */
export async function countWaiting(
  db: Db,
  kinds: readonly WaitingKind[],
  scope: WorkScope,
  most: number,
): Promise<number> {
  const [condition, values] = whose(scope);
  const { rows } = await db.query<{ count: number }>(
    prepared(
      `select count(*)::int as count from (${waiting(kinds, condition, '')} limit ${most + 1}) w`,
      values,
    ),
  );
  return rows[0]?.count ?? 0;
}

/** Those that wait longest first, one more than `limit` where there are more; `after`: the last place of the page before. */
export async function listWaiting(
  db: Db,
  kinds: readonly WaitingKind[],
  scope: WorkScope,
  { after, limit }: { readonly after?: WaitingPlace | undefined; readonly limit: number },
): Promise<WaitingRow[]> {
  const [condition, values] = whose(scope);
  const conditions = [condition];
  if (after !== undefined) {
    const first = values.push(after.at, after.kind, after.no) - 2;
    conditions.push(
      `(w.since, w.kind, w.no) > ('epoch'::timestamptz + $${first}::bigint * interval '1 microsecond', $${first + 1}::text, $${first + 2}::bigint)`,
    );
  }
  const order = (of: string) => `order by ${of} limit ${limit + 1}`;
  const { rows } = await db.query<Omit<WaitingRow, 'since'> & { readonly since: Date }>(
    preparedPage(
      limit,
      `with page as materialized (
         select * from (${waiting(kinds, conditions.join(' and '), order('since, no'))}) w ${order('since, kind, no')})
       select w.kind, w.id::text as id, w.what, w.reply_kind as "replyKind", w.notice_kind as "noticeKind", w.since, w.findings,
         case when o.organization_id is not null then ${ORGANIZATION} end as organization,
         jsonb_build_object('at', (extract(epoch from w.since) * 1000000)::bigint::text, 'kind', w.kind, 'no', w.no::text) as place
       from page w left join organization o on o.organization_id = w.organization_id order by w.since, w.kind, w.no`,
      values,
    ),
  );
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

/**
 * Whom to call at each of these organizations, by its id: of the contacts with a telephone that are valid today the 24x7 duty, else
 * the first in their order. Organizations without any are left out.
 */
export async function contactsToCall(
  db: Db,
  organizationIds: readonly number[],
): Promise<ReadonlyMap<string, { readonly name: string; readonly phone: string }>> {
  if (organizationIds.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; name: string; phone: string }>(
    prepared(
      `select distinct on (organization_id) organization_id::text as id, name, coalesce(mobile, phone) as phone from contact
       where organization_id = any ($1::int[]) and coalesce(mobile, phone) is not null
         and current_date between coalesce(valid_from, '-infinity') and coalesce(valid_to, 'infinity')
       order by organization_id, role = 'duty-24x7' desc, position, contact_id`,
      [organizationIds],
    ),
  );
  return new Map(rows.map(({ id, ...call }) => [id, call]));
}
