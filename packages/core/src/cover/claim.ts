import { identityOf, strongIdentifiers } from '../observe/identity.ts';
import type {
  AssetRecord,
  CoverageRecord,
  Credential,
  Evidence,
  Identifier,
  Instant,
  Method,
  ObservationRecord,
  ProfileRef,
  Reason,
  Transport,
} from '../observe/record.ts';
import { type Registered, registered } from '../observe/register.ts';
import type { ScanFacts } from '../observe/scan-facts.ts';
import { type CheckSet, checkSet, hasCheck } from './check-set.ts';
import { hasPort, NO_PORTS, type PortSet, parsePorts } from './ports.ts';

/** One visit of a scan to one asset, as the rules see it. */
export interface Visit {
  readonly asset: string;
  readonly identifiers: readonly Identifier[];
  readonly strong: readonly string[];
  readonly reached: boolean;
  readonly reason: Reason | null;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly credential: Credential;
  /** The address may be another machine's tomorrow: only a strong identifier says who it was (COVERAGE.md 5.1). */
  readonly leased: boolean;
}

/**
 * What a visit can answer for. A coverage record, or a single explicit verdict: an absence is an
 * E3 claim on exactly its key, an error an E0 claim, so that one rule judges them all.
 */
export interface Claim {
  readonly visit: Visit;
  readonly transport: Transport;
  readonly ports: PortSet;
  readonly checks: CheckSet;
  /** null: any locus. */
  readonly within: readonly string[] | null;
  readonly method: Method;
  readonly credential: Credential;
  readonly evidence: Evidence;
  readonly reason: Reason | null;
  readonly assumptions: readonly string[];
  /** An explicit verdict stands even where the rest of the scan is missing. */
  readonly explicit: boolean;
  /** The registered profile that supplies the assumptions. */
  readonly profile?: ProfileRef;
}

export interface Presence {
  readonly visit: Visit;
  readonly observation: ObservationRecord;
  readonly method: Method;
  readonly credential: Credential;
}

export interface ScanClaims {
  readonly visits: readonly Visit[];
  readonly claims: readonly Claim[];
  readonly presences: readonly Presence[];
}

const NOTHING_REGISTERED = registered({});

export function visitOf(asset: AssetRecord, register: Registered = NOTHING_REGISTERED): Visit {
  const named = identityOf(asset.identifiers);
  const resolved = register.assetOf(named, asset.startedAt);
  return {
    asset: resolved,
    identifiers: asset.identifiers,
    strong: strongIdentifiers(asset.identifiers),
    reached: asset.reached,
    reason: asset.reason ?? null,
    startedAt: asset.startedAt,
    finishedAt: asset.finishedAt,
    credential: asset.credential,
    leased: register.isLeased(named) || register.isLeased(resolved),
  };
}

function claimOfCoverage(visit: Visit, record: CoverageRecord, tool: string): Claim {
  return {
    visit,
    transport: record.transport,
    ports: parsePorts(record.ports) ?? NO_PORTS,
    checks: checkSet(record.checks, tool),
    within: record.within ?? null,
    method: record.method,
    credential: visit.credential,
    evidence: record.evidence,
    reason: record.reason ?? null,
    assumptions: record.assumptions,
    explicit: false,
    ...(record.profile === undefined ? {} : { profile: record.profile }),
  };
}

function claimOfVerdict(visit: Visit, record: ObservationRecord): Claim {
  const absent = record.verdict === 'absent';
  return {
    visit,
    transport: record.transport,
    ports: [[record.port, record.port]],
    checks: { kind: 'ids', ids: new Set([record.check]) },
    within: [record.locus],
    method: record.method ?? 'remote',
    credential: record.credential ?? visit.credential,
    evidence: absent ? 'E3' : 'E0',
    reason: absent ? null : 'CHECK_NOT_RUN',
    assumptions: [],
    explicit: true,
  };
}

/** Sorts the records of one scan into visits, claims and presences. Records that name no asset of the scan are dropped. */
export function claimsOf(facts: ScanFacts, register?: Registered): ScanClaims {
  const visits = new Map(facts.assets.map((asset) => [asset.id, visitOf(asset, register)]));
  const claims: Claim[] = [];
  const presences: Presence[] = [];
  for (const record of facts.coverage) {
    const visit = visits.get(record.asset);
    if (visit !== undefined) claims.push(claimOfCoverage(visit, record, facts.scan.tool.name));
  }
  for (const observation of facts.observations) {
    const visit = visits.get(observation.asset);
    if (visit === undefined) continue;
    if (observation.verdict !== 'present') claims.push(claimOfVerdict(visit, observation));
    else {
      const method = observation.method ?? 'remote';
      presences.push({ visit, observation, method, credential: observation.credential ?? visit.credential });
    }
  }
  return { visits: [...visits.values()], claims, presences };
}

export interface Service {
  readonly transport: Transport;
  readonly port: number;
}

export function namesPort(claim: Claim, service: Service): boolean {
  return claim.transport === service.transport && hasPort(claim.ports, service.port);
}

/** A claim within "src/a.c" speaks of "src/a.c" and of "src/a.c#anything". */
export function namesLocus(within: readonly string[] | null, locus: string): boolean {
  return within === null || within.some((place) => locus === place || locus.startsWith(`${place}#`));
}

/** An explicit absence at "src/a.c" is that of this place alone; silence and errors there reach further. */
export function namesPlace({ within, explicit, evidence }: Claim, locus: string): boolean {
  return explicit && evidence !== 'E0' ? (within ?? []).includes(locus) : namesLocus(within, locus);
}

export function namesCheck(
  claim: Claim,
  { check, locus }: { readonly check: string; readonly locus: string },
): boolean {
  return hasCheck(claim.checks, check) && namesPlace(claim, locus);
}
