import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

export interface ToolCall {
  readonly command: string;
  readonly args: readonly string[];
  /** The run's own folder; also the tool's HOME, so that no settings of ours or of the machine's user change the run. */
  readonly cwd: string;
  /** Besides PATH, HOME, LANG=C.UTF-8 and TZ=UTC; nothing else of our environment reaches a tool. Wins over those. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export interface ToolEnd {
  /** Null when a signal ended it, or when it could not be started (then `output` says why). */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last 256 KiB of what it wrote to standard output and standard error, as they came. */
  readonly output: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly timedOut: boolean;
}

type Tool = ChildProcessByStdio<null, Readable, Readable>;

const OUTPUT_LIMIT = 256 * 1024;
/** How long something that left the group may hold the tool's pipes after its end, in milliseconds. */
const PIPE_GRACE = 1000;
/** So often at most is looked for what is left of a tool. */
const ROUNDS = 20;
/** util-linux: the kernel kills the tool when we are killed, so that a lost runner leaves nothing running. */
const SETPRIV = '/usr/bin/setpriv';

/**
 * Runs a tool in a session of its own, and kills all of it when `signal` fires, the time is up or the
 * tool has ended. Never throws: a tool that cannot be started ends with neither code nor signal.
 */
export async function spawnTool(call: ToolCall): Promise<ToolEnd> {
  const startedAt = new Date();
  if (call.signal.aborted) return notStarted(startedAt, 'stopped before it was started');
  const tool = start(call);
  const output = keepEnd(tool);
  const timeout = AbortSignal.timeout(call.timeoutMs);
  const stop = AbortSignal.any([call.signal, timeout]);
  const killTool = () => killAll(tool);
  stop.addEventListener('abort', killTool, { once: true });
  try {
    const { code, signal } = await ended(tool);
    const timedOut = timeout.aborted && signal !== null;
    return { code, signal, output: output(), startedAt, finishedAt: new Date(), timedOut };
  } catch (fault) {
    return notStarted(startedAt, fault instanceof Error ? fault.message : String(fault));
  } finally {
    stop.removeEventListener('abort', killTool);
  }
}

function start({ command, args, cwd, env }: ToolCall): Tool {
  const own = { PATH: process.env.PATH ?? '', HOME: cwd, LANG: 'C.UTF-8', TZ: 'UTC' };
  const bound = existsSync(SETPRIV);
  return spawn(
    bound ? SETPRIV : command,
    bound ? ['--pdeathsig', 'KILL', '--', command, ...args] : [...args],
    { cwd, env: { ...own, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

function notStarted(startedAt: Date, output: string): ToolEnd {
  return { code: null, signal: null, output, startedAt, finishedAt: new Date(), timedOut: false };
}

/** Rejects when the tool cannot be started. */
function ended(tool: Tool): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    code: number | null;
    signal: NodeJS.Signals | null;
  }>();
  tool.once('error', reject);
  tool.once('exit', () => {
    killAll(tool);
    const grace = setTimeout(() => {
      tool.stdout.destroy();
      tool.stderr.destroy();
    }, PIPE_GRACE);
    tool.once('close', () => clearTimeout(grace));
  });
  tool.once('close', (code, signal) => resolve({ code, signal }));
  return promise;
}

/**
 * The group outlives its leader as long as the leader's children do. What left the group, as `timeout` does, is still
 * in the session that began with the tool; Linux tells which that is.
 */
function killAll({ pid }: Tool): void {
  if (pid === undefined) return;
  kill(-pid);
  // What is forked while the list is read is in the next one.
  for (let round = 0; round < ROUNDS; round += 1) {
    const left = sessionOf(pid);
    if (left.length === 0) return;
    left.forEach(kill);
  }
}

/** Those that still run: proc(5), `stat`, fields 3 (state) and 6 (session), behind the name in brackets. */
function sessionOf(leader: number): number[] {
  if (!existsSync('/proc/self/stat')) return [];
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.map(Number).filter((pid) => {
    const [state = '', , , session] = statOf(pid)
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(session) === leader && !/^[ZX]$/.test(state);
  });
}

/** Empty for one that is gone. */
function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

/** Negative: a group. One that is gone is no fault. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'ESRCH')) throw fault;
  }
}

function keepEnd(tool: Tool): () => string {
  let kept = Buffer.alloc(0);
  const take = (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-OUTPUT_LIMIT);
  };
  tool.stdout.on('data', take);
  tool.stderr.on('data', take);
  return () => kept.toString();
}
