import type { EscalationStep, Instant, NoticeKind } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import type { Db, Tx } from './pool.ts';

const UTC = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export type EscalationState = 'planned' | 'proposed' | 'done' | 'dismissed' | 'needless';

export interface EscalationRow {
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

const ROW = `e.step, ${UTC('e.planned_at')} as "plannedAt", ${UTC('e.due_at')} as "dueAt", e.state, ${UTC('e.changed_at')} as "changedAt",
  case when e.changed_by is not null then jsonb_build_object('id', e.changed_by::text, 'name', coalesce(account_name(e.changed_by), '')) end as "changedBy",
  e.reason, e.notice_made::text as "noticeMade"`;

export async function listEscalations(db: Db, noticeId: string): Promise<EscalationRow[]> {
  const { rows } = await db.query<EscalationRow>(
    `select ${ROW} from escalation e join notice n using (organization_id, notice_id) where n.notice_id = $1 order by e.planned_at, e.step`,
    [noticeId],
  );
  return rows;
}

/** Which notice a rung belongs to. */
export interface Ladder {
  readonly organizationId: number;
  readonly noticeId: string;
}

export interface PlannedStep {
  readonly step: EscalationStep;
  readonly at: Instant;
}

/** A ladder for one date. */
export interface LadderPlan {
  readonly dueAt: Instant;
  readonly steps: readonly PlannedStep[];
  /** When it is planned. */
  readonly at: Instant;
}

/**
 * Plans the rungs of a notice, or moves those that have not come yet; those that the plan has no more are needless. What
 * was done stays done.
 */
export async function planEscalations(
  tx: Tx,
  { organizationId, noticeId }: Ladder,
  { dueAt, steps, at }: LadderPlan,
): Promise<void> {
  await tx.query(
    `with wanted as (delete from ladder_wanted where organization_id = $1 and notice_id = $2),
     left_out as (
       update escalation set state = 'needless', changed_at = $6
       where organization_id = $1 and notice_id = $2 and state = 'planned' and step <> all ($4::text[]))
     insert into escalation (organization_id, notice_id, step, due_at, planned_at)
     select $1, $2, s.step, $3, s.at from unnest($4::text[], $5::timestamptz[]) s (step, at)
     on conflict (organization_id, notice_id, step) do update set due_at = excluded.due_at, planned_at = excluded.planned_at
     where escalation.state = 'planned'`,
    [organizationId, noticeId, dueAt, steps.map(({ step }) => step), steps.map((one) => one.at), at],
  );
}

/** The notice has no date yet: its ladder is planned as soon as it has one. */
export async function wantLadder(tx: Tx, { organizationId, noticeId }: Ladder): Promise<void> {
  await tx.query(
    'insert into ladder_wanted (organization_id, notice_id) values ($1, $2) on conflict do nothing',
    [organizationId, noticeId],
  );
}

/**
 * The rows `nf` of a notice `n` whose findings `f` are open; of one that was merged since, the one that it is now. `fd`:
 * where that stands; `granted`: until when somebody gave it more time.
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

/** Who is pressed by a rung `e`: until the date whatever runs, from the date on only what is overdue at `at`. */
const pressedAt = (at: string): string =>
  `${RUNS} and (e.step in ('remind', 'remind-leader') or ${DUE} <= ${at}::timestamptz)`;

/** A ladder that is to be planned for another date. */
export interface MovedLadder extends Ladder {
  readonly issuedAt: Instant;
  /** Null where the notice has a date of its own, whoever has it. */
  readonly receivedAt: Instant | null;
  readonly dueAt: Instant;
}

/** Ladders whose date is another one by now, or there at last. */
export async function movedLadders(db: Db, most: number): Promise<MovedLadder[]> {
  await db.query(
    `delete from ladder_wanted w where not exists (
       select from notice n where n.organization_id = w.organization_id and n.notice_id = w.notice_id and n.state = 'issued'
         and exists (select from ${OPEN}))`,
  );
  const { rows } = await db.query<MovedLadder>(
    `select n.organization_id as "organizationId", n.notice_id as "noticeId", ${UTC('n.issued_at')} as "issuedAt",
       case when n.due_at is null then ${UTC('n.received_at')} end as "receivedAt", ${UTC('d.due_at')} as "dueAt"
     from (select organization_id, notice_id, min(due_at) as first, max(due_at) as last from escalation where state = 'planned' group by 1, 2
       union all select organization_id, notice_id, null, null from ladder_wanted) e
     join notice n on n.organization_id = e.organization_id and n.notice_id = e.notice_id
     cross join lateral (${DUE_NOW}) d
     where d.due_at is not null and (d.due_at is distinct from e.first or d.due_at is distinct from e.last) limit $1`,
    [most],
  );
  return rows;
}

/** A rung whose time has come. */
export interface DueStep extends Ladder {
  readonly step: EscalationStep;
  /** As the database writes it, to the microsecond: where the next page begins. */
  readonly plannedAt: string;
}

/**
 * Rungs whose time has come and that do not wait, the earliest first, a page at a time. A rung waits while its notice has
 * findings that are open and none that it presses.
 */
export async function dueSteps(
  db: Db,
  { at, most, after }: { readonly at: Instant; readonly most: number; readonly after: DueStep | null },
): Promise<DueStep[]> {
  const { rows } = await db.query<DueStep>(
    `select e.organization_id as "organizationId", e.notice_id as "noticeId", e.step, e.planned_at::text as "plannedAt"
     from escalation e join notice n on n.organization_id = e.organization_id and n.notice_id = e.notice_id
     where e.state = 'planned' and e.planned_at <= $1
       and ($3::timestamptz is null or (e.planned_at, e.notice_id, e.step) > ($3, $4::bigint, $5::text))
       and (n.state <> 'issued' or not exists (select from ${OPEN}) or exists (select from ${OPEN} and ${pressedAt('$1')}))
     order by e.planned_at, e.notice_id, e.step limit $2`,
    [at, most, after?.plannedAt ?? null, after?.noticeId ?? null, after?.step ?? null],
  );
  return rows;
}

/** What decides what a rung does. */
export interface Rung extends Ladder {
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
  /** Of its findings, those that are not closed. */
  readonly openFindings: readonly string[];
  /** Of these, those whose clock runs and whose risk nobody bears, from the date on only what is overdue itself. */
  readonly pressed: readonly string[];
}

/** Locked for the rest of the transaction. Null: another one has it, or it is planned no more. */
export async function takeRung(
  tx: Tx,
  { organizationId, noticeId }: Ladder,
  { step, at }: { readonly step: EscalationStep; readonly at: Instant },
): Promise<Rung | null> {
  const { rows } = await tx.query<Rung>(
    `select e.organization_id as "organizationId", e.notice_id as "noticeId", e.step, ${UTC('e.due_at')} as "dueAt", n.state as "noticeState",
       n.kind, n.number, ${UTC('n.issued_at')} as "issuedAt", n.draft ->> 'language' as language, n.content::jsonb ->> 'timeZone' as "timeZone",
       n.draft, n.drafted_by as "draftedBy",
       array(select distinct f.finding_id from ${OPEN} order by f.finding_id)::text[] as "openFindings",
       array(select distinct f.finding_id from ${OPEN} and ${pressedAt('$4')} order by f.finding_id)::text[] as pressed
     from escalation e join notice n on n.organization_id = e.organization_id and n.notice_id = e.notice_id
     where e.organization_id = $1 and e.notice_id = $2 and e.step = $3 and e.state = 'planned'
     for update of e skip locked`,
    [organizationId, noticeId, step, at],
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
  { organizationId, noticeId, step }: Pick<Rung, 'organizationId' | 'noticeId' | 'step'>,
  { state, at, by, reason = null, noticeMade = null }: RungEnd,
): Promise<void> {
  await tx.query(
    `update escalation set state = $4, changed_at = $5, changed_by = $6, reason = coalesce($7, reason), notice_made = coalesce($8, notice_made)
     where organization_id = $1 and notice_id = $2 and step = $3`,
    [organizationId, noticeId, step, state, at, by, reason, noticeMade],
  );
}

/** The rung for a person to decide, locked. */
export async function lockRung(
  tx: Tx,
  noticeId: string,
  step: EscalationStep,
): Promise<(Ladder & { readonly step: EscalationStep; readonly state: EscalationState }) | null> {
  const { rows } = await tx.query(
    `select organization_id as "organizationId", notice_id as "noticeId", step, state from escalation
     where notice_id = $1 and step = $2 for update`,
    [noticeId, step],
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
