import { PRIORITIES, type Priority, type Severity, type State } from '@backcheck/core';
import { severityCode } from './codes.ts';
import type { Turn } from './deadlines.ts';

export type FindingSort = '-severity' | 'severity' | '-age' | 'age' | 'lastChange' | 'due' | 'priority';

export interface FindingFilter {
  readonly organizationId?: string | undefined;
  readonly state?: readonly State[] | undefined;
  readonly severity?: readonly Severity[] | undefined;
  /** `overdue`: its date has passed and its clock does not stand still; `7d`: it passes within seven days. */
  readonly due?: 'overdue' | '7d' | undefined;
  readonly priority?: readonly Priority[] | undefined;
  /** Who is to act; nobody has to while nothing is due. */
  readonly turn?: Turn | undefined;
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

const escapeLike = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** What a list of findings is asked for, with its values. */
export class Conditions {
  readonly texts: string[] = [];
  /** A subselect's end, on the `finding_due` of `f`, of a list in another order. */
  due: string | null = null;
  /** `f` is one of those with such a `finding_due`, where these are not too many. */
  among: string | null = null;
  cursor: string | null = null;
  readonly values: unknown[] = [];

  /** `text` has `?` where the value stands. */
  add(text: string, value: unknown): void {
    this.texts.push(this.with(text, value));
  }

  with(text: string, value: unknown): string {
    this.values.push(value);
    return text.replaceAll('?', `$${this.values.length}`);
  }
}

/** What the filter says of a finding `f`, but for whose it is. */
export function conditionsOf(filter: FindingFilter): Conditions {
  const where = new Conditions();
  if (filter.state !== undefined) where.add('f.state = any (?::text[])', filter.state);
  if (filter.severity !== undefined)
    where.add('f.severity = any (?::smallint[])', filter.severity.map(severityCode.encode));
  const due = dueConditions(filter);
  if (due.length > 0)
    where.due = `from finding_due u where u.organization_id = f.organization_id and u.finding_id = f.finding_id
      and ${due.join(' and ')}`;
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

/** On finding_due `u`; closed lists, so that their values stand in the text. */
export function dueConditions({ due, priority, turn }: FindingFilter): string[] {
  const priorities = priority?.map((one) => PRIORITIES.indexOf(one));
  return [
    ...(due === 'overdue' ? ['u.due_order <= now() and u.paused is null'] : []),
    ...(due === '7d' ? [`u.due_order > now() and u.due_order <= now() + interval '7 days'`] : []),
    // A rank is of its priority's range, and has an index.
    ...(priorities === undefined
      ? []
      : [
          `u.priority in (${priorities.join()}) and u.rank >= ${2 * Math.min(...priorities)} and u.rank < ${2 * Math.max(...priorities) + 2}`,
        ]),
    ...(turn === undefined ? [] : [turn === 'us' ? `u.turn = 'us'` : `u.turn = 'them' and u.waived is null`]),
  ];
}

/**
 * No finding of the same problem that matches the filter comes before this one: what is not closed, then the worse, then
 * the older. Read off finding_by_problem.
 */
export const leads = ({ texts, due }: Conditions): string => `not exists (
  select from finding b where b.organization_id = f.organization_id and b.asset_id = f.asset_id and b.problem = f.problem
    and case when (b.state = 'verified-fixed') <> (f.state = 'verified-fixed') then f.state = 'verified-fixed'
      else b.severity > f.severity or b.severity = f.severity and b.finding_id < f.finding_id end
    ${[...texts, ...isDue(due)].map((text) => `and ${text.replaceAll(/\bf\./g, 'b.')}`).join(' ')})`;

export const isDue = (due: string | null): readonly string[] =>
  due === null ? [] : [`exists (select ${due})`];

/** The end of a statement. */
export const conditions = (texts: readonly string[]): string =>
  texts.length === 0 ? '' : `where ${texts.join(' and ')}`;
