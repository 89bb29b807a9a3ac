import type { Authorization, EngineName, Envelope, Instant, PlannedTask } from '@backcheck/core';

/** A task in the hands of this runner, for as long as its lease is renewed. */
export interface LeasedTask extends Omit<PlannedTask, 'vantage'> {
  readonly lease: string;
  /** New connections a second. */
  readonly rate: number;
  /** When its window closes. */
  readonly stopAt: Instant | null;
  readonly authorization: Authorization;
}

export interface RunnerTool {
  readonly engine: EngineName;
  readonly version: string | null;
  /** The package to install, where `version` is null. */
  readonly install: string | null;
}

export interface Hello {
  readonly version: string;
  /** Ed25519 in hex. */
  readonly publicKey: string;
  readonly tools: readonly RunnerTool[];
}

export interface Welcome {
  readonly runnerId: string;
  readonly vantage: string;
  readonly serverTime: Instant;
}

/** `lost`: the lease is not ours any more, nothing was kept. `refused`: the same result would be refused again. */
export type Delivery =
  | { readonly kind: 'accepted' | 'lost' }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * What a runner says to its server: over HTTP (cli), or inside the server's own process. Throws `RunnerStop` when the
 * server will never want this runner again; any other throw means that it could not be reached.
 */
export interface RunnerClient {
  hello(hello: Hello): Promise<Welcome>;
  take(most: number): Promise<readonly LeasedTask[]>;
  /** Renews the leases; answers with those that are to be stopped at once. */
  beat(leases: readonly string[]): Promise<readonly string[]>;
  deliver(
    statement: Envelope,
    file: { readonly name: string; readonly bytes: Uint8Array } | null,
  ): Promise<Delivery>;
}

export type StopCode = 'RUNNER_KEY_INVALID' | 'RUNNER_KEY_CHANGED' | 'CLOCK_OFF';

/** This runner can do nothing more until a person changes something. */
export class RunnerStop extends Error {
  override readonly name = 'RunnerStop';
  readonly code: StopCode;

  constructor(code: StopCode, message: string) {
    super(message);
    this.code = code;
  }
}
