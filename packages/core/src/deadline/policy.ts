import type { Text } from '../observe/text.ts';
import type { FindingClass } from '../score/finding-class.ts';
import type { ChineseGrade } from '../score/grade.ts';

/**
 * A deadline policy is data: which facts of a finding lead to which terms. The first rule that matches holds; its id is
 * stored with the finding, so that "why this date?" has an answer. Presets are in `presets/`.
 */
export const TERM_UNITS = ['hours', 'calendar-days', 'working-days', 'months'] as const;
export type TermUnit = (typeof TERM_UNITS)[number];

export interface Term {
  /** Whole, at least 1. */
  readonly amount: number;
  readonly unit: TermUnit;
}

/**
 * When the clock starts. `detected`: first seen, or seen again after a proof. `notified`: the first notice that names the
 * finding was issued. `kev-listed`: the day on which CISA listed one of its CVEs, or detection where that is later.
 */
export const CLOCK_STARTS = [
  'detected',
  'notified',
  'acknowledged',
  'kev-listed',
  'earlier-of-kev-and-detected',
] as const;
export type ClockStart = (typeof CLOCK_STARTS)[number];

/** What is asked until the date: `upgrade` waits for the next upgrade and has only a day of review. */
export type FixDemand =
  | { readonly kind: 'within'; readonly term: Term }
  /** CISA's own due date of the entry; `otherwise` where it has none. */
  | { readonly kind: 'kev-due-date'; readonly otherwise: Term }
  | { readonly kind: 'upgrade'; readonly review: Term };

/** Each that is given must hold; a list: one of them. */
export interface Condition {
  readonly grade?: readonly ChineseGrade[];
  readonly kev?: boolean;
  /** Of the asset, as declared: `unknown` counts as what the policy says in `unknownExposure`. */
  readonly exposed?: boolean;
  readonly automatable?: boolean;
  readonly technicalImpact?: 'partial' | 'total';
  readonly class?: readonly FindingClass[];
  /** MLPS level of the system, at least. */
  readonly levelFrom?: number;
  readonly criticalInfrastructure?: boolean;
  /** The asset or its organization is on a key list of this purpose that is in force. */
  readonly keyList?: readonly string[];
  /** The year of the newest CVE, at least. */
  readonly cveYearFrom?: number;
  readonly hasCve?: boolean;
}

export interface PolicyRule {
  /** Stable within the policy, printed as "row 12". */
  readonly id: string;
  /** Any of them; empty: always. */
  readonly when: readonly Condition[];
  readonly fix: FixDemand;
  readonly acknowledge?: Term;
  readonly interim?: Term;
  readonly plan?: Term;
  /** Ours: until when a retest that was asked for is done. */
  readonly retest?: Term;
  /** Further work, such as forensic triage. */
  readonly tasks?: readonly { readonly id: string; readonly term: Term }[];
  /** The row follows the policy by analogy only: its source says nothing about such findings. */
  readonly informative?: boolean;
}

export const PAUSES = ['retest', 'objection'] as const;
export type Pause = (typeof PAUSES)[number];

/** What happens by itself, or is proposed to a person, as time passes. */
export const ESCALATION_STEPS = [
  'remind',
  'remind-leader',
  'overdue',
  'reminder',
  'supervision',
  'talk',
  'circular',
] as const;
export type EscalationStep = (typeof ESCALATION_STEPS)[number];

/** `share` of the term, 0 to 1, or `after` the due date. */
export type EscalationAt = { readonly share: number } | { readonly after: Term | null };

export interface Policy {
  /** "cisa-bod-26-04" */
  readonly code: string;
  readonly title: Text;
  /** Where it comes from and whether it is in force, in both languages. */
  readonly source: Text;
  readonly clockStart: ClockStart;
  /** IANA name; days begin and end there. */
  readonly timeZone: string;
  /** Code of the working calendar; null: calendar days only. */
  readonly calendar: string | null;
  /** An asset whose exposure nobody declared counts as this. */
  readonly unknownExposure: boolean;
  /** For CVEs of which nothing more is known. */
  readonly unknownAutomatable: boolean;
  readonly unknownTechnicalImpact: 'partial' | 'total';
  readonly rules: readonly PolicyRule[];
  readonly pauses: readonly Pause[];
  /** Grades whose clock never pauses. */
  readonly neverPaused: readonly ChineseGrade[];
  readonly extension: {
    readonly most: number;
    /** Each at most as long as the term itself. */
    readonly upToTerm: boolean;
    readonly needsInterim: boolean;
  };
  readonly escalation: readonly { readonly step: EscalationStep; readonly at: EscalationAt }[];
}
