import { startOfWallDay } from '../authorize/wall-clock.ts';
import type { Instant } from '../observe/record.ts';
import { bookedSeconds } from '../retest/booked-time.ts';
import type { WorkingCalendar } from './calendar.ts';
import { type Day, dayNumber } from './day.ts';
import type { DeadlineFacts, Determination } from './determination.ts';
import { ruleFor } from './match-rule.ts';
import type { ClockStart, Pause, Policy, PolicyRule, Term } from './policy.ts';
import { endOfTerm, movedBy, type Reckoning, type Stop } from './term.ts';

/**
 * Until when, by this policy. Only the facts decide; `now` tells which of the pauses last. As long as no fact changes,
 * a later `now` gives the same answer. `calendar` is the one that the policy names; null where it is not to be had, and
 * then the answer says so.
 */
export function determine(
  facts: DeadlineFacts,
  policy: Policy,
  calendar: WorkingCalendar | null,
  now: Instant,
): Determination {
  const rule = ruleFor(facts, policy);
  const clock = clockOf(facts, policy);
  const clockStart = clock.at === null ? null : instantOf(clock.at);
  const silent = { ...NOTHING, clockStart, clockBasis: clock.basis };
  if (rule === null) return silent;
  const demand = demandOf(rule, facts);
  const matched = { ...silent, rule: rule.id, informative: rule.informative ?? false, demand };
  if (clock.at === null) return matched;
  const pauses = pausesOf(facts, policy, now);
  const how = { timeZone: policy.timeZone, calendar, stops: stopsOf(pauses) };
  return { ...matched, ...datesOf(clock.at, { facts, rule, how, pauses }) };
}

const NOTHING: Determination = {
  rule: null,
  informative: false,
  clockStart: null,
  clockBasis: 'detected',
  demand: 'fix',
  dueAt: null,
  acknowledgeBy: null,
  interimBy: null,
  planBy: null,
  tasks: [],
  pausedSeconds: 0,
  paused: null,
  extendedTo: null,
  calendarEnds: null,
};

const instantOf = (moment: number): Instant => new Date(moment).toISOString();
const momentOf = (instant: Instant | null): number | null => (instant === null ? null : Date.parse(instant));

function demandOf({ fix }: PolicyRule, { fixAvailable }: DeadlineFacts): Determination['demand'] {
  if (fix.kind === 'upgrade') return 'upgrade';
  return fixAvailable === false ? 'mitigate' : 'fix';
}

interface Clock {
  readonly at: number | null;
  readonly basis: ClockStart;
}

function clockOf(facts: DeadlineFacts, { clockStart, timeZone }: Policy): Clock {
  if (clockStart === 'notified') return { at: momentOf(facts.notifiedAt), basis: clockStart };
  if (clockStart === 'acknowledged') return { at: momentOf(facts.acknowledgedAt), basis: clockStart };
  const detected: Clock = { at: Date.parse(facts.detectedAt), basis: 'detected' };
  const day = facts.kev === null ? null : dayNumber(facts.kev.addedOn);
  if (clockStart === 'detected' || day === null) return detected;
  const listed = startOfWallDay(timeZone, day);
  const isLater = listed > Date.parse(facts.detectedAt);
  const isKev = clockStart === 'kev-listed' ? isLater : !isLater;
  return isKev ? { at: listed, basis: 'kev-listed' } : detected;
}

interface Running {
  readonly kind: Pause;
  readonly from: number;
  /** Null: it lasts. */
  readonly until: number | null;
}

/** What pauses this clock, as far as it is known now. */
function pausesOf({ grade, pauses }: DeadlineFacts, policy: Policy, now: Instant): Running[] {
  if (policy.neverPaused.includes(grade)) return [];
  const moment = Date.parse(now);
  return pauses
    .filter(({ kind }) => policy.pauses.includes(kind))
    .map(({ kind, from, until }) => ({ kind, from: Date.parse(from), until: momentOf(until) }))
    .filter(({ from, until }) => from <= moment && (until === null || until >= from))
    .map((pause) => (pause.until !== null && pause.until > moment ? { ...pause, until: null } : pause))
    .sort((a, b) => a.from - b.from);
}

/** One that lasts counts as if it had ended at once: that is the earliest that any date can be. */
function stopsOf(pauses: readonly Running[]): Stop[] {
  const stops: Stop[] = [];
  for (const { from, until } of pauses) {
    const [last, end] = [stops.at(-1), until ?? from];
    if (last === undefined || from > last.until) stops.push({ from, until: end });
    else stops.splice(-1, 1, { from: last.from, until: Math.max(last.until, end) });
  }
  return stops;
}

interface Given {
  readonly facts: DeadlineFacts;
  readonly rule: PolicyRule;
  readonly how: Reckoning;
  readonly pauses: readonly Running[];
}

type Dates = Pick<
  Determination,
  | 'dueAt'
  | 'acknowledgeBy'
  | 'interimBy'
  | 'planBy'
  | 'tasks'
  | 'pausedSeconds'
  | 'paused'
  | 'extendedTo'
  | 'calendarEnds'
>;

function datesOf(start: number, { facts, rule, how, pauses }: Given): Dates {
  const unknown: Day[] = [];
  const by = (term: Term): number => {
    const { at, calendarEnds } = endOfTerm(start, term, how);
    if (calendarEnds !== null) unknown.push(calendarEnds);
    return at;
  };
  const optional = (term: Term | undefined): Instant | null =>
    term === undefined ? null : instantOf(by(term));
  const policyDue = kevDue(start, facts, rule, how) ?? by(termOf(rule));
  const extended = extendedDate(facts, how);
  const isExtended = extended !== null && extended > policyDue;
  const due = isExtended ? extended : policyDue;
  const interim = rule.interim === undefined ? null : Math.min(by(rule.interim), due);
  const mitigate = demandOf(rule, facts) === 'mitigate' ? due : null;
  return {
    dueAt: instantOf(due),
    acknowledgeBy: optional(rule.acknowledge),
    interimBy: interim === null && mitigate === null ? null : instantOf(interim ?? due),
    planBy: optional(rule.plan),
    tasks: (rule.tasks ?? []).map(({ id, term }) => ({ id, by: instantOf(by(term)) })),
    pausedSeconds: pausedSeconds(pauses, start, due),
    paused: pauses.find(({ from, until }) => until === null && from < due)?.kind ?? null,
    extendedTo: isExtended ? instantOf(extended) : null,
    calendarEnds: unknown.sort()[0] ?? null,
  };
}

/** How long the rule gives, also where CISA's own date takes its place. */
export function termOf({ fix }: PolicyRule): Term {
  if (fix.kind === 'within') return fix.term;
  return fix.kind === 'upgrade' ? fix.review : fix.otherwise;
}

/** The end of the day that CISA gives, moved by what stood still before it. */
function kevDue(start: number, facts: DeadlineFacts, { fix }: PolicyRule, how: Reckoning): number | null {
  if (fix.kind !== 'kev-due-date') return null;
  const day = facts.kev === null || facts.kev.dueOn === null ? null : dayNumber(facts.kev.dueOn);
  if (day === null) return null;
  const at = startOfWallDay(how.timeZone, day + 1);
  return movedBy(how.stops ?? [], { setAt: start, at }, how.timeZone);
}

/** The latest one, each moved by what stood still since: an earlier grant may by now lead further than a later one. */
function extendedDate({ extensions }: DeadlineFacts, how: Reckoning): number | null {
  const moved = extensions.map(({ to, at }) =>
    movedBy(how.stops ?? [], { setAt: Date.parse(at), at: Date.parse(to) }, how.timeZone),
  );
  return moved.length === 0 ? null : Math.max(...moved);
}

/** Each second once, of those that the clock could have run. */
function pausedSeconds(pauses: readonly Running[], start: number, due: number): number {
  return bookedSeconds(
    pauses.flatMap(({ from, until }) => {
      const [first, last] = [Math.max(from, start), Math.min(until ?? from, due)];
      return last > first ? [{ from: instantOf(first), until: instantOf(last) }] : [];
    }),
  );
}
