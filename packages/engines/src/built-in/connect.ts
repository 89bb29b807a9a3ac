import type { Socket } from 'node:net';
import type { Reason } from '@backcheck/core';
import { codeOf } from '../guard/error-code.ts';

export interface ConnectOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * A TCP connection to one port of the address that the run is pinned to. Whoever supplies it asks the
 * authorization and keeps to the rate; the probes know no other way to the target.
 */
export type Connect = (port: number, options: ConnectOptions) => Promise<Socket>;

/** How long a connection may take, and a whole conversation over it, in milliseconds. Slower servers are an error. */
export interface Patience {
  readonly connectMs: number;
  readonly conversationMs: number;
}

export const PATIENCE: Patience = { connectMs: 5_000, conversationMs: 10_000 };

/** The target gave no usable answer. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly reason: Reason;
  /** A packet of the target came back, so that it is up. */
  readonly answered: boolean;

  constructor(reason: Reason, message: string, { answered, cause }: { answered: boolean; cause?: unknown }) {
    super(message, { cause });
    this.reason = reason;
    this.answered = answered;
  }
}

/** Any fault of a probe as the reason for which it has no answer. */
export function noAnswer(error: unknown): NoAnswer {
  if (error instanceof NoAnswer) return error;
  const message = error instanceof Error ? error.message : String(error);
  const timedOut = error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name);
  const [reason, answered] = REASON_OF[timedOut ? 'ETIMEDOUT' : codeOf(error)] ?? ['CHECK_NOT_RUN', false];
  return new NoAnswer(reason, message, { answered, cause: error });
}

const REASON_OF: Readonly<Record<string, readonly [reason: Reason, answered: boolean]>> = {
  ECONNREFUSED: ['CHECK_NOT_RUN', true],
  // A conversation that was cut off without a word: a server or something before it that does not want us.
  ECONNRESET: ['BLOCKED', true],
  EPIPE: ['BLOCKED', true],
  ETIMEDOUT: ['TIMEOUT', false],
  EHOSTUNREACH: ['NO_HOST', false],
  ENETUNREACH: ['NO_HOST', false],
  EHOSTDOWN: ['NO_HOST', false],
  // ICMPv6 "administratively prohibited", or a filter of this machine.
  EACCES: ['BLOCKED', false],
  EPERM: ['BLOCKED', false],
};
