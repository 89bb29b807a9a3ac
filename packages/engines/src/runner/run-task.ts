import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  canonical,
  type Envelope,
  type Instant,
  type Reason,
  type RetestObstacle,
  RUN_PAYLOAD_TYPE,
  sealEnvelope,
} from '@backcheck/core';
import type { Engine, RunContext } from '../engine.ts';
import { type RunReport, runOrder } from '../run/run-order.ts';
import type { LeasedTask } from './client.ts';
import type { RunnerKey } from './runner-key.ts';

export interface Bench extends Pick<RunContext, 'ownAddresses' | 'clock'> {
  readonly engines: readonly Engine[];
  /** Each run gets a folder of its own in it, and leaves nothing behind. */
  readonly folder: string;
}

/** What the server is told of one run: contract's RunStatement. */
export interface RunStatement {
  readonly lease: string;
  readonly engine: LeasedTask['engine'];
  readonly host: string;
  readonly address: string | null;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly file: { readonly name: string; readonly sha256: string } | null;
  readonly why: RetestObstacle | Reason | null;
  readonly detail: string | null;
  readonly canary: unknown;
  /** "NOT_AUTHORIZED elsewhere.example:443": where a tool wanted to go and was kept from; the first few, each once. */
  readonly refused: readonly string[];
}

/** A run that is over: its statement, and the bytes that it names. */
export interface Ended {
  readonly statement: RunStatement;
  readonly bytes: Uint8Array | null;
}

/** Why a runner ends a run before its time; the reason of its AbortSignal. */
export type Cut = 'STOPPED' | 'WINDOW_CLOSED' | 'RUNNER_LOST';

const LONGEST_DETAIL = 1000;
const LONGEST_NAME = 200;
const MOST_REFUSED = 20;
const LONGEST_REFUSED = 300;

/**
 * Runs one task to its end. Never throws. What a run that was cut off left behind is not looked at: half a file would
 * pass for a whole one.
 */
export async function runTask(bench: Bench, task: LeasedTask, signal: AbortSignal): Promise<Ended> {
  const begun = bench.clock().toISOString();
  const refused = new Set<string>();
  const onRefused: RunContext['onRefused'] = (target, why) => {
    if (refused.size < MOST_REFUSED) refused.add(`${why} ${target}`.slice(0, LONGEST_REFUSED));
  };
  const ran = signal.aborted ? NOTHING : await tryRun({ ...bench, onRefused }, task, signal);
  const finished = bench.clock().toISOString();
  const { lease, engine, host } = task;
  const common = { lease, engine, host, address: ran.address, canary: ran.canary, refused: [...refused] };
  const cut = signal.aborted ? (signal.reason as Cut) : null;
  if (cut === null && ran.result.kind === 'file') {
    const { bytes, fileName, startedAt, finishedAt } = ran.result;
    const file = {
      name: fileName.slice(0, LONGEST_NAME),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    return { statement: { ...common, startedAt, finishedAt, file, why: null, detail: null }, bytes };
  }
  const answer = ran.result.kind === 'file' ? null : ran.result;
  const detail = cut === null ? (answer?.detail.slice(0, LONGEST_DETAIL) ?? null) : null;
  const why = cut ?? answer?.why ?? 'TOOL_FAILED';
  return {
    statement: { ...common, startedAt: begun, finishedAt: finished, file: null, why, detail },
    bytes: null,
  };
}

const noAnswer = (why: RetestObstacle, detail: string): RunReport => ({
  result: { kind: 'no-answer', why, detail },
  address: null,
  canary: { before: [], after: [] },
});
const NOTHING = noAnswer('STOPPED', '');

async function tryRun(
  bench: Bench & Pick<RunContext, 'onRefused'>,
  task: LeasedTask,
  signal: AbortSignal,
): Promise<RunReport> {
  const engine = bench.engines.find(({ name }) => name === task.engine);
  if (engine === undefined) return noAnswer('TOOL_MISSING', task.engine);
  try {
    const folder = await mkdtemp(join(bench.folder, 'run-'));
    try {
      const { engines: _, folder: __, ...rest } = bench;
      const context = { ...rest, folder, signal, authorization: task.authorization };
      return await runOrder(engine, task, context);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    return noAnswer('TOOL_FAILED', messageOf(error));
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The statement as it is sent: canonical JSON in a DSSE envelope. */
export function sealRun(statement: RunStatement, { secretKey }: RunnerKey): Envelope {
  return sealEnvelope(new TextEncoder().encode(canonical(statement)), secretKey, RUN_PAYLOAD_TYPE);
}
