import { CREDENTIALS, type Credential, type Instant } from '../observe/record.ts';
import type { Presence, Visit } from './claim.ts';
import { credentialRank, methodBit } from './depth.ts';
import { newer } from './feed.ts';

/** A presence and what the scan around it says. */
export interface Sighting {
  readonly presence: Pick<Presence, 'method' | 'credential'> & { readonly visit: Pick<Visit, 'strong'> };
  readonly scan: {
    readonly feedKey: string | null;
    readonly versionKey: string | null;
    readonly vantage: string;
  };
  /** End of the visit; import time where the file has no time. */
  readonly at: Instant;
}

/**
 * Why one clean scan is not believed: `disagreement`, a scan missed within a day what another one like it then saw, so
 * that several machines may answer in turn; `flapping`, it was gone and came back twice within 90 days
 * (COVERAGE.md 5.3, 5.15).
 */
export const UNSTEADINESS = ['disagreement', 'flapping'] as const;
export type Unsteadiness = (typeof UNSTEADINESS)[number];

/**
 * What a scan must bring to close a finding: the strongest of everything that ever saw it. Never the
 * weakest or the latest: with those, a presence added later could close a finding (invariant I7;
 * docs/decisions/0001).
 */
export interface Need {
  readonly first: Instant;
  readonly last: Instant;
  /** OR of `methodBit`. */
  readonly methods: number;
  readonly credential: Credential;
  readonly feedKey: string | null;
  readonly versionKey: string | null;
  /** Sorted, each once. A finding seen from two places is closed when it is gone from both. */
  readonly vantages: readonly string[];
  /** Strong identifiers of all visits that saw it. */
  readonly strong: readonly string[];
  /** How many absences of each vantage must show it; left out where one is enough (COVERAGE.md 5.3). */
  readonly samples?: number;
  /** Left out where the scans never contradicted each other; in the order of UNSTEADINESS, never empty. */
  readonly unsteady?: readonly Unsteadiness[];
}

const later = (a: string | null, b: string | null): string | null =>
  a === null ? b : b === null || newer(a, b) ? a : b;

const union = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())].sort();

/** Null when nothing was ever seen. */
export function needOf(sightings: readonly Sighting[]): Need | null {
  const times = sightings.map((one) => one.at).sort();
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return null;
  const scans = sightings.map((one) => one.scan);
  const presences = sightings.map((one) => one.presence);
  const credential = Math.max(...presences.map((one) => credentialRank(one.credential)));
  return {
    first,
    last,
    methods: presences.reduce((bits, one) => bits | methodBit(one.method), 0),
    credential: CREDENTIALS[credential] ?? 'privileged',
    feedKey: scans.map((scan) => scan.feedKey).reduce(later, null),
    versionKey: scans.map((scan) => scan.versionKey).reduce(later, null),
    vantages: union([scans.map((scan) => scan.vantage)]),
    strong: union(presences.map((one) => one.visit.strong)),
  };
}

/** What an absence at a moment must bring. */
export type NeedAt = (at: Instant | null) => Need;

/**
 * An absence after the first presence answers for the presences before it, and for those only: what a newer
 * feed or a deeper method saw later does not undo that it was gone in between. Before the first presence, or
 * without a time, there is nothing to answer for and the whole need stands.
 */
export function needAtOf(sightings: readonly Sighting[], whole: Need): NeedAt {
  return (at) => {
    if (at === null || at <= whole.first || at > whole.last) return whole;
    return needOf(sightings.filter((one) => one.at < at)) ?? whole;
  };
}
