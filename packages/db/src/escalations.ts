import type { EscalationStep, Instant, NoticeKind } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import type { Db, Tx } from './pool.ts';
import { prepared } from './prepared.ts';

const UTC = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export type EscalationState = 'planned' | 'proposed' | 'done' | 'dismissed' | 'needless';

export interface EscalationRow {
  readonly id: string;
  readonly step: EscalationStep;
  readonly plannedAt: Instant;
  readonly dueAt: Instant;
  readonly state: EscalationState;
  readonly changedAt: Instant | null;
  /** Null: the clock. */
  readonly changedBy: Signer | null;
  readonly reason: string | null;
  readonly noticeMade: string | null;
}

const ROW = `e.escalation_id::text as id, e.step, ${UTC('e.planned_at')} as "plannedAt", ${UTC('e.due_at')} as "dueAt", e.state, ${UTC('e.changed_at')} as "changedAt",
  case when e.changed_by is not null then jsonb_build_object('id', e.changed_by::text, 'name', coalesce(account_name(e.changed_by), '')) end as "changedBy",
  e.reason, e.notice_made::text as "noticeMade"`;

/** Those of the first date first. */
export async function listEscalations(db: Db, noticeId: string): Promise<EscalationRow[]> {
  const { rows } = await db.query<EscalationRow>(
    `select ${ROW} from escalation e join notice n using (organization_id, notice_id) where n.notice_id = $1
     order by e.due_at, e.planned_at, e.escalation_id`,
    [noticeId],
  );
  return rows;
}

/** Which notice a rung belongs to. */
export interface Ladder {
  readonly organizationId: number;
  readonly noticeId: string;
}

/** These notices have a ladder; its rungs are planned as soon as their findings have dates. */
export async function wantLadders(tx: Tx, ladders: readonly Ladder[]): Promise<void> {
  await tx.query(
    `insert into ladder_finding (organization_id, notice_id, finding_id)
     select organization_id, notice_id, finding_id from notice_finding
     join unnest($1::int[], $2::bigint[]) l (organization_id, notice_id) using (organization_id, notice_id) on conflict do nothing`,
    columnsOf(ladders),
  );
}

const columnsOf = (ladders: readonly Ladder[]) => [
  ladders.map(({ organizationId }) => organizationId),
  ladders.map(({ noticeId }) => noticeId),
];

/** Whoever plans, takes or leaves out rungs of a notice holds its ladder until the end of the transaction. */
export async function lockLadder(tx: Tx, { organizationId, noticeId }: Ladder): Promise<void> {
  await tx.query(
    prepared('select from ladder_finding where organization_id = $1 and notice_id = $2 for update', [
      organizationId,
      noticeId,
    ]),
  );
}

/**
 * The rows `nf` of a notice `n` whose findings `f` are open; of one that was merged since, the one that it is now. `fd`:
 * where that stands; `granted`: until when somebody gave it more time; `l`: which rungs came for it.
 */
const OPEN = `notice_finding nf
join finding f on f.organization_id = nf.organization_id and f.finding_id = coalesce((
  select b.into_finding_id from absorbed_finding b
  where b.organization_id = nf.organization_id and b.finding_id = nf.finding_id), nf.finding_id)
left join finding_due fd on fd.organization_id = f.organization_id and fd.finding_id = f.finding_id
left join lateral (
  select max(r.granted_until) as until from reply_finding rf join reply r on r.organization_id = rf.organization_id and r.reply_id = rf.reply_id
  where rf.finding_id in (nf.finding_id, f.finding_id) and rf.organization_id = nf.organization_id and r.state = 'granted'
    and (r.kind = 'extension' or r.kind = 'objection' and r.terms ->> 'ground' = 'deadline')) granted on true
left join ladder_finding l on l.organization_id = nf.organization_id and l.notice_id = nf.notice_id and l.finding_id = nf.finding_id
where nf.organization_id = n.organization_id and nf.notice_id = n.notice_id and f.state <> 'verified-fixed'`;

/**
 * When a finding of a notice is due by now. A date that somebody set for the whole notice moves only with a granted
 * extension or objection to it; dates by policy move with whatever moves the policy's date, and never to before what was
 * printed.
 */
const DUE =
  'case when n.due_at is null then greatest(nf.due_at, fd.due_at) else greatest(n.due_at, granted.until) end';

/** Its clock runs and nobody bears its risk. */
const RUNS = 'fd.paused is null and fd.waived is null';

/**
 * The earliest date of the findings of a notice `n` that are open, and how many different dates there are. What stands
 * still or is borne by somebody counts only where nothing else is left.
 */
export const DUE_NOW = `
select coalesce(min(${DUE}) filter (where ${RUNS}), min(${DUE})) as due_at,
  count(distinct ${DUE}) filter (where ${RUNS})::int as dates
from ${OPEN}`;

/** What a rung `e` has not come for. */
const UNTAKEN = 'l.planned_for = e.due_at and e.step <> all (l.taken)';

/** Who is pressed by a rung `e`: until the date whatever runs, from the date on only what is overdue at `at`. */
const pressedAt = (at: string): string =>
  `${UNTAKEN} and ${RUNS} and (e.step in ('remind', 'remind-leader') or ${DUE} <= ${at}::timestamptz)`;

/** A ladder that is to be planned for other dates. */
export interface MovedLadder extends Ladder {
  readonly issuedAt: Instant;
  /** Null where the notice has a date of its own, whoever has it. */
  readonly receivedAt: Instant | null;
  /** Each date of its findings that are open, once. */
  readonly dueDates: readonly Instant[];
}

/** What has no date for the time being keeps the one that it had. */
const LADDER_DATE = `coalesce(${DUE}, l.planned_for)`;

const MOVED = `
select n.organization_id as "organizationId", n.notice_id as "noticeId", ${UTC('n.issued_at')} as "issuedAt",
  case when n.due_at is null then ${UTC('n.received_at')} end as "receivedAt", d.dates as "dueDates"
from ladder join notice n using (organization_id, notice_id)
cross join lateral (
  select array_agg(distinct ${UTC(LADDER_DATE)}) filter (where ${LADDER_DATE} is not null) as dates, bool_or(${DUE} <> coalesce(l.planned_for, 'infinity')) filter (where l.finding_id is not null) as moved
  from ${OPEN}) d
where n.state = 'issued' and d.moved`;

/** Ladders with a finding whose date is another one by now, or there at last. */
export async function movedLadders(db: Db, most: number): Promise<MovedLadder[]> {
  await db.query(
    `delete from ladder_finding w where w.planned_for is null and not exists (
       select from notice n where n.organization_id = w.organization_id and n.notice_id = w.notice_id and n.state = 'issued'
         and exists (select from ${OPEN}))`,
  );
  const { rows } = await db.query<MovedLadder>(
    `with ladder as (
       select organization_id, notice_id from escalation where state = 'planned'
       union select organization_id, notice_id from ladder_finding where planned_for is null)
     ${MOVED} limit $1`,
    [most],
  );
  return rows;
}

/** Of these, the ones whose findings have dates. */
export async function newLadders(tx: Tx, ladders: readonly Ladder[]): Promise<MovedLadder[]> {
  const { rows } = await tx.query<MovedLadder>(
    `with ladder as (select * from unnest($1::int[], $2::bigint[]) l (organization_id, notice_id)) ${MOVED}`,
    columnsOf(ladders),
  );
  return rows;
}

export interface PlannedStep {
  readonly step: EscalationStep;
  /** For what is due then. */
  readonly dueAt: Instant;
  readonly at: Instant;
}

/**
 * `$1`, `$2` the ladder, `$3` to `$5` step, date and time of what the policy wants for the dates in `$7`, `$6` now. A date
 * that moved since these were looked up is left to the next run.
 */
const PLAN = `
with open as materialized (
  select o.* from notice n cross join lateral (
    select nf.finding_id, l.taken, l.planned_for as before, ${LADDER_DATE} as due_at from ${OPEN}) o
  where n.organization_id = $1 and n.notice_id = $2),
wanted as materialized (
  select s.step, s.due_at, s.at from unnest($3::text[], $4::timestamptz[], $5::timestamptz[]) s (step, due_at, at)
  where exists (select from open o where o.due_at = s.due_at and s.step <> all (o.taken))),
dated as (
  update ladder_finding l set planned_for = o.due_at from open o
  where l.organization_id = $1 and l.notice_id = $2 and l.finding_id = o.finding_id and o.due_at = any ($7::timestamptz[])),
unwanted as materialized (
  select e.escalation_id, exists (select from open o where o.before = e.due_at and o.due_at <> o.before)
    and exists (select from wanted w where w.step = e.step) as moves
  from escalation e where e.organization_id = $1 and e.notice_id = $2 and e.state = 'planned'
    and not exists (select from wanted w where w.step = e.step and w.due_at = e.due_at)),
moved as (delete from escalation e using unwanted u where e.escalation_id = u.escalation_id and u.moves),
left_out as (
  update escalation e set state = 'needless', changed_at = $6 from unwanted u where e.escalation_id = u.escalation_id and not u.moves)
insert into escalation (organization_id, notice_id, step, due_at, planned_at) select $1, $2, step, due_at, at from wanted
on conflict (organization_id, notice_id, step, due_at) where state = 'planned' do update set planned_at = excluded.planned_at`;

/**
 * Plans the rungs of a notice for the dates that its findings have now, but none that came for all of them. Those that
 * were planned for a date that moved go with it; those that the policy has no more or that nothing is left for are
 * needless. What was done stays done. `at`: now.
 */
export async function planEscalations(
  tx: Tx,
  { organizationId, noticeId }: Ladder,
  {
    dueDates,
    steps,
    at,
  }: { readonly dueDates: readonly Instant[]; readonly steps: readonly PlannedStep[]; readonly at: Instant },
): Promise<void> {
  await tx.query(
    prepared(PLAN, [
      organizationId,
      noticeId,
      steps.map(({ step }) => step),
      steps.map(({ dueAt }) => dueAt),
      steps.map((one) => one.at),
      at,
      dueDates,
    ]),
  );
}

/** A rung whose time has come. */
export interface DueStep extends Ladder {
  readonly id: string;
  readonly step: EscalationStep;
  /** As the database writes it, to the microsecond: where the next page begins. */
  readonly plannedAt: string;
}

/**
 * Rungs whose time has come and that do not wait, the earliest first, a page at a time. A rung waits while its notice has
 * open findings of its date that it has not come for and presses none of them.
 */
export async function dueSteps(
  db: Db,
  { at, most, after }: { readonly at: Instant; readonly most: number; readonly after: DueStep | null },
): Promise<DueStep[]> {
  const { rows } = await db.query<DueStep>(
    `select e.escalation_id::text as id, e.organization_id as "organizationId", e.notice_id as "noticeId", e.step, e.planned_at::text as "plannedAt"
     from escalation e join notice n on n.organization_id = e.organization_id and n.notice_id = e.notice_id
     where e.state = 'planned' and e.planned_at <= $1
       and ($3::timestamptz is null or (e.planned_at, e.escalation_id) > ($3, $4::bigint))
       and (n.state <> 'issued' or not exists (select from ${OPEN} and ${UNTAKEN}) or exists (select from ${OPEN} and ${pressedAt('$1')}))
     order by e.planned_at, e.escalation_id limit $2`,
    [at, most, after?.plannedAt ?? null, after?.id ?? null],
  );
  return rows;
}

/** What decides what a rung does. */
export interface Rung extends Ladder {
  readonly id: string;
  readonly step: EscalationStep;
  readonly dueAt: Instant;
  readonly noticeState: string;
  readonly kind: NoticeKind;
  readonly number: string;
  readonly issuedAt: Instant;
  readonly language: 'zh' | 'en' | 'both';
  readonly timeZone: string;
  readonly draft: unknown;
  readonly draftedBy: number | null;
  /** Something of its date is open that it has not come for. */
  readonly isWanted: boolean;
  /** Of that, what has a clock that runs and a risk that nobody bears, from the date on only what is overdue itself. */
  readonly pressed: readonly string[];
  /** The same as the notice names it: some may have been merged since. */
  readonly named: readonly string[];
}

/** Locked for the rest of the transaction, in a ladder that is locked. Null: it is planned no more. */
export async function takeRung(
  tx: Tx,
  { id, at }: { readonly id: string; readonly at: Instant },
): Promise<Rung | null> {
  const { rows } = await tx.query<Rung>(
    `select e.escalation_id::text as id, e.organization_id as "organizationId", e.notice_id as "noticeId", e.step, ${UTC('e.due_at')} as "dueAt", n.state as "noticeState",
       n.kind, n.number, ${UTC('n.issued_at')} as "issuedAt", n.draft ->> 'language' as language, n.content::jsonb ->> 'timeZone' as "timeZone",
       n.draft, n.drafted_by as "draftedBy", exists (select from ${OPEN} and ${UNTAKEN}) as "isWanted",
       array(select distinct f.finding_id from ${OPEN} and ${pressedAt('$2')} order by f.finding_id)::text[] as pressed,
       array(select nf.finding_id from ${OPEN} and ${pressedAt('$2')})::text[] as named
     from escalation e join notice n on n.organization_id = e.organization_id and n.notice_id = e.notice_id
     where e.escalation_id = $1 and e.state = 'planned'
     for update of e`,
    [id, at],
  );
  return rows[0] ?? null;
}

export interface RungEnd {
  readonly state: Exclude<EscalationState, 'planned'>;
  readonly at: Instant;
  /** Null: the clock. */
  readonly by: number | null;
  readonly reason?: string | null;
  readonly noticeMade?: string | null;
}

export async function endRung(
  tx: Tx,
  id: string,
  { state, at, by, reason = null, noticeMade = null }: RungEnd,
): Promise<void> {
  await tx.query(
    `update escalation set state = $2, changed_at = $3, changed_by = $4, reason = coalesce($5, reason), notice_made = coalesce($6, notice_made)
     where escalation_id = $1`,
    [id, state, at, by, reason, noticeMade],
  );
}

/**
 * A rung that ended came for these findings and comes for them never more. For those of its date that nobody is pressed
 * about now, another one waits.
 */
export async function comeFor(
  tx: Tx,
  { id, organizationId, noticeId, step }: Pick<Rung, 'id' | 'organizationId' | 'noticeId' | 'step'>,
  named: readonly string[],
): Promise<void> {
  await tx.query(
    `update ladder_finding set taken = taken || $3::text
     where organization_id = $1 and notice_id = $2 and finding_id = any ($4::bigint[])`,
    [organizationId, noticeId, step, named],
  );
  await tx.query(
    `insert into escalation (organization_id, notice_id, step, due_at, planned_at)
     select e.organization_id, e.notice_id, e.step, e.due_at, e.planned_at from escalation e
     join notice n on n.organization_id = e.organization_id and n.notice_id = e.notice_id
     where e.escalation_id = $1 and exists (select from ${OPEN} and ${UNTAKEN})`,
    [id],
  );
}

/** A rung for a person to decide. */
export interface OpenRung extends Ladder {
  readonly id: string;
  readonly step: EscalationStep;
  readonly state: EscalationState;
  /** Findings of its date, as the notice names them, that no such rung has come for. */
  readonly named: readonly string[];
}

/** Locked, with its ladder. */
export async function lockRung(tx: Tx, noticeId: string, id: string): Promise<OpenRung | null> {
  await tx.query(
    `select from ladder_finding l join notice n using (organization_id, notice_id) where n.notice_id = $1 for update of l`,
    [noticeId],
  );
  const { rows } = await tx.query<OpenRung>(
    `select e.escalation_id::text as id, e.organization_id as "organizationId", e.notice_id as "noticeId", e.step, e.state,
       array(select l.finding_id from ladder_finding l
         where l.organization_id = e.organization_id and l.notice_id = e.notice_id and ${UNTAKEN})::text[] as named
     from escalation e where e.notice_id = $1 and e.escalation_id = $2 for update`,
    [noticeId, id],
  );
  return rows[0] ?? null;
}

/** A proposed paper that was issued is done; one that was thrown away is dismissed, by whoever threw it away. */
export async function settleProposed(db: Db, at: Instant): Promise<void> {
  await db.query(
    `update escalation e set state = case when n.issued_at is not null then 'done' else 'dismissed' end, changed_at = coalesce(n.issued_at, n.ended_at, $1),
       changed_by = coalesce(n.approved_by, n.ended_by), reason = coalesce(n.reason, e.reason)
     from notice n where e.state = 'proposed' and n.organization_id = e.organization_id and n.notice_id = e.notice_made
       and (n.issued_at is not null or n.state = 'discarded')`,
    [at],
  );
}
