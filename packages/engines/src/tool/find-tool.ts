import { tmpdir } from 'node:os';
import type { Installed } from '../engine.ts';
import { spawnTool } from '../run/spawn-tool.ts';

export interface Search {
  /** Names that it goes by, the usual one first. */
  readonly commands: readonly string[];
  /** Makes it say its version and end. */
  readonly args: readonly string[];
  /** Its first group is the version, as the tool writes it into its files. */
  readonly version: RegExp;
  /** The package to install. */
  readonly install: string;
}

/** The command that is installed, and its version. */
export interface Tool {
  readonly command: string;
  readonly version: string;
}

const TIMEOUT = 20_000;

export async function findTool({ commands, args, version }: Search): Promise<Tool | null> {
  for (const command of commands) {
    const signal = AbortSignal.timeout(TIMEOUT);
    const { output } = await spawnTool({ command, args, cwd: tmpdir(), signal, timeoutMs: TIMEOUT });
    const [, said] = version.exec(output) ?? [];
    if (said !== undefined) return { command, version: said };
  }
  return null;
}

export async function installed(search: Search): Promise<Installed> {
  const tool = await findTool(search);
  if (tool === null) return { kind: 'missing', install: search.install };
  return { kind: 'found', version: tool.version };
}
