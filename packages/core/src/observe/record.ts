/**
 * What a reader says about one scan file. These are the records that
 * `backcheck read` prints (docs/read-records.schema.json), so a field here is a promise.
 *
 * Times are UTC ISO 8601 with milliseconds, as `Date.prototype.toISOString` writes them;
 * in that form they compare as text.
 */

export type Instant = string;

/** Strongest last within a chain; `active` and `local` do not dominate each other (COVERAGE.md section 2). */
export const METHODS = ['banner', 'remote', 'active', 'local'] as const;
export type Method = (typeof METHODS)[number];

/** In rising order: a scan with less privilege cannot answer for one with more. */
export const CREDENTIALS = ['none', 'user', 'privileged'] as const;
export type Credential = (typeof CREDENTIALS)[number];

/** E3 explicit negative, E2 scoped silence, E1 silence that rests on a named assumption, E0 nothing: it vetoes. */
export const EVIDENCE = ['E0', 'E1', 'E2', 'E3'] as const;
export type Evidence = (typeof EVIDENCE)[number];

export const TRANSPORTS = ['tcp', 'udp', 'sctp', 'none'] as const;
/** `none` with port 0: the finding belongs to the whole asset (a host setting, a file, a package). */
export type Transport = (typeof TRANSPORTS)[number];

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const VERDICTS = ['present', 'absent', 'error'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Why a scan did not close a finding (DESIGN section 4). The texts are in contract/labels. */
export const REASONS = [
  'NO_HOST',
  'NO_TIME',
  'PORT_OUTSIDE',
  'CHECK_NOT_RUN',
  'WEAKER_METHOD',
  'OLDER_FEED',
  'INCOMPLETE',
  'FILTERED_REPORT',
  'TIMEOUT',
  'OTHER_VANTAGE',
  'STALE',
  'SELF_SUBMITTED',
  'BLOCKED',
  'IDENTITY_CONFLICT',
  'UNSTEADY',
] as const;
export type Reason = (typeof REASONS)[number];

export const IDENTIFIER_KINDS = [
  'ip',
  'fqdn',
  'mac',
  'url',
  'image',
  'repository',
  'file',
  'package',
  'agent',
  'cloud',
  'serial',
  'hostkey',
] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** A `hostkey` is written `type:fingerprint` ("ssh-ed25519:0f1e…"): a machine has one key of each type. */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/**
 * The file as a whole. `complete` is false when the end marker of the format is missing or says
 * "interrupted": then silence proves nothing and only explicit verdicts count.
 * `truncated` is true when the file itself is damaged (cut, not well-formed): then nothing in it closes.
 */
export interface ScanRecord {
  readonly record: 'scan';
  readonly format: string;
  /** `name` is also the prefix of the checks that `{"ranges"}` and `{"all"}` speak of. */
  readonly tool: { readonly name: string; readonly version: string | null; readonly feed: string | null };
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly timeSource: 'file' | 'declared' | 'none';
  readonly complete: boolean;
  readonly sha256: string;
  readonly truncated?: true;
}

/**
 * One visit of the scan to one asset. The first identifier is the one that the tool addressed.
 * `startedAt` is the earliest moment an absence can stand for, `finishedAt` the latest a presence can.
 * `reason` says why an unreached or unfinished asset gives no answer.
 */
export interface AssetRecord {
  readonly record: 'asset';
  readonly id: string;
  readonly identifiers: readonly Identifier[];
  readonly reached: boolean;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly credential: Credential;
  readonly reason?: Reason;
}

/** Full names ("nmap:open-port"); numeric ids as ranges; or every check of the tool. */
export type Checks =
  | { readonly ids: readonly string[] }
  | { readonly ranges: string }
  | { readonly all: true };

/** A registered scan profile: `sha256` is that of its canonical JSON. */
export interface ProfileRef {
  readonly name: string;
  readonly version: number;
  readonly sha256: string;
}

/**
 * What the scan can answer for by its silence. `ports` is "1-1024,8443"; "0" is the asset as a whole.
 * `within` narrows the claim to loci that equal one of these or start with one of these and "#".
 * An E0 record takes an answer away: the scan tried here and got none, for `reason`.
 */
export interface CoverageRecord {
  readonly record: 'coverage';
  readonly asset: string;
  readonly transport: Transport;
  readonly ports: string;
  readonly checks: Checks;
  readonly method: Method;
  readonly evidence: Evidence;
  /** Names such as "A-launched" (COVERAGE.md section 1); never empty for E1. */
  readonly assumptions: readonly string[];
  readonly within?: readonly string[];
  readonly reason?: Reason;
  /** Set where a scan profile supplies the assumptions (cover/profile.ts), never by a reader. */
  readonly profile?: ProfileRef;
}

/**
 * At this asset and port, this check says so. `locus` tells apart several findings of one check at one port;
 * it is written `place` or `place#detail`.
 * `method` and `credential` stand only where they differ from what the asset and its coverage imply:
 * without them the method is `remote` and the credential that of the asset.
 */
export interface ObservationRecord {
  readonly record: 'observation';
  readonly asset: string;
  readonly transport: Transport;
  readonly port: number;
  readonly check: string;
  readonly locus: string;
  readonly verdict: Verdict;
  readonly title: string;
  readonly severity: Severity;
  readonly cve: readonly string[];
  readonly cwe: readonly string[];
  readonly cvss: readonly string[];
  readonly at: Instant | null;
  readonly method?: Method;
  readonly credential?: Credential;
}

/** A record that could not be used, with its place. Whatever it would have covered is not claimed. */
export interface WarningRecord {
  readonly record: 'warning';
  readonly code: string;
  readonly message: string;
  readonly line?: number;
}

/**
 * What the tool itself says of a check, in its own words and language: what the weakness is, what follows from it and
 * what to do. Plain text with line breaks; "" where the file has nothing. The first of a file for a check counts.
 * It explains a finding to people and decides nothing.
 */
export interface ExplanationRecord {
  readonly record: 'explanation';
  readonly check: string;
  readonly description: string;
  readonly harm: string;
  readonly advice: string;
}

/** What a reader yields while it walks the file; the scan record comes last, when all of it is known. */
export type Fact = AssetRecord | CoverageRecord | ObservationRecord | ExplanationRecord | WarningRecord;
