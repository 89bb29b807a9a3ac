import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { SOCKET_PORT } from './socket-folder.ts';

const MIB = 1024 * 1024;

/**
 * Command line settings, so that each start has today's, whatever an older version wrote into the data folder.
 * Nothing here trades safety for speed: an acknowledged commit is on the disk.
 */
export function serverSettings(socketFolder: string): string[] {
  const settings: Record<string, string> = {
    // The packaged OpenSSL is from 2018: this server never listens on the network.
    listen_addresses: '',
    port: String(SOCKET_PORT),
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    shared_buffers: `${sharedBuffersMiB()}MB`,
    work_mem: '32MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '4GB',
    wal_compression: 'on',
    random_page_cost: '1.1',
    jit: 'off',
    dynamic_shared_memory_type: dynamicSharedMemory(),
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
    cluster_name: 'backcheck',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** An eighth of what this machine or container has, between 64 MiB and 1 GiB. */
function sharedBuffersMiB(): number {
  const limit = process.constrainedMemory();
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.round(Math.min(1024, Math.max(64, memory / 8 / MIB)));
}

/** Containers often have a /dev/shm of 64 MiB, where a parallel hash join of ours ends in "no space left". */
function dynamicSharedMemory(): 'posix' | 'mmap' {
  if (process.platform !== 'linux') return 'posix';
  try {
    const { bsize, blocks } = statfsSync('/dev/shm');
    return bsize * blocks >= 256 * MIB ? 'posix' : 'mmap';
  } catch {
    return 'mmap';
  }
}
