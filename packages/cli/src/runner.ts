import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  ALL_ENGINES,
  type Engine,
  openRunFolder,
  openRunnerKey,
  type RunnerEvent,
  type RunnerKey,
  RunnerStop,
  runTasks,
} from '@backcheck/engines';
import { HttpRunnerClient } from './runner-client.ts';
import { RUNNER_WORDS } from './runner-text.ts';
import { type Terminal, terminal } from './terminal.ts';

export interface RunnerCommandOptions {
  readonly server: string;
  /** `bcr_…` */
  readonly key: string;
  /** Holds the key that signs results, and a folder for each run while it lasts. */
  readonly data: string;
  /** Tasks at the same time, as typed. */
  readonly tasks: string;
}

/** What a test replaces: the end of the process, and the tools. */
export interface RunnerSurroundings {
  readonly to: Terminal;
  readonly signal: AbortSignal;
  readonly engines: readonly Engine[];
}

/** Of this program; a runner says it at each hello. */
const VERSION = '0.1.0';

/**
 * `backcheck runner`: looks again at what its server asks, from where it stands; it opens connections, nobody connects
 * to it. Runs until SIGTERM or SIGINT, and waits for a server that is away. Exit codes: 0 stopped, 1 the server wants a
 * person to do something first (key, signing key, clock), 2 a wrong option or a data folder that cannot be used.
 */
export async function runnerCommand(
  options: RunnerCommandOptions,
  surroundings: RunnerSurroundings = ofProcess(),
): Promise<number> {
  const { to } = surroundings;
  const words = RUNNER_WORDS[to.language];
  const concurrency = /^\d{1,2}$/.test(options.tasks) ? Number(options.tasks) : 0;
  if (concurrency < 1 || concurrency > 50) return refuse(to, words.badTasks);
  const data = resolve(options.data);
  const prepared = await prepare(data, new Date(to.now())).catch((error: unknown) => reasonOf(error));
  if (typeof prepared === 'string') return refuse(to, words.badFolder(data, prepared));
  return work({ options, surroundings, concurrency, ...prepared });
}

async function prepare(data: string, now: Date): Promise<Pick<Work, 'key' | 'folder'>> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const key = await openRunnerKey(join(data, 'runner-key'));
  return { key, folder: await openRunFolder(join(data, 'runs'), now) };
}

function refuse(to: Terminal, why: string): number {
  to.complain(why);
  return 2;
}

function ofProcess(): RunnerSurroundings {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  return { to: terminal(), signal: stop.signal, engines: Object.values(ALL_ENGINES) };
}

interface Work {
  readonly options: RunnerCommandOptions;
  readonly surroundings: RunnerSurroundings;
  readonly key: RunnerKey;
  readonly folder: string;
  readonly concurrency: number;
}

async function work({ options, surroundings, key, folder, concurrency }: Work): Promise<number> {
  const { to, signal, engines } = surroundings;
  const words = RUNNER_WORDS[to.language];
  const tell = teller(options.server, to);
  try {
    const client = new HttpRunnerClient({ url: options.server, key: options.key });
    const clock = () => new Date(to.now());
    await runTasks({ client, engines, key, version: VERSION, folder, concurrency, signal, clock, tell });
    await to.print(`${words.stopped}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof RunnerStop)) throw error;
    to.complain(words.stop[error.code](error.message));
    return 1;
  }
}

/** A line for each thing that happens; a server that is away is complained of once, until it is back. */
function teller(url: string, to: Terminal): (event: RunnerEvent) => void {
  const words = RUNNER_WORDS[to.language];
  const say = (...lines: readonly string[]) => void to.print(`${lines.join('\n')}\n`);
  let state: 'unknown' | 'connected' | 'away' = 'unknown';
  return (event) => {
    if (event.kind === 'no-server') {
      if (state !== 'away') to.complain(words.noServer(url, reasonOf(event.error)));
      state = 'away';
    } else if (event.kind === 'connected') {
      if (state !== 'connected') say(words.connected(url, event.welcome), ...event.tools.map(words.tool));
      state = 'connected';
    } else if (event.kind === 'taken') say(words.taken(event.task));
    else if (event.kept) say(words.ended(event.statement));
    else to.complain(words.lost(event.statement));
  };
}

/** `fetch failed` alone says nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
