import type { Claim } from '../cover/claim.ts';
import type { Need } from '../cover/need.ts';
import { formatPorts } from '../cover/ports.ts';
import type { FindingKey } from '../observe/finding-key.ts';
import { identityOf } from '../observe/identity.ts';
import type {
  Checks,
  Credential,
  Evidence,
  Identifier,
  Instant,
  Method,
  ProfileRef,
  ScanRecord,
  Severity,
  Transport,
} from '../observe/record.ts';
import type { Link } from '../observe/register.ts';
import type { ImportedScan, Party } from '../observe/scan-facts.ts';
import type { StandIn } from '../problem/equivalence.ts';
import type { Sha256 } from './hash.ts';
import { leafOf } from './merkle.ts';
import { narrowClaim } from './narrow-claim.ts';

/**
 * The rules by which the reviewer judges. A changed rule gets a new name; old certificates keep theirs. The second
 * is the first with links, samples, stand-ins and scan profiles, the third with `need.unsteady`; each is named only
 * where a closure rests on what it adds.
 */
export const CLOSURE_RULES = [
  'backcheck/closure-by-proof/v1',
  'backcheck/closure-by-proof/v2',
  'backcheck/closure-by-proof/v3',
] as const;
export type ClosureRule = (typeof CLOSURE_RULES)[number];

/** So that a verifier that knows only an earlier rule sees at once that it cannot judge the closure. */
export function ruleOf({
  links = [],
  need,
  witnesses,
}: {
  readonly links?: readonly Link[];
  readonly need: Pick<Need, 'samples' | 'unsteady'>;
  readonly witnesses: readonly Witness[];
}): ClosureRule {
  if (need.unsteady !== undefined) return CLOSURE_RULES[2];
  const wider = witnesses.some((one) => one.standIn !== undefined || one.profile !== undefined);
  return CLOSURE_RULES[wider || links.length > 0 || need.samples !== undefined ? 1 : 0];
}

/** The time of the scan rests on somebody's word (DESIGN section 4, Time). */
export const ASSUMED_TIME = 'A-time';

/** The visit names another asset; that it was to this one is a person's word (`Closure.links`). */
export const ASSUMED_IDENTITY = 'A-identity';

/** What the scan file said about itself, and who vouched for it. */
export interface WitnessScan {
  readonly sha256: Sha256;
  readonly format: string;
  readonly tool: ScanRecord['tool'];
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly timeSource: ScanRecord['timeSource'];
  readonly declaredBy: Party | null;
  readonly submittedBy: Party;
  readonly complete: boolean;
  readonly vantage: string;
}

/** The visit to the asset. `strong` are its strong identifiers as `strongIdentifiers` writes them. */
export interface WitnessVisit {
  readonly identifiers: readonly Identifier[];
  readonly strong: readonly string[];
  readonly reached: boolean;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly credential: Credential;
}

/** The claim, narrowed to what the finding needs (`narrowClaim`). `within` null: any locus. */
export interface WitnessClaim {
  readonly transport: Transport;
  readonly ports: string;
  readonly checks: Checks;
  readonly within: readonly string[] | null;
  readonly method: Method;
  readonly credential: Credential;
  readonly evidence: Evidence;
  readonly assumptions: readonly string[];
  readonly explicit: boolean;
}

/** One covering absence. */
export interface Witness {
  readonly scan: WitnessScan;
  readonly visit: WitnessVisit;
  readonly claim: WitnessClaim;
  /** The check of another tool whose absence this is, and the equivalence that lets it close. */
  readonly standIn?: StandIn;
  /** The registered scan profile that supplies what `claim.assumptions` names. */
  readonly profile?: ProfileRef;
}

/** The finding that is closed. `asset` as the latest presence named it; texts are those of that presence. */
export interface ClosedFinding {
  readonly id: string;
  readonly asset: readonly Identifier[];
  readonly key: FindingKey;
  readonly title: string;
  readonly severity: Severity;
  readonly cve: readonly string[];
}

/** What the absence had to match, and the scan that saw the finding last. */
export interface ClosureNeed extends Need {
  readonly scan: Sha256;
}

/**
 * A leaf of the ledger: this finding is closed, and these absences show it. All that a stranger needs to
 * judge it again stands in it; docs/certificate.md says how.
 */
export interface Closure {
  readonly kind: 'closure';
  readonly rule: ClosureRule;
  readonly organization: { readonly id: string; readonly name: string };
  readonly finding: ClosedFinding;
  readonly need: ClosureNeed;
  /** The person's decisions by which the last presence or a witness belongs to the asset; left out where none is needed. */
  readonly links?: readonly Link[];
  /** One for each vantage from which the finding was seen, or `need.samples` for each; the last is decisive. */
  readonly witnesses: readonly Witness[];
  /** From when the absence stands: the start of the decisive witness's visit. */
  readonly at: Instant;
}

/** `register`: what a person registered about the asset changed, and the scans no longer bear it out. */
export const SUPERSESSION_CAUSES = [
  'regressed',
  'quarantined',
  'replaced',
  'disallowed',
  'register',
] as const;

/** A leaf of the ledger: a closure no longer stands. The certificate itself stays what it was. */
export interface Supersession {
  readonly kind: 'supersession';
  /** `leafHash` of the closure that no longer stands; it is the certificate's id. */
  readonly certificate: Sha256;
  readonly finding: string;
  readonly at: Instant;
  /**
   * The scan that saw the finding again, that was quarantined or that proves it in another way; where no scan is the
   * cause, the one whose proof no longer stands.
   */
  readonly scan: Sha256;
  readonly cause: (typeof SUPERSESSION_CAUSES)[number];
}

/** The Merkle leaf hash, and the certificate's id. */
export function leafHash(leaf: Closure | Supersession): Sha256 {
  return leafOf(leaf);
}

export function witnessScan(imported: ImportedScan): WitnessScan {
  const { sha256, format, tool, startedAt, finishedAt, timeSource, complete } = imported.scan;
  const { declaredBy, submittedBy, vantage } = imported;
  const { name, version, feed } = tool;
  return {
    sha256,
    format,
    tool: { name, version, feed },
    startedAt,
    finishedAt,
    timeSource,
    declaredBy,
    submittedBy,
    complete,
    vantage,
  };
}

/** One covering claim with its scan. */
export interface WitnessParts {
  readonly scan: WitnessScan;
  readonly claim: Claim;
  readonly standIn?: StandIn | null;
}

export interface ClosureParts {
  readonly organization: Closure['organization'];
  readonly finding: ClosedFinding;
  readonly need: Need;
  /** SHA-256 of the scan of the last presence. */
  readonly lastSeenIn: Sha256;
  readonly witnesses: readonly WitnessParts[];
  /** Links of the organization; those are kept that the closure needs. */
  readonly links?: readonly Link[];
}

/**
 * Puts a closure together; judges nothing (`proofOf` does). Equal parts in any order give equal bytes.
 * Throws when a witness has no time: such a claim never covers, so calling this with it is a fault.
 */
export function closureOf(parts: ClosureParts): Closure {
  const { organization, finding, need, lastSeenIn, witnesses } = parts;
  const { asset, transport, port, check, locus } = finding.key;
  const links = linksFor(parts);
  const ordered = witnesses.map((one) => witnessOf(one, finding.key, links)).sort(decisiveLast);
  const at = ordered.at(-1)?.visit.startedAt;
  if (at === undefined || at === null) throw new Error('a closure needs a witness that has a time');
  return {
    kind: 'closure',
    rule: ruleOf({ links, need, witnesses: ordered }),
    organization: { id: organization.id, name: organization.name },
    finding: {
      id: finding.id,
      asset: finding.asset.map(({ kind, value }) => ({ kind, value })),
      key: { asset, transport, port, check, locus },
      title: finding.title,
      severity: finding.severity,
      cve: [...new Set(finding.cve)].sort(),
    },
    need: { ...plainNeed(need), scan: lastSeenIn },
    ...(links.length === 0 ? {} : { links }),
    witnesses: ordered,
    at,
  };
}

/** Named one by one: a field that only the database's row has must not slip into what is hashed. */
function plainNeed(need: Need): Need {
  const { first, last, methods, credential, feedKey, versionKey, vantages, strong, samples, unsteady } = need;
  return {
    ...{ first, last, methods, credential, feedKey, versionKey, vantages, strong },
    ...(samples === undefined ? {} : { samples }),
    ...(unsteady === undefined ? {} : { unsteady: [...unsteady] }),
  };
}

/** The links to the finding's asset from a name that the last presence or a witness gave it. */
function linksFor({ finding, witnesses, links = [] }: ClosureParts): Link[] {
  const named = new Set(
    [finding.asset, ...witnesses.map(({ claim }) => claim.visit.identifiers)].map(identityOf),
  );
  const needed = links.filter((one) => one.target === finding.key.asset && named.has(one.identity));
  const order = (one: Link): string => `${one.identity} ${one.from ?? ''}`;
  return needed
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .map(({ identity, target, from, until }) => ({ identity, target, from, until }));
}

/** The order of the fold: by time, then the stronger evidence, then the hash. */
function decisiveLast(a: Witness, b: Witness): number {
  const left = [a.visit.startedAt ?? '', b.claim.evidence, a.scan.sha256];
  const right = [b.visit.startedAt ?? '', a.claim.evidence, b.scan.sha256];
  const at = left.findIndex((part, index) => part !== right[index]);
  if (at < 0) return 0;
  return (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
}

function witnessOf({ scan, claim, standIn }: WitnessParts, key: FindingKey, links: readonly Link[]): Witness {
  const { identifiers, strong, reached, startedAt, finishedAt, credential } = claim.visit;
  const { profile } = claim;
  const linked = links.some((one) => one.identity === identityOf(identifiers));
  return {
    scan,
    visit: {
      identifiers: identifiers.map(({ kind, value }) => ({ kind, value })),
      strong: [...strong],
      reached,
      startedAt,
      finishedAt,
      credential,
    },
    claim: writtenClaim(narrowClaim(claim, answeredKey(key, standIn ?? undefined)), [
      ...(scan.timeSource === 'declared' ? [ASSUMED_TIME] : []),
      ...(linked ? [ASSUMED_IDENTITY] : []),
    ]),
    ...(standIn ? { standIn: plainStandIn(standIn) } : {}),
    ...(profile === undefined ? {} : { profile: plainProfile(profile) }),
  };
}

/** The key that a witness answers for: the finding's own, or that of the check that stands in. */
export function answeredKey(key: FindingKey, standIn: StandIn | undefined): FindingKey {
  return standIn === undefined ? key : { ...key, check: standIn.check, locus: standIn.locus };
}

const plainStandIn = ({ check, locus, equivalence }: StandIn): StandIn => ({ check, locus, equivalence });
const plainProfile = ({ name, version, sha256 }: ProfileRef): ProfileRef => ({ name, version, sha256 });

function writtenClaim(claim: Claim, assumed: readonly string[]): WitnessClaim {
  return {
    transport: claim.transport,
    ports: formatPorts(claim.ports),
    checks: writtenChecks(claim),
    within: claim.within === null ? null : [...claim.within],
    method: claim.method,
    credential: claim.credential,
    evidence: claim.evidence,
    assumptions: [...new Set([...claim.assumptions, ...assumed])].sort(),
    explicit: claim.explicit,
  };
}

function writtenChecks({ checks }: Claim): Checks {
  switch (checks.kind) {
    case 'ids':
      return { ids: [...checks.ids].sort() };
    case 'ranges':
      return { ranges: formatPorts(checks.numbers) };
    case 'all':
      return { all: true };
  }
}
