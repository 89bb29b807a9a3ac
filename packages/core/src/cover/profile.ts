import { runsCheck } from '../observe/finding-key.ts';
import type { Checks, CoverageRecord, Instant, ProfileRef, Transport } from '../observe/record.ts';
import type { ScanFacts } from '../observe/scan-facts.ts';
import type { Text } from '../observe/text.ts';
import { checkSet, hasCheck } from './check-set.ts';
import { formatPorts, intersectPorts, NO_PORTS, parsePorts } from './ports.ts';

/**
 * The assumptions that whoever runs a tool can promise before it runs: which checks, ports, pages and filters it was
 * given. What the target answered, which machine it was and what somebody else says, nobody can.
 */
export const PROMISABLE = [
  'A-analyzers',
  'A-api',
  'A-catalog',
  'A-config',
  'A-crawl',
  'A-db',
  'A-enumeration',
  'A-files',
  'A-filter',
  'A-launched',
  'A-modules',
  'A-policy',
  'A-ports',
  'A-profile',
  'A-qod',
  'A-rules',
  'A-scan',
  'A-scanners',
] as const;

/** For these checks on these ports the way the tool was run makes the assumption true. */
export interface ProfileSupply {
  readonly assumption: string;
  readonly transport: Transport;
  readonly ports: string;
  readonly checks: Checks;
}

/** How a tool is run, and what its files need not say because of that (docs/profiles.md). */
export interface ScanProfile {
  readonly profile: string;
  readonly version: number;
  readonly tool: string;
  readonly title: Text;
  readonly supplies: readonly ProfileSupply[];
}

/** A profile as it was registered. */
export interface RegisteredProfile {
  readonly ref: ProfileRef;
  readonly content: ScanProfile;
  readonly registeredAt: Instant;
}

/** Why a profile says nothing about a scan. The same words are the codes of the warnings. */
export type ProfileObstacle = 'PROFILE_OTHER_TOOL' | 'PROFILE_LATER';

/**
 * A profile vouches for scans of its tool that began after it was registered: written afterwards, it could be made
 * to fit the file (COVERAGE.md section 0, E1). A scan without a time may have begun at any.
 */
export function profileObstacle(
  { content, registeredAt }: RegisteredProfile,
  scan: Pick<ScanFacts['scan'], 'tool' | 'startedAt'>,
): ProfileObstacle | null {
  if (scan.tool.name !== content.tool) return 'PROFILE_OTHER_TOOL';
  return scan.startedAt === null || scan.startedAt < registeredAt ? 'PROFILE_LATER' : null;
}

export const OBSTACLE_MESSAGE: Readonly<Record<ProfileObstacle, string>> = {
  PROFILE_OTHER_TOOL: 'the scan profile is for another tool and was not used',
  PROFILE_LATER: 'the scan profile was not registered before the scan began and was not used',
};

interface Piece {
  readonly ports: string;
  readonly checks: Checks;
}

/**
 * What a profile adds to the coverage of a scan: of an E1 record whose assumptions are all supplied, the ports and
 * checks that the profile vouches for, as E2. The record itself stays as it is for the rest. Its assumptions stay
 * listed, and the profile is named. Nothing else is lifted, E0 least of all.
 */
export class ProfileLift {
  readonly #profile: RegisteredProfile;
  /** Readers repeat one object of checks for every asset; so do the pieces. */
  readonly #narrowed = new Map<ProfileSupply, WeakMap<Checks, Checks | null>>();

  constructor(profile: RegisteredProfile) {
    this.#profile = profile;
  }

  lift(record: CoverageRecord): CoverageRecord[] {
    if (record.evidence !== 'E1' || record.assumptions.length === 0) return [];
    const whole: Piece = { ports: record.ports, checks: record.checks };
    const pieces = [...new Set(record.assumptions)].reduce<readonly Piece[]>(
      (left, assumption) => left.flatMap((piece) => this.#supplied(piece, assumption, record.transport)),
      [whole],
    );
    const { ref } = this.#profile;
    return pieces.map((piece) => ({ ...record, ...piece, evidence: 'E2', profile: ref }));
  }

  #supplied(piece: Piece, assumption: string, transport: Transport): Piece[] {
    const fitting = this.#profile.content.supplies.filter(
      (one) =>
        one.assumption === assumption &&
        one.transport === transport &&
        PROMISABLE.some((name) => name === assumption),
    );
    return fitting.flatMap((supply): Piece[] => {
      const ports = intersectPorts(parsePorts(piece.ports) ?? NO_PORTS, parsePorts(supply.ports) ?? NO_PORTS);
      const checks = this.#narrow(piece.checks, supply);
      return ports.length === 0 || checks === null ? [] : [{ ports: formatPorts(ports), checks }];
    });
  }

  #narrow(checks: Checks, supply: ProfileSupply): Checks | null {
    const known = this.#narrowed.get(supply) ?? new WeakMap<Checks, Checks | null>();
    this.#narrowed.set(supply, known);
    const before = known.get(checks);
    if (before !== undefined) return before;
    const both = intersectChecks(checks, supply.checks, this.#profile.content.tool);
    known.set(checks, both);
    return both;
  }
}

/** Null when they have no check in common. */
function intersectChecks(a: Checks, b: Checks, tool: string): Checks | null {
  if ('all' in b) return 'ids' in a ? idsWhere(a.ids, (id) => runsCheck(tool, id)) : a;
  if ('all' in a) return intersectChecks(b, a, tool);
  if ('ids' in a) {
    const set = checkSet(b, tool);
    return idsWhere(a.ids, (id) => hasCheck(set, id));
  }
  if ('ids' in b) return intersectChecks(b, a, tool);
  const numbers = intersectPorts(parsePorts(a.ranges) ?? NO_PORTS, parsePorts(b.ranges) ?? NO_PORTS);
  return numbers.length === 0 ? null : { ranges: formatPorts(numbers) };
}

function idsWhere(ids: readonly string[], wanted: (id: string) => boolean): Checks | null {
  const left = ids.filter(wanted);
  return left.length === 0 ? null : { ids: left };
}

/** The scan as the profile lets it be read; with a warning where the profile does not fit. */
export function withProfile<T extends ScanFacts>(scan: T, profile: RegisteredProfile): T {
  const code = profileObstacle(profile, scan.scan);
  if (code !== null) {
    const warning = { record: 'warning', code, message: OBSTACLE_MESSAGE[code] } as const;
    return { ...scan, warnings: [warning, ...scan.warnings] };
  }
  const lift = new ProfileLift(profile);
  return { ...scan, coverage: [...scan.coverage, ...scan.coverage.flatMap((one) => lift.lift(one))] };
}
