import { hostname } from 'node:os';
import { join } from 'node:path';
import { fingerprintOf } from '@backcheck/core';
import { ensureServerRunner, takeBackLost } from '@backcheck/db';
import { type Engine, openRunFolder, openRunnerKey, type RunnerEvent, runTasks } from '@backcheck/engines';
import type { Config } from '../config.ts';
import type { Parts } from '../platform/parts.ts';
import { ownClient } from './own-client.ts';

/** Of this program; a runner says it at each hello. */
const VERSION = '0.1.0';
/** How often the tasks of lost runners are taken back, in milliseconds. */
const SWEEP = 2000;

export interface Running {
  /** Kills what runs and gives it back at once. */
  stop(): Promise<void>;
}

type Needs = Pick<Parts, 'widePool' | 'files' | 'clock' | 'log'>;
type Settings = Pick<Config, 'dataDir' | 'vantage' | 'runnerTasks'>;

/** The part of this process in retests: it looks after all leases, and runs tasks itself if it is set to. */
export async function startRunning(
  parts: Needs,
  settings: Settings,
  engines: readonly Engine[],
): Promise<Running> {
  const stop = new AbortController();
  const sweeping = setInterval(() => void sweep(parts), SWEEP);
  const own =
    settings.runnerTasks === 0 ? null : await startOwn(parts, { settings, engines, signal: stop.signal });
  return {
    stop: async () => {
      clearInterval(sweeping);
      stop.abort();
      await own?.ended;
    },
  };
}

/** Every server process does it; whoever comes first has done it for all. */
async function sweep({ widePool, clock, log }: Needs): Promise<void> {
  try {
    await takeBackLost(widePool, clock());
  } catch (error) {
    log.error({ err: error }, 'the tasks of lost runners were not taken back; it is tried again');
  }
}

interface Own {
  readonly settings: Settings;
  readonly engines: readonly Engine[];
  readonly signal: AbortSignal;
}

async function startOwn(
  parts: Needs,
  { settings, engines, signal }: Own,
): Promise<{ readonly ended: Promise<void> }> {
  const key = await openRunnerKey(join(settings.dataDir, 'keys/runner-key'));
  // The key tells the processes of one machine apart, and stays from start to start.
  const name = `${hostname()} ${fingerprintOf(key.publicKey).slice(0, 8)}`;
  const runner = await ensureServerRunner(parts.widePool, {
    name,
    vantage: settings.vantage,
    now: parts.clock(),
  });
  if (runner === null)
    throw new Error(`A remote runner has the name of this server's own, "${name}": revoke it`);
  const folder = await openRunFolder(join(settings.dataDir, 'runs'), parts.clock());
  const ended = runTasks({
    client: ownClient(parts, runner),
    engines,
    key,
    version: VERSION,
    folder,
    concurrency: settings.runnerTasks,
    signal,
    clock: parts.clock,
    tell: (event) => tellLog(parts.log, event),
  }).catch((error: unknown) => parts.log.error({ err: error }, 'this server runs no tasks any more'));
  return { ended };
}

function tellLog(log: Parts['log'], event: RunnerEvent): void {
  if (event.kind === 'no-server')
    log.error({ err: event.error }, 'the own runner could not reach the database');
  else if (event.kind === 'connected') log.debug({ tools: event.tools }, 'the own runner is ready');
  else if (event.kind === 'taken')
    log.debug({ lease: event.task.lease, engine: event.task.engine }, 'task taken');
  else log.debug({ lease: event.statement.lease, why: event.statement.why, kept: event.kept }, 'task ended');
}
