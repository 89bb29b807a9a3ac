import type { Reason } from '@backcheck/core';
import type { Connect, ConnectOptions, Patience } from './connect.ts';

/** One check at one locus, as a question of the order has it. Locus '' is the check as such. */
export interface Asked {
  readonly check: string;
  readonly locus: string;
}

/** What a probe says about one of the things it was asked. `detail`: one line for people. */
export type Said = Asked &
  (
    | { readonly verdict: 'present' | 'absent'; readonly detail?: string }
    | { readonly verdict: 'error'; readonly reason: Reason; readonly detail: string }
    /** Every presence of the check at this place was said; at any other locus it is absent. */
    | { readonly verdict: 'listed' }
  );

/** What a probe may use. All connections go to the one address that the run is pinned to. */
export interface Target {
  /** As the asset is known: a name (sent as SNI and Host) or an address. */
  readonly host: string;
  readonly connect: Connect;
  /** One question and its answer over UDP. */
  readonly exchange: (port: number, question: Uint8Array, options: ConnectOptions) => Promise<Buffer>;
  /** Texts of a name, of the system's resolver: one string for each record. */
  readonly resolveTxt: (name: string) => Promise<string[][]>;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly clock: () => Date;
}

/** Where a probe looks. */
export interface Place {
  readonly transport: 'tcp' | 'udp' | 'sctp' | 'none';
  readonly port: number;
}

/**
 * Answers for each thing that it was asked, once. It may throw what reading and connecting throw: whatever it
 * throws is an error for all that it was asked, never an absence.
 */
export type Probe = (place: Place, asked: readonly Asked[], target: Target) => Promise<readonly Said[]>;

export const found = (asked: Asked, present: boolean, detail?: string): Said => ({
  check: asked.check,
  locus: asked.locus,
  verdict: present ? 'present' : 'absent',
  ...(detail === undefined ? {} : { detail }),
});

export const notKnown = (asked: Asked, detail: string, reason: Reason = 'CHECK_NOT_RUN'): Said => ({
  check: asked.check,
  locus: asked.locus,
  verdict: 'error',
  reason,
  detail,
});

/** "backcheck-tls:tls1.0" -> "tls1.0". */
export const idOf = ({ check }: Asked): string => check.slice(check.indexOf(':') + 1);
