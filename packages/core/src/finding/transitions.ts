import type { Proof } from '../prove/proof.ts';
import type { Overlay, State } from './state.ts';

/**
 * What can happen to a finding, in the order of time. The state itself is folded from the whole set of
 * scans (reconcile/fold.ts); this table says the same for one step, as a person would tell it, and a
 * property test holds the two together.
 */
export type StateEvent =
  /** A later scan saw it, asking no more of a proof than before. */
  | { readonly kind: 'seen' }
  /** A later scan covered it and did not see it. There is no way to say so without the proof. */
  | { readonly kind: 'proven-absent'; readonly proof: Proof }
  /** A later scan did not see it, but part of that rests on an assumption or on the organization's word. */
  | { readonly kind: 'assumed-absent' }
  /** A later scan could not tell. */
  | { readonly kind: 'not-covered' };

const NEXT_STATE = {
  open: {
    seen: 'open',
    'proven-absent': 'verified-fixed',
    'assumed-absent': 'fixed-unverified',
    'not-covered': 'open',
  },
  'fixed-unverified': {
    seen: 'open',
    'proven-absent': 'verified-fixed',
    'assumed-absent': 'fixed-unverified',
    'not-covered': 'fixed-unverified',
  },
  regressed: {
    seen: 'regressed',
    'proven-absent': 'verified-fixed',
    'assumed-absent': 'regressed',
    'not-covered': 'regressed',
  },
  'verified-fixed': {
    seen: 'regressed',
    'proven-absent': 'verified-fixed',
    'assumed-absent': 'verified-fixed',
    'not-covered': 'verified-fixed',
  },
} as const satisfies Record<State, Record<StateEvent['kind'], State>>;

export function nextState(state: State, event: StateEvent): State {
  return NEXT_STATE[state][event.kind];
}

/** What a person decides, and what ends a decision. */
export type OverlayEvent =
  | 'claim'
  | 'accept'
  | 'call-false-positive'
  | 'call-not-applicable'
  | 'lapse'
  | 'seen'
  | 'proven-absent';

/**
 * Laid over the state, never instead of it: no decision closes a finding, and each ends (`lapse`: expired
 * or revoked). A presence ends a claim of fix and a "not applicable", since both are then plainly wrong;
 * acceptance and false positive were decided knowing that the tool reports it.
 */
const NEXT_OVERLAY = {
  none: {
    claim: 'claimed',
    accept: 'accepted',
    'call-false-positive': 'false-positive',
    'call-not-applicable': 'not-applicable',
    lapse: 'none',
    seen: 'none',
    'proven-absent': 'none',
  },
  claimed: {
    claim: 'claimed',
    accept: 'accepted',
    'call-false-positive': 'false-positive',
    'call-not-applicable': 'not-applicable',
    lapse: 'none',
    seen: 'none',
    'proven-absent': 'none',
  },
  accepted: {
    claim: 'claimed',
    accept: 'accepted',
    'call-false-positive': 'false-positive',
    'call-not-applicable': 'not-applicable',
    lapse: 'none',
    seen: 'accepted',
    'proven-absent': 'none',
  },
  'false-positive': {
    claim: 'false-positive',
    accept: 'false-positive',
    'call-false-positive': 'false-positive',
    'call-not-applicable': 'not-applicable',
    lapse: 'none',
    seen: 'false-positive',
    'proven-absent': 'false-positive',
  },
  'not-applicable': {
    claim: 'not-applicable',
    accept: 'not-applicable',
    'call-false-positive': 'false-positive',
    'call-not-applicable': 'not-applicable',
    lapse: 'none',
    seen: 'none',
    'proven-absent': 'not-applicable',
  },
} as const satisfies Record<DecidedOverlay, Record<OverlayEvent, DecidedOverlay>>;

/** `unreachable` is not here: it is computed from the visits, nobody decides it (decision.ts). */
export type DecidedOverlay = Exclude<Overlay, 'unreachable'> | 'none';

export function nextOverlay(overlay: DecidedOverlay, event: OverlayEvent): DecidedOverlay {
  return NEXT_OVERLAY[overlay][event];
}
