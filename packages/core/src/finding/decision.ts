import type { Instant } from '../observe/record.ts';
import type { Overlay, State } from './state.ts';
import { type DecidedOverlay, nextOverlay, type OverlayEvent } from './transitions.ts';

export const DECISIONS = ['claimed', 'accepted', 'false-positive', 'not-applicable', 'revoked'] as const;

/** What a person adds to a finding. `expiresAt` null: until revoked, which `accepted` does not allow. */
export interface Decision {
  readonly kind: (typeof DECISIONS)[number];
  readonly decidedAt: Instant;
  readonly expiresAt: Instant | null;
}

const EVENT_OF: Record<Decision['kind'], OverlayEvent> = {
  claimed: 'claim',
  accepted: 'accept',
  'false-positive': 'call-false-positive',
  'not-applicable': 'call-not-applicable',
  revoked: 'lapse',
};

/** The moments in which the scans decided something themselves; both null where it never happened. */
export interface ScanMoments {
  readonly lastSeen: Instant;
  readonly provenAbsent: Instant | null;
}

interface Moment {
  readonly at: Instant;
  readonly event: OverlayEvent;
}

/**
 * The overlay at `now`, by the time at which things took effect, not the order in which they were entered.
 * An acceptance without an end is none: a risk is accepted until a day, or not at all.
 */
export function decidedOverlay(
  decisions: readonly Decision[],
  moments: ScanMoments,
  now: Instant,
): DecidedOverlay {
  const decided = decisions
    .filter((one) => one.decidedAt <= now && !(one.kind === 'accepted' && one.expiresAt === null))
    .filter((one) => one.expiresAt === null || one.expiresAt > now)
    .map((one): Moment => ({ at: one.decidedAt, event: EVENT_OF[one.kind] }));
  const scanned: Moment[] = [{ at: moments.lastSeen, event: 'seen' }];
  if (moments.provenAbsent !== null) scanned.push({ at: moments.provenAbsent, event: 'proven-absent' });
  return [...decided, ...scanned]
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .reduce<DecidedOverlay>((overlay, moment) => nextOverlay(overlay, moment.event), 'none');
}

/** One attempt to reach an asset. */
export interface Attempt {
  readonly at: Instant;
  readonly reached: boolean;
}

const FOURTEEN_DAYS = 14 * 24 * 60 * 60 * 1000;

/** Two attempts in a row without contact, or one and fourteen days of silence since (COVERAGE.md section 2, overlays). */
export function isUnreachable(attempts: readonly Attempt[], now: Instant): boolean {
  const latestFirst = [...attempts].sort((a, b) => (a.at < b.at ? 1 : -1));
  const contact = latestFirst.findIndex((one) => one.reached);
  const failed = contact < 0 ? latestFirst : latestFirst.slice(0, contact);
  const oldest = failed.at(-1);
  if (oldest === undefined) return false;
  return failed.length >= 2 || Date.parse(now) - Date.parse(oldest.at) >= FOURTEEN_DAYS;
}

/** The one word for a list: the first that holds (COVERAGE.md section 2, displayed state). */
export function displayedState(state: State, decided: DecidedOverlay, unreachable: boolean): State | Overlay {
  if (decided === 'false-positive' || decided === 'not-applicable' || decided === 'accepted') return decided;
  if (state === 'verified-fixed' || state === 'regressed') return state;
  if (unreachable) return 'unreachable';
  return decided === 'claimed' ? 'fixed-unverified' : state;
}
