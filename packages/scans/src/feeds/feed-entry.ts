import type { Instant } from '@backcheck/core';

/** CISA's catalogue of known exploited vulnerabilities. Days: 2026-11-21. */
export interface KevEntry {
  readonly cve: string;
  readonly addedOn: string;
  readonly dueOn: string | null;
  readonly name: string | null;
  readonly requiredAction: string | null;
  /** Known to be used by ransomware; null: not said. */
  readonly ransomware: boolean | null;
}

/** Both from 0 to 1. */
export interface EpssEntry {
  readonly cve: string;
  readonly score: number;
  readonly percentile: number | null;
}

/** Of NVD or of the CVE list. */
export interface VulnerabilityEntry {
  readonly cve: string;
  readonly title: string | null;
  readonly rejected: boolean;
  /** As written, the most authoritative first. */
  readonly cvss: readonly string[];
  readonly cwe: readonly string[];
  /** Null: no assessment by CISA in the record; NVD's files have none. */
  readonly ssvc: {
    readonly exploitation: 'none' | 'poc' | 'active' | null;
    readonly automatable: boolean | null;
    readonly technicalImpact: 'partial' | 'total' | null;
    readonly assessedAt: Instant | null;
  } | null;
}

/** Of CNVD or CNNVD. */
export interface NationalEntry {
  readonly id: string;
  readonly cve: readonly string[];
  readonly title: string | null;
  /** As given. */
  readonly severity: string | null;
  readonly publishedOn: string | null;
}

export interface FeedEntries {
  readonly kev: KevEntry;
  readonly epss: EpssEntry;
  readonly nvd: VulnerabilityEntry;
  readonly cve: VulnerabilityEntry;
  readonly cnvd: NationalEntry;
  readonly cnnvd: NationalEntry;
}

/** What a file says of itself. */
export interface FeedHead {
  /** Null: it names none. */
  readonly version: string | null;
  readonly publishedAt: Instant | null;
}

/** Batches of entries as the file is walked, in memory that does not grow with it. Throws `FeedFlaw`. */
export type FeedWalk<Entry> = AsyncGenerator<readonly Entry[], FeedHead>;
