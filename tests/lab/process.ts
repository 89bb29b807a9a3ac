import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Name of a network namespace to run in. */
  readonly namespace?: string;
  readonly timeoutMs?: number;
  /** Presses Ctrl-C, or pulls the plug, after so many milliseconds. */
  readonly stop?: { readonly signal: 'SIGINT' | 'SIGKILL'; readonly afterMs: number };
}

export interface ToolResult {
  readonly code: number | null;
  readonly output: string;
}

const TWO_MINUTES = 120_000;

export function commandLine({ command, args, namespace }: ToolRun): readonly [string, readonly string[]] {
  return namespace === undefined ? [command, args] : ['ip', ['netns', 'exec', namespace, command, ...args]];
}

/**
 * Runs a tool to its end. Rejects when it cannot be started or takes longer than `timeoutMs` (two minutes).
 * The tool gets a process group of its own, so that what it started ends with it.
 */
export function runTool(run: ToolRun): Promise<ToolResult> {
  const [command, args] = commandLine(run);
  const { timeoutMs = TWO_MINUTES, stop } = run;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: run.cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let late = false;
    const timeout = setTimeout(() => {
      late = true;
      signalGroup(child, 'SIGKILL');
    }, timeoutMs);
    const stopping = stop && setTimeout(() => signalGroup(child, stop.signal), stop.afterMs);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece) => (output += String(piece)));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timeout);
      clearTimeout(stopping);
      if (late) reject(new Error(`${run.command} did not end within ${timeoutMs} ms`));
      else resolve({ code, output });
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Runs a tool that must succeed. */
export async function runSoundly(run: ToolRun): Promise<string> {
  const { code, output } = await runTool(run);
  if (code !== 0)
    throw new Error(`${run.command} ${run.args.join(' ')} ended with ${code}: ${output.trim()}`);
  return output;
}

/** Whether the machine has all of these commands; tests that need them are skipped otherwise. */
export function hasCommands(...commands: readonly string[]): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return commands.every((command) => folders.some((folder) => isExecutable(join(folder, command))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
