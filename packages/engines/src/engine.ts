import type {
  Authorization,
  EngineName,
  Instant,
  PlannedTask,
  Reason,
  RetestObstacle,
} from '@backcheck/core';

/** What a runner found on its machine. */
export type Installed =
  | { readonly kind: 'found'; readonly version: string }
  /** `install`: the package to install, by its Debian name or its project. */
  | { readonly kind: 'missing'; readonly install: string };

/** A task as a runner has it in its hands. */
export interface Order extends Omit<PlannedTask, 'vantage'> {
  /** Where `host` is, resolved once and made sure of: every connection goes here and nowhere else. */
  readonly address: string;
  /** New connections a second, at most: this task's share of what the authorization allows. */
  readonly rate: number;
}

/** What an engine may use. */
export interface RunContext {
  /** An empty folder of this run. */
  readonly folder: string;
  /** Fires at the stop button, the end of the window, or when the runner lost its server: kill what runs, at once. */
  readonly signal: AbortSignal;
  readonly authorization: Authorization;
  /** Addresses of this machine and of the installation, which are never probed unless listed. */
  readonly ownAddresses: readonly string[];
  readonly clock: () => Date;
  /** Hears of each place that a tool wanted to reach, by a redirect say, and was kept from. */
  readonly onRefused?: (target: string, why: RetestObstacle) => void;
}

/** What became of a run. `file`: the bytes that the readers get, with the time from which they stand. */
export type RunResult =
  | {
      readonly kind: 'file';
      readonly bytes: Uint8Array;
      /** Such as "nmap.xml"; readers tell the format by the content. */
      readonly fileName: string;
      /** Of the tool's start by our clock: the declared time where the file states none. */
      readonly startedAt: Instant;
      readonly finishedAt: Instant;
    }
  | {
      readonly kind: 'no-answer';
      /** A reason code where the target gave no answer (BLOCKED, NO_HOST, TIMEOUT), else an obstacle. */
      readonly why: RetestObstacle | Reason;
      /** One line of the tool or of the canary, for people. */
      readonly detail: string;
    };

/** One tool, or our own probes, behind one interface: order -> run -> scan file -> the same readers. */
export interface Engine {
  readonly name: EngineName;
  /** Asks the machine each time; never throws. */
  find(): Promise<Installed>;
  /** Never throws for what the target or the tool does; the canary around it is `run/run-order.ts`. */
  run(order: Order, context: RunContext): Promise<RunResult>;
}
