import { type FindingKey, runsCheck } from '../observe/finding-key.ts';
import { sameMachine } from '../observe/identity.ts';
import { EVIDENCE, type Evidence, type Instant, REASONS, type Reason } from '../observe/record.ts';
import type { ImportedScan } from '../observe/scan-facts.ts';
import { type Claim, namesCheck, namesPort, type Visit } from './claim.ts';
import { credentialRank, deepEnough } from './depth.ts';
import { compareFeeds, feedKey } from './feed.ts';
import type { Need, NeedAt } from './need.ts';

/** The part of an imported scan that a claim is judged by, besides the claim itself. */
export interface ScanContext {
  readonly sha256: string;
  readonly tool: string;
  readonly feedKey: string | null;
  readonly versionKey: string | null;
  readonly complete: boolean;
  /** A damaged file: nothing in it closes. */
  readonly truncated: boolean;
  readonly vantage: string;
  /** File or time vouched for by the inspected organization alone. */
  readonly selfSubmitted: boolean;
}

export function scanContext(scan: ImportedScan): ScanContext {
  const { tool } = scan.scan;
  return {
    sha256: scan.scan.sha256,
    tool: tool.name,
    feedKey: tool.feed === null ? null : feedKey(tool.feed),
    versionKey: tool.version === null ? null : feedKey(tool.version),
    complete: scan.scan.complete,
    truncated: scan.scan.truncated === true,
    vantage: scan.vantage,
    selfSubmitted: scan.submittedBy === 'organization' || scan.declaredBy === 'organization',
  };
}

/**
 * How far a scan came towards closing a finding, as the steps of the rule. The last step reached tells
 * the reason; `covers` is the only one that may close.
 */
export const STEPS = [
  'visited',
  'reached',
  'examined',
  'checked',
  'answered',
  'deep',
  'recent',
  'identified',
  'placed',
  'timed',
  'fresh',
  'independent',
  'stated',
  'covers',
] as const;
export type Step = (typeof STEPS)[number];

/** `step` is the step that failed, or `covers`. */
export type Answer =
  | { readonly step: 'covers'; readonly evidence: Evidence; readonly at: Instant; readonly claim: Claim }
  | { readonly step: Exclude<Step, 'covers'>; readonly reason: Reason; readonly at: Instant | null };

type ShortAnswer = Exclude<Answer, { step: 'covers' }>;

const short = (step: ShortAnswer['step'], reason: Reason, visit: Visit): ShortAnswer => ({
  step,
  reason,
  at: visit.startedAt,
});

/** Which reason an assumption stands for (COVERAGE.md section 1, the names in italics). */
export const MISSING_PART: Readonly<Record<string, Reason>> = {
  'A-ports': 'PORT_OUTSIDE',
  'A-qod': 'FILTERED_REPORT',
  'A-filter': 'FILTERED_REPORT',
  'A-waf': 'BLOCKED',
};

function missingPart(assumptions: readonly string[]): Reason {
  const reasons = assumptions.map((name) => MISSING_PART[name] ?? 'CHECK_NOT_RUN');
  return reasons.sort((a, b) => REASONS.indexOf(a) - REASONS.indexOf(b))[0] ?? 'CHECK_NOT_RUN';
}

/**
 * Judges one claim that names the port and the check. The order of the steps is the order of STEPS. A scan
 * that states no feed or version, where a presence states one, is not known to be older: it counts as
 * assumed (COVERAGE.md 5.5), and so does one that cannot show whose leased address it met (5.1).
 */
export function judgeClaim(claim: Claim, need: Need, scan: ScanContext): Answer {
  const { visit } = claim;
  if (scan.truncated) return short('answered', 'INCOMPLETE', visit);
  if (claim.evidence === 'E0') return short('answered', claim.reason ?? 'CHECK_NOT_RUN', visit);
  if (!scan.complete && !claim.explicit) return short('answered', 'INCOMPLETE', visit);
  const privileged = credentialRank(claim.credential) >= credentialRank(need.credential);
  if (!deepEnough(claim.method, need.methods) || !privileged) return short('deep', 'WEAKER_METHOD', visit);
  const ages = [compareFeeds(scan.feedKey, need.feedKey), compareFeeds(scan.versionKey, need.versionKey)];
  if (ages.includes('older')) return short('recent', 'OLDER_FEED', visit);
  if (!sameMachine(need.strong, visit.strong)) return short('identified', 'IDENTITY_CONFLICT', visit);
  if (!need.vantages.includes(scan.vantage)) return short('placed', 'OTHER_VANTAGE', visit);
  if (visit.startedAt === null) return short('timed', 'NO_TIME', visit);
  if (visit.startedAt <= need.last) return short('fresh', 'STALE', visit);
  if (scan.selfSubmitted) return short('independent', 'SELF_SUBMITTED', visit);
  if (claim.evidence === 'E1') return short('stated', missingPart(claim.assumptions), visit);
  if (ages.includes('unknown')) return short('stated', 'OLDER_FEED', visit);
  if (visit.leased && !visit.strong.some((one) => need.strong.includes(one)))
    return short('stated', 'IDENTITY_CONFLICT', visit);
  return { step: 'covers', evidence: claim.evidence, at: visit.startedAt, claim };
}

interface Question {
  readonly visit: Visit;
  readonly claims: readonly Claim[];
  readonly key: FindingKey;
  readonly needAt: NeedAt;
  readonly scan: ScanContext;
}

function answerOfVisit({ visit, claims, key, needAt, scan }: Question): Answer {
  if (!visit.reached) return short('reached', visit.reason ?? 'NO_HOST', visit);
  const gap = scan.complete && !scan.truncated ? visit.reason : 'INCOMPLETE';
  const onPort = claims.filter((claim) => claim.visit === visit && namesPort(claim, key));
  if (onPort.length === 0) return short('examined', gap ?? 'PORT_OUTSIDE', visit);
  const onCheck = onPort.filter((claim) => namesCheck(claim, key));
  if (onCheck.length === 0) return short('checked', gap ?? 'CHECK_NOT_RUN', visit);
  return onCheck.map((claim) => judgeClaim(claim, needAt(visit.startedAt), scan)).reduce(better);
}

/**
 * The better of two answers of one scan: the further step; among covering claims the stronger evidence; among
 * failing ones the reason that stands first in REASONS; then the earlier time. Symmetric, so that the order of
 * records in a file cannot matter.
 */
export function better(a: Answer, b: Answer): Answer {
  const byStep = STEPS.indexOf(b.step) - STEPS.indexOf(a.step);
  const byStrength = byStep === 0 ? strength(b) - strength(a) : byStep;
  const order = byStrength === 0 ? compareTimes(a.at, b.at) : byStrength;
  return order <= 0 ? a : b;
}

function strength(answer: Answer): number {
  return answer.step === 'covers' ? EVIDENCE.indexOf(answer.evidence) : -REASONS.indexOf(answer.reason);
}

function compareTimes(a: Instant | null, b: Instant | null): number {
  if (a === b) return 0;
  return b === null || (a !== null && a < b) ? -1 : 1;
}

/** All that one scan holds about one asset. */
export interface AssetClaims {
  readonly scan: ScanContext;
  readonly visits: readonly Visit[];
  readonly claims: readonly Claim[];
}

/**
 * What a scan that did not see the finding says about it. Null when the scan could not have: another
 * tool, or the asset was not its business. An error or a blocked port takes the answer of the whole scan
 * away, also where another record of it claims the same port.
 */
export function answerOf(
  { scan, visits, claims }: AssetClaims,
  key: FindingKey,
  needAt: NeedAt,
): Answer | null {
  if (!runsCheck(scan.tool, key.check) || visits.length === 0) return null;
  const vetoes = claims.filter((one) => one.evidence === 'E0' && namesPort(one, key) && namesCheck(one, key));
  if (vetoes.length > 0)
    return vetoes.map((one) => judgeClaim(one, needAt(one.visit.startedAt), scan)).reduce(better);
  return visits.map((visit) => answerOfVisit({ visit, claims, key, needAt, scan })).reduce(better);
}
