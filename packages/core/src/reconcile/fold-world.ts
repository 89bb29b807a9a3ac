import { type AssetClaims, scanContext } from '../cover/answer.ts';
import { claimsOf, type Presence, type ScanClaims } from '../cover/claim.ts';
import type { Sighting } from '../cover/need.ts';
import { type FindingKey, keyText, runsCheck } from '../observe/finding-key.ts';
import { identityOf } from '../observe/identity.ts';
import type { Identifier, Instant, ObservationRecord } from '../observe/record.ts';
import { type Register, type Registered, registered } from '../observe/register.ts';
import type { ImportedScan } from '../observe/scan-facts.ts';
import { type Folded, foldFinding, type History, type SilentScan } from './fold.ts';

/** One finding of a world of scans. Texts (title, severity …) are those of the latest presence. */
export interface WorldFinding extends Folded {
  readonly key: FindingKey;
  readonly identifiers: readonly Identifier[];
  readonly observation: ObservationRecord;
}

interface Read {
  readonly scan: ImportedScan;
  readonly claims: ScanClaims;
  readonly context: AssetClaims['scan'];
  /** By asset. */
  readonly byAsset: ReadonlyMap<string, SilentScan>;
  readonly startedAt: Instant;
}

function readClaims(scan: ImportedScan, register: Registered): Read {
  const claims = claimsOf(scan, register);
  const context = scanContext(scan);
  const visits = Map.groupBy(claims.visits, (visit) => visit.asset);
  const byVisit = Map.groupBy(claims.claims, (claim) => claim.visit.asset);
  const seen = Map.groupBy(claims.presences, (presence) => presence.visit.asset);
  const byAsset = new Map(
    [...visits].map(([asset, list]): [string, SilentScan] => [
      asset,
      {
        scan: context,
        visits: list,
        claims: byVisit.get(asset) ?? [],
        importedAt: scan.importedAt,
        present: (seen.get(asset) ?? []).map((presence) => presence.observation),
      },
    ]),
  );
  return { scan, claims, context, byAsset, startedAt: scan.scan.startedAt ?? scan.importedAt };
}

interface Seen {
  readonly key: FindingKey;
  readonly sightings: (Sighting & { readonly read: Read; readonly presence: Presence })[];
}

function gatherSightings(reads: readonly Read[]): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const read of reads) {
    for (const presence of read.claims.presences) {
      const { transport, port, check, locus } = presence.observation;
      const key = { asset: presence.visit.asset, transport, port, check, locus };
      const text = keyText(key);
      const entry = seen.get(text) ?? { key, sightings: [] };
      const at = presence.visit.finishedAt ?? read.scan.importedAt;
      entry.sightings.push({ presence, scan: read.context, at, read });
      seen.set(text, entry);
    }
  }
  return seen;
}

/** A scan of one other asset did not mean this one; a scan of many, or one that reached nobody, may have missed it. */
const mayHaveMissed = ({ claims }: Read): boolean =>
  new Set(claims.visits.map((visit) => identityOf(visit.identifiers))).size !== 1 ||
  !claims.visits.some((visit) => visit.reached);

const latestFirst = (a: Read, b: Read): number =>
  a.startedAt !== b.startedAt
    ? a.startedAt > b.startedAt
      ? -1
      : 1
    : a.context.sha256 > b.context.sha256
      ? -1
      : 1;

function lookedElsewhere(reads: readonly Read[], key: FindingKey, last: Instant): History['elsewhere'] {
  const [latest] = reads
    .filter((read) => runsCheck(read.context.tool, key.check) && !read.byAsset.has(key.asset))
    .filter((read) => read.startedAt > last && mayHaveMissed(read))
    .sort(latestFirst);
  if (latest === undefined) return null;
  const whole = latest.context.complete && !latest.context.truncated;
  return { sha256: latest.context.sha256, reason: whole ? 'NO_HOST' : 'INCOMPLETE' };
}

interface Asked {
  readonly crossTool: boolean;
  readonly steadyProof: boolean;
  readonly register: Registered;
}

function foldSeen({ key, sightings }: Seen, reads: readonly Read[], asked: Asked): WorldFinding | null {
  const saw = new Set(sightings.map((one) => one.read));
  const silent = reads.flatMap((read) => (saw.has(read) ? [] : (read.byAsset.get(key.asset) ?? [])));
  const latest = sightings.reduce((a, b) => (b.at > a.at ? b : a));
  const elsewhere = lookedElsewhere(reads, key, latest.at);
  const { crossTool, steadyProof, register } = asked;
  const samples = register.samplesFor(key.asset);
  const folded = foldFinding({ key, sightings, silent, elsewhere, crossTool, samples, steadyProof });
  if (folded === null) return null;
  const { visit, observation } = latest.presence;
  return { ...folded, key, identifiers: visit.identifiers, observation };
}

/**
 * The same bytes of the same time are one scan, however often they come. Bytes alone are not enough: two clean
 * runs of a tool that writes no time are equal to the last byte, and only their declared times tell them apart.
 */
function distinctScans(scans: readonly ImportedScan[]): ImportedScan[] {
  const name = (scan: ImportedScan): string => `${scan.scan.sha256} ${scan.scan.startedAt ?? ''}`;
  const rank = (scan: ImportedScan): string => `${name(scan)} ${scan.importedAt}`;
  // Latest first, so that of two imports the first one stays in the map.
  const sorted = scans.filter((scan) => !scan.quarantined).sort((a, b) => (rank(a) > rank(b) ? -1 : 1));
  return [...new Map(sorted.map((scan) => [name(scan), scan])).values()];
}

export interface WorldSettings {
  /** Lets a scan close another tool's finding where an equivalence declares it; off unless asked for (COVERAGE.md 5.18). */
  readonly crossTool?: boolean;
  /** Several absences where scans contradicted each other; off unless asked for (docs/decisions/0014-flapping.md). */
  readonly steadyProof?: boolean;
  /** What people registered about the assets. */
  readonly register?: Register | undefined;
}

/**
 * Folds scans as one world, in memory. The same file twice counts once (I2), a quarantined scan not at
 * all (I8), and the order of the list never matters (I1). Links of the register must have passed `refuseLink`.
 */
export function foldWorld(scans: readonly ImportedScan[], settings: WorldSettings = {}): WorldFinding[] {
  const { crossTool = false, steadyProof = false, register = {} } = settings;
  const asked = { crossTool, steadyProof, register: registered(register) };
  const reads = distinctScans(scans)
    .reverse()
    .map((scan) => readClaims(scan, asked.register));
  return [...gatherSightings(reads)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, seen]) => foldSeen(seen, reads, asked) ?? []);
}
