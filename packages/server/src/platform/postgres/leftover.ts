import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PostgresFault } from './fault.ts';
import { postgresProcessesIn } from './processes.ts';
import { SOCKET_PORT } from './socket-folder.ts';

const PATIENCE_MS = 60_000;

/**
 * Clears what a killed server or a killed postmaster left, and may be called only by the owner of the data folder.
 * A postmaster that outlived its server is stopped cleanly: what its dead clients were doing is rolled back, and
 * the next one starts with our settings and as our child. Backends that outlived their postmaster are ended:
 * two sets of processes on one cluster would destroy it. Only when no process is left do the lock files go, whose
 * number may belong to a stranger by now.
 * @throws {PostgresFault} STILL_BUSY when a process does not end.
 */
export async function clearLeftovers(cluster: string, socketFolder: string): Promise<void> {
  const running = postgresProcessesIn(cluster);
  if (running.length > 0) await stopProcesses(cluster, running);
  // Elsewhere than on Linux backends cannot be seen: there PostgreSQL's own check of the file decides.
  if (process.platform !== 'linux') return;
  const socketLock = join(socketFolder, `.s.PGSQL.${SOCKET_PORT}.lock`);
  for (const stale of [join(cluster, 'postmaster.pid'), socketLock]) rmSync(stale, { force: true });
}

async function stopProcesses(cluster: string, running: number[]): Promise<void> {
  const postmaster = readPostmaster(cluster);
  const deadline = performance.now() + PATIENCE_MS;
  if (postmaster !== undefined && running.includes(postmaster)) signal(postmaster, 'SIGINT');
  else for (const orphan of running) signal(orphan, 'SIGQUIT');
  while (postgresProcessesIn(cluster).length > 0) {
    if (performance.now() > deadline) throw stillBusy(postgresProcessesIn(cluster));
    await wait(10);
  }
}

/** The first line of the file; undefined when there is none. */
export function readPostmaster(cluster: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended between the look and the signal, which is what was wanted.
  }
}

function stillBusy(pids: number[]): PostgresFault {
  return new PostgresFault('STILL_BUSY', {
    en: `An earlier PostgreSQL of this data folder does not end (processes ${pids.join(', ')}). Wait for it or stop it, then start again.`,
    zh: `该数据目录之前的 PostgreSQL 仍未结束（进程 ${pids.join('、')}）。请等待或停止它后重新启动。`,
  });
}
