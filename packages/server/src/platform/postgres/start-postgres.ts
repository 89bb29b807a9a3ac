import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chooseAccount } from './account.ts';
import { DATABASE, ensureCluster, SUPERUSER } from './cluster.ts';
import { PostgresFault } from './fault.ts';
import { clearLeftovers } from './leftover.ts';
import { takeOwnerLock } from './owner-lock.ts';
import { startPostmaster } from './postmaster.ts';
import { prepareRuntime } from './runtime.ts';
import { prepareSocketFolder, SOCKET_PORT } from './socket-folder.ts';

export interface PostgresOptions {
  /** Made when absent. The cluster is its folder `postgres`, the server's log `postgres.log`. */
  readonly dataDir: string;
  /** The server ended without being asked: `fault.message` tells the operator. Called at most once. */
  readonly onCrash: (fault: PostgresFault) => void;
}

/** A running server. The first five fields are what `pg` takes as its configuration. */
export interface RunningPostgres {
  /** The folder of the unix socket; the server does not listen on the network. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** The same as one text, for what only takes that. */
  readonly connectionString: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL on a data folder: as root and as an ordinary user, after a clean stop, a crash, or
 * a kill at any moment.
 * @throws {PostgresFault} with a sentence for the operator.
 */
export async function startPostgres({ dataDir, onCrash }: PostgresOptions): Promise<RunningPostgres> {
  const folder = resolve(dataDir);
  const cluster = join(folder, 'postgres');
  makeDataFolder(folder);
  const account = chooseAccount(cluster);
  const lock = takeOwnerLock(join(folder, 'postgres.lock'));
  try {
    const runtime = prepareRuntime(folder, account);
    ensureCluster(cluster, runtime);
    const socketFolder = prepareSocketFolder(folder, account);
    await clearLeftovers(cluster, socketFolder);
    const place = { cluster, socketFolder, logFile: join(folder, 'postgres.log') };
    const postmaster = await startPostmaster(place, runtime, (fault) => {
      lock.release();
      onCrash(fault);
    });
    return {
      ...connectionTo(socketFolder),
      pid: postmaster.pid,
      stop: async () => {
        await postmaster.stop();
        rmSync(socketFolder, { recursive: true, force: true });
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Others may pass through to what is theirs inside, and see nothing on the way. */
function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
  } catch (error) {
    const texts = {
      en: `The data folder ${folder} cannot be made.`,
      zh: `无法创建数据目录 ${folder}。`,
    };
    throw new PostgresFault('CANNOT_WRITE', texts, error);
  }
}

function connectionTo(socketFolder: string) {
  const [host, port, user, database] = [socketFolder, SOCKET_PORT, SUPERUSER, DATABASE];
  const connectionString = `postgresql://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
  return { host, port, user, database, connectionString };
}
