import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * When a live process started, in a form that tells it from a later process with the same id;
 * undefined when there is none. A zombie has ended, though its id still answers to signal 0.
 */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') return ps(['-o', 'lstart=', '-p', String(pid)]) || undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces and brackets itself: fields count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return undefined;
  }
}

/**
 * The live PostgreSQL processes of one cluster, postmaster and backends. Each of them has the cluster as its
 * working folder; elsewhere than on Linux only the postmaster can be told, by its command line.
 */
export function postgresProcessesIn(cluster: string): number[] {
  if (process.platform !== 'linux') return postmastersByCommand(cluster);
  const folder = realpathSync(cluster);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isPostgresIn(name, folder))
    .map(Number);
}

/** Processes of other users cannot be read; ours always can, because we run as root or as their user. */
function isPostgresIn(pid: string, folder: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) !== folder) return false;
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
  } catch {
    return false;
  }
}

function postmastersByCommand(cluster: string): number[] {
  return ps(['-axo', 'pid=,command='])
    .split('\n')
    .filter((line) => line.includes('/postgres ') && line.includes(`-D ${cluster} `))
    .map((line) => Number.parseInt(line, 10));
}

function ps(args: string[]): string {
  return execFileSync('ps', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).trim();
}
