/** Why a finding is looked at again by itself, the most pressing first. */
export const RESCAN_RISKS = ['known-exploited', 'critical', 'claimed', 'high', 'medium', 'low'] as const;
export type RescanRisk = (typeof RESCAN_RISKS)[number];

export interface RescanInterval {
  /** Days from the closing, or from the claim, to the first look. */
  readonly first: number;
  /** Days from the end of one look to the next, whatever came of it. */
  readonly next: number;
  /** Of the retests that it asks for; smaller is sooner. What people ask for comes before all of these. */
  readonly priority: number;
}

/**
 * The plan of rescans. `claimed` is what is said to be fixed, by a person or by a scan that is no proof; all others are
 * closed findings: with a CVE of the known-exploited list, or by severity. What is closed and only `info` is not looked
 * at by itself, and what is open waits for its organization.
 */
export const RESCAN_INTERVALS: Readonly<Record<RescanRisk, RescanInterval>> = {
  'known-exploited': { first: 3, next: 7, priority: 60 },
  critical: { first: 7, next: 7, priority: 60 },
  claimed: { first: 1, next: 7, priority: 100 },
  high: { first: 30, next: 30, priority: 100 },
  medium: { first: 90, next: 90, priority: 100 },
  low: { first: 180, next: 180, priority: 100 },
};
