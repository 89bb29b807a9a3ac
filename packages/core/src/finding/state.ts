/**
 * The computed state of a finding: what all scans together prove, and nothing that a person says.
 * `verified-fixed` needs a proof in the type, in the fold and in the table (DESIGN section 4, three locks).
 */
export const STATES = ['open', 'fixed-unverified', 'regressed', 'verified-fixed'] as const;
export type State = (typeof STATES)[number];

/** What a person's decision, or the asset's silence, lays over the computed state. */
export const OVERLAYS = ['false-positive', 'not-applicable', 'accepted', 'claimed', 'unreachable'] as const;
export type Overlay = (typeof OVERLAYS)[number];
