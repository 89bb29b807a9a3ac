import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { clusterArgument } from './cluster.ts';
import { PostgresFault } from './fault.ts';
import type { Runtime } from './runtime.ts';
import { serverSettings } from './settings.ts';

const LOG_LIMIT = 10 * 1024 * 1024;
const STOP_PATIENCE_MS = 60_000;

export interface Place {
  readonly cluster: string;
  readonly socketFolder: string;
  readonly logFile: string;
}

export interface Postmaster {
  readonly pid: number;
  /** Fast shutdown: open transactions are rolled back, everything acknowledged is on the disk. */
  stop(): Promise<void>;
}

/**
 * Starts the server and waits until it accepts connections; after a crash that includes its recovery, for which
 * there is no time limit. `onCrash` is called once if it ends later without having been asked to.
 * The output goes to a file and not through us, so that it does not depend on our being alive.
 * @throws {PostgresFault} START_FAILED with the last words of its log.
 */
export async function startPostmaster(
  place: Place,
  runtime: Runtime,
  onCrash: (fault: PostgresFault) => void,
): Promise<Postmaster> {
  const logStart = openLog(place.logFile);
  const child = launch(place, runtime);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  const failure = await Promise.race([ended, untilReady(place.cluster, child)]);
  const { pid } = child;
  if (failure !== undefined || pid === undefined) {
    throw fault('START_FAILED', failure ?? 'no process', lastWords(place.logFile, logStart));
  }
  let asked = false;
  void ended.then((how) => {
    if (!asked) onCrash(fault('CRASHED', how, lastWords(place.logFile, logStart)));
  });
  const stopAtExit = () => child.kill('SIGINT');
  process.once('exit', stopAtExit);
  return {
    pid,
    stop: async () => {
      asked = true;
      child.kill('SIGINT');
      const impatience = setTimeout(() => child.kill('SIGQUIT'), STOP_PATIENCE_MS);
      await ended;
      clearTimeout(impatience);
      process.off('exit', stopAtExit);
    },
  };
}

/** In its own session: Ctrl-C in a terminal must reach us first, so that work in hand is finished before it. */
function launch({ cluster, socketFolder, logFile }: Place, runtime: Runtime): ChildProcess {
  const log = openSync(logFile, 'a');
  const args = ['-D', clusterArgument(cluster, runtime), ...serverSettings(socketFolder)];
  const child = spawn(join(runtime.programs, 'postgres'), args, {
    cwd: cluster,
    env: runtime.env,
    stdio: ['ignore', log, log],
    detached: true,
    ...runtime.account,
  });
  closeSync(log);
  child.unref();
  return child;
}

/** The eighth line of `postmaster.pid` is the server's own word on how far it is. */
async function untilReady(cluster: string, child: ChildProcess): Promise<undefined> {
  while (child.exitCode === null && child.signalCode === null) {
    const lines = readIfThere(join(cluster, 'postmaster.pid')).split('\n');
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return;
    await wait(10);
  }
  // It ended: then `ended` says how, and this must not win the race.
  return new Promise(() => undefined);
}

/** Keeps one older log. Returns where this start's part begins. */
function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < LOG_LIMIT) return size;
  renameSync(file, `${file}.1`);
  return 0;
}

/** Each line begins with its time and process, which say nothing to the operator. */
function lastWords(file: string, from: number): string {
  const lines = readIfThere(file, from)
    .split('\n')
    .map((line) => line.replace(/^[\d-]+ [\d:.]+ \w+ \[\d+\] /, '').trim());
  return lines.filter(Boolean).slice(-3).join(' ');
}

function readIfThere(file: string, from = 0): string {
  try {
    return readFileSync(file).toString('utf8', from);
  } catch {
    return '';
  }
}

function fault(code: 'START_FAILED' | 'CRASHED', how: string, words: string): PostgresFault {
  const detail = words === '' ? how : `${how}: ${words}`;
  return code === 'CRASHED'
    ? new PostgresFault(code, {
        en: `The database has ended unexpectedly (${detail}). Nothing that was confirmed is lost; start the server again.`,
        zh: `数据库意外终止（${detail}）。已确认的数据不会丢失，请重新启动服务。`,
      })
    : new PostgresFault(code, {
        en: `The database could not start (${detail}).`,
        zh: `数据库无法启动（${detail}）。`,
      });
}
