import type { ChineseGrade, FindingClass, Instant, ObjectionGround, State } from '@backcheck/core';
import { type OverlayNow, overlaysOf } from './overlays.ts';
import type { Tx } from './pool.ts';
import { ALSO, type Retested, retestsWaited } from './retest-waits.ts';

/**
 * Notices, retests, replies, proofs and decisions, by finding; the first three also of findings that were merged into it.
 * What was said to or by another organization, before the finding was handed over, is none of this one's.
 */
export interface Events {
  readonly notices: Map<string, { readonly at: string; readonly acknowledged: string | null }[]>;
  readonly retests: Map<string, Retested[]>;
  readonly replies: Map<string, ReplyEvent[]>;
  readonly starts: Map<string, string>;
  readonly classes: Map<string, ClassBefore>;
  readonly overlays: Map<string, OverlayNow>;
}

/** What a finding was about when it was determined last, in the cycle that began then. */
interface ClassBefore {
  readonly class: FindingClass;
  readonly cycle_start: Date;
}

export interface ReplyEvent {
  readonly kind: string;
  readonly state: string;
  readonly made: string;
  readonly decided: string | null;
  readonly until: string | null;
  /** Of an objection. */
  readonly ground: ObjectionGround | null;
  /** What an objection made of the grade. */
  readonly grade: ChineseGrade | null;
  /** Of a wish for more time: one of DELAY_REASONS. */
  readonly reason: string | null;
}

const NOTICES = `${ALSO}
select a.finding_id, jsonb_agg(jsonb_build_object('at', n.issued_at, 'acknowledged', r.at) order by n.issued_at) as events
from also a
join notice_finding f on f.finding_id = a.named
join notice n on n.organization_id = f.organization_id and n.notice_id = f.notice_id
left join lateral (select min(r.received_at) as at from notice_receipt r
  where r.organization_id = n.organization_id and r.notice_id = n.notice_id) r on true
where n.organization_id = $2 and n.issued_at is not null and n.state <> 'withdrawn' and n.kind in ('rectification', 'circular', 'inspection')
group by 1`;

const REPLIES = `${ALSO}
select a.finding_id, jsonb_agg(jsonb_build_object('kind', r.kind, 'state', r.state, 'made', r.made_at, 'decided', r.decided_at,
  'until', r.granted_until, 'ground', r.terms ->> 'ground', 'grade', r.granted_grade,
  'reason', r.terms ->> 'reason') order by r.made_at) as events
from also a
join reply_finding f on f.finding_id = a.named
join reply r on r.organization_id = f.organization_id and r.reply_id = f.reply_id
where r.organization_id = $2 and r.state <> 'withdrawn' group by 1`;

/**
 * A finding that came back began again when it was seen after its last proof. Where the proof is of another time than the
 * papers (scans taken in out of order) there is none, and the first sighting counts: the earlier one.
 */
const RETURNED = `
select f.finding_id, min(coalesce(v.finished_at, v.started_at, s.imported_at)) as start
from finding f
join lateral (select max(c.at) as proven from certificate c join supersession x
    on x.organization_id = c.organization_id and x.certificate_id = c.certificate_id and x.cause = 'regressed'
  where c.organization_id = f.organization_id and c.finding_id = f.finding_id) p on p.proven is not null
join sighting g on g.organization_id = f.organization_id and g.asset_id = f.asset_id and f.finding_id = any (g.finding_ids)
join visit v on v.organization_id = g.organization_id and v.scan_id = g.scan_id and v.visit_no = g.visit_no
join scan s on s.organization_id = g.organization_id and s.scan_id = g.scan_id and s.quarantined_at is null
where f.organization_id = $1 and f.finding_id = any ($2::bigint[])
  and coalesce(v.finished_at, v.started_at, s.imported_at) > p.proven
group by 1`;

/** Of findings that were merged into these while their own cycle ran: the earlier start stays. */
const ABSORBED_STARTS = `
select a.into_finding_id as finding_id, min(d.cycle_start) as start
from absorbed_finding a
join lateral (select d.cycle_start from finding_determination d
  where d.organization_id = a.organization_id and d.finding_id = a.finding_id and d.cause <> 'closed'
  order by d.determination_no desc limit 1) d on true
where a.into_finding_id = any ($1::bigint[]) group by 1`;

const CLASSES = `
select one as finding_id, d.facts #>> '{deadline,class}' as class, d.cycle_start
from unnest($2::bigint[]) one
join lateral (select * from finding_determination d where d.organization_id = $1 and d.finding_id = one
  order by d.determination_no desc limit 1) d on true`;

export async function eventsOf(
  tx: Tx,
  page: readonly { readonly finding_id: string; readonly state: State }[],
  { organizationId, now }: { readonly organizationId: number; readonly now: Instant },
): Promise<Events> {
  const ids = page.map((row) => row.finding_id);
  const returned = page.filter(({ state }) => state === 'regressed').map((row) => row.finding_id);
  const by = async <T>(query: string) => {
    const { rows } = await tx.query<{ finding_id: string; events: T[] }>(query, [ids, organizationId]);
    return new Map(rows.map(({ finding_id, events }) => [finding_id, events]));
  };
  const starts = await startsOf(tx, { organizationId, returned });
  return {
    notices: await by(NOTICES),
    retests: await retestsWaited(tx, { organizationId, findingIds: ids, starts, now }),
    replies: await by(REPLIES),
    starts,
    classes: await classesOf(tx, organizationId, ids),
    overlays: await overlaysOf(tx, { organizationId, findingIds: ids, now }),
  };
}

async function classesOf(tx: Tx, organizationId: number, ids: string[]): Promise<Events['classes']> {
  const { rows } = await tx.query<ClassBefore & { finding_id: string }>(CLASSES, [organizationId, ids]);
  return new Map(rows.map(({ finding_id, ...before }) => [finding_id, before]));
}

/** When the present cycle of each of these began, which were proven gone once and seen again. */
export async function startsOf(
  tx: Tx,
  of: { readonly organizationId: number; readonly returned: readonly string[] },
): Promise<Map<string, string>> {
  const starts = new Map<string, string>();
  const began = ({ finding_id, start }: { finding_id: string; start: Date }) => {
    const at = start.toISOString();
    const before = starts.get(finding_id);
    if (before === undefined || at < before) starts.set(finding_id, at);
  };
  if (of.returned.length > 0) {
    const { rows } = await tx.query(RETURNED, [of.organizationId, of.returned]);
    for (const row of rows) began(row);
    const absorbed = await tx.query(ABSORBED_STARTS, [of.returned]);
    for (const row of absorbed.rows) if (starts.has(row.finding_id)) began(row);
  }
  return starts;
}
