import { readRange } from './address.ts';
import type { Instant } from './record.ts';

/**
 * A person's word that visits are to another asset than they name: those that name `identity` and start in
 * [from, until) belong to `target`. A merge is a link; a split ends one, or links to a new identity from then on.
 */
export interface Link {
  readonly identity: string;
  readonly target: string;
  /** null: always. */
  readonly from: Instant | null;
  readonly until: Instant | null;
}

/** Several machines answer under this identity, one at a time (COVERAGE.md 5.3): 2 to `MAX_BACKENDS`. */
export interface BalancedAsset {
  readonly identity: string;
  readonly backends: number;
}

/** What people registered about assets, beside the scans. */
export interface Register {
  readonly links?: readonly Link[];
  /** "192.0.2.0/24": addresses that move from machine to machine. */
  readonly dhcpRanges?: readonly string[];
  readonly balanced?: readonly BalancedAsset[];
}

/** A visit without a time follows only a link that holds always. */
function holds({ from, until }: Link, at: Instant | null): boolean {
  if (at === null) return from === null && until === null;
  return (from === null || from <= at) && (until === null || at < until);
}

/** The asset that a visit belongs to. One step: a link never leads to an identity that is linked then. */
export function resolveAsset(identity: string, at: Instant | null, links: readonly Link[]): string {
  return links.find((one) => one.identity === identity && holds(one, at))?.target ?? identity;
}

export type LinkRefusal = 'SAME_ASSET' | 'EMPTY_INTERVAL' | 'ALREADY_LINKED' | 'LINK_CHAIN';

const overlap = (a: Link, b: Link): boolean =>
  (a.from === null || b.until === null || a.from < b.until) &&
  (b.from === null || a.until === null || b.from < a.until);

/** Why `link` cannot stand beside the others: at no moment may an identity have two targets, or a target one. */
export function refuseLink(link: Link, others: readonly Link[]): LinkRefusal | null {
  if (link.identity === link.target) return 'SAME_ASSET';
  if (link.from !== null && link.until !== null && link.from >= link.until) return 'EMPTY_INTERVAL';
  const meanwhile = others.filter((one) => overlap(one, link));
  if (meanwhile.some((one) => one.identity === link.identity)) return 'ALREADY_LINKED';
  const chained = meanwhile.some((one) => one.identity === link.target || one.target === link.identity);
  return chained ? 'LINK_CHAIN' : null;
}

/** Absences, a day from the first to the last, that speak for all of what answers in turn (COVERAGE.md 5.3). */
export const SAMPLES = 5;
export const SAMPLE_HOURS = 24;

/** A certificate names every sample, and must stay below the size that a verifier reads. */
export const MAX_BACKENDS = 100;

/** The register, ready to be asked about each visit. */
export interface Registered {
  assetOf(identity: string, at: Instant | null): string;
  /** Whether an asset of this identity is known by nothing but an address that moves. */
  isLeased(identity: string): boolean;
  /** How many absences closing needs at this asset. */
  samplesFor(identity: string): number;
}

export function registered({ links = [], dhcpRanges = [], balanced = [] }: Register): Registered {
  const byIdentity = Map.groupBy(links, (link) => link.identity);
  const ranges = dhcpRanges.map(readRange).filter((range) => range !== null);
  // Fewer samples than back ends cannot have met them all.
  const samples = new Map(balanced.map((one) => [one.identity, Math.max(SAMPLES, one.backends)]));
  return {
    assetOf: (identity, at) => resolveAsset(identity, at, byIdentity.get(identity) ?? []),
    isLeased: (identity) =>
      identity.startsWith('ip:') && ranges.some((contains) => contains(identity.slice('ip:'.length))),
    samplesFor: (identity) => samples.get(identity) ?? 1,
  };
}
