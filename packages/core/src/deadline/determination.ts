import type { Instant } from '../observe/record.ts';
import type { FindingClass } from '../score/finding-class.ts';
import type { ChineseGrade } from '../score/grade.ts';
import type { Priority } from '../score/priority.ts';
import type { Day } from './day.ts';
import type { ClockStart, Pause } from './policy.ts';

/**
 * What is known of a finding and where it stands when its deadline is determined. Only machines and papers, no persons,
 * and no words: what a finding is called can never move its date. All instants are of this cycle: after a finding came
 * back, an earlier notice or receipt is null again, and an extension is gone.
 */
export interface DeadlineFacts {
  /** First seen, or seen again after it was proven gone: the start of this cycle. */
  readonly detectedAt: Instant;
  readonly notifiedAt: Instant | null;
  readonly acknowledgedAt: Instant | null;
  readonly grade: ChineseGrade;
  readonly class: FindingClass;
  readonly cve: readonly string[];
  /** Of the entry listed first; null: none of its CVEs is listed. Days: 2026-11-21. */
  readonly kev: { readonly cve: string; readonly addedOn: string; readonly dueOn: string | null } | null;
  /** Null: nobody declared it. */
  readonly exposed: boolean | null;
  readonly automatable: boolean | null;
  readonly technicalImpact: 'partial' | 'total' | null;
  readonly level: number | null;
  readonly criticalInfrastructure: boolean;
  readonly keyLists: readonly string[];
  /** Whether there is a version or patch that removes it; null: not known. */
  readonly fixAvailable: boolean | null;
  /** In order of time; `until` null: it still lasts. */
  readonly pauses: readonly {
    readonly kind: Pause;
    readonly from: Instant;
    readonly until: Instant | null;
  }[];
  /** Each later date that was granted in this cycle; what pauses the clock from `at` on, when it was granted, moves `to` as well. */
  readonly extensions: readonly { readonly to: Instant; readonly at: Instant }[];
}

/** Answer of a policy for one finding. Instants are the first moment that is too late. */
export interface Determination {
  /** Of the matched rule; null: the policy says nothing about such a finding. */
  readonly rule: string | null;
  readonly informative: boolean;
  /** Null: the clock has not started, such as before the first notice. */
  readonly clockStart: Instant | null;
  /** What the clock started with: of a policy that takes the earlier or later of two, the one that it was. */
  readonly clockBasis: ClockStart;
  /** `mitigate`: nothing removes it yet, so by the date it is mitigated or disconnected. */
  readonly demand: 'fix' | 'upgrade' | 'mitigate';
  /** While the clock stands still, the earliest that it can be: as if the pause had ended at once. */
  readonly dueAt: Instant | null;
  readonly acknowledgeBy: Instant | null;
  /** Never after `dueAt`. */
  readonly interimBy: Instant | null;
  readonly planBy: Instant | null;
  readonly tasks: readonly { readonly id: string; readonly by: Instant }[];
  /** Whole seconds of the pauses that ended, each second once. */
  readonly pausedSeconds: number;
  /** The clock stands still now, and why. A clock that ran out before the pause began does not stand still. */
  readonly paused: Pause | null;
  /** The date that an extension made of it, where that is later than the policy's; null: none did. */
  readonly extendedTo: Instant | null;
  /** The last day that the working calendar knows, where a date was counted over it: a later version may move the date. */
  readonly calendarEnds: Day | null;
}

/** Overdue: too late and not standing still. */
export function isOverdue({ dueAt, paused }: Pick<Determination, 'dueAt' | 'paused'>, now: Instant): boolean {
  return dueAt !== null && paused === null && Date.parse(dueAt) <= Date.parse(now);
}

/** What is stored with a finding: deadline and priority with everything that led to them. */
export interface DeterminedFinding extends Determination {
  readonly priority: Priority;
}
