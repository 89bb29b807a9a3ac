import type {
  AssetRecord,
  CoverageRecord,
  Instant,
  ObservationRecord,
  ScanRecord,
  WarningRecord,
} from './record.ts';

/** One scan file, read whole. */
export interface ScanFacts {
  readonly scan: ScanRecord;
  readonly assets: readonly AssetRecord[];
  readonly coverage: readonly CoverageRecord[];
  readonly observations: readonly ObservationRecord[];
  readonly warnings: readonly WarningRecord[];
}

/** Who vouches for a file or for its time. The inspected organization is never enough to close (COVERAGE.md 5.13). */
export type Party = 'coordinator' | 'runner' | 'organization';

/** A scan together with what its file cannot say. */
export interface ImportedScan extends ScanFacts {
  /** Stands for the time of presences in a file that has no time, and for nothing else. */
  readonly importedAt: Instant;
  /** From where the scanner looked; a name that the coordinator gives to a network position. */
  readonly vantage: string;
  readonly submittedBy: Party;
  /** Who declared the time; null when the file states it or nobody did. */
  readonly declaredBy: Party | null;
  readonly quarantined: boolean;
}
