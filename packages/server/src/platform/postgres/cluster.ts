import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { canEnter, giveTo } from './account.ts';
import { PostgresFault } from './fault.ts';
import type { Runtime } from './runtime.ts';

export const SUPERUSER = 'backcheck';
export const DATABASE = 'backcheck';
const MAJOR = '18';

/**
 * How PostgreSQL is told its cluster. A process keeps its working folder even where it could not have walked to
 * it, and Linux leads `/proc/self/cwd` straight there: so a cluster under root's home works without opening that
 * home to the account. We enter it as root, before the account is dropped to (libuv: chdir, then setuid).
 */
export function clusterArgument(cluster: string, runtime: Runtime): string {
  return canEnter(runtime.account, cluster) ? cluster : '/proc/self/cwd';
}

/**
 * Makes the cluster when there is none: UTF-8, the builtin C.UTF-8 order (the same on every platform and in every
 * later version, so no index ever becomes wrong), checksums on every page. It appears by a rename, whole or not
 * at all; what a killed first start left behind is removed. The caller holds the owner lock.
 * @throws {PostgresFault} INIT_FAILED or OTHER_VERSION.
 */
export function ensureCluster(cluster: string, runtime: Runtime): void {
  if (existsSync(cluster)) {
    checkVersion(cluster);
    return;
  }
  const unfinished = `${cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  giveTo(runtime.account, unfinished);
  const place = clusterArgument(unfinished, runtime);
  const created = runIn(unfinished, runtime, {
    program: 'initdb',
    args: [`--pgdata=${place}`, `--username=${SUPERUSER}`, '--auth=trust', ...ENCODING, '--data-checksums'],
  });
  if (created.status !== 0) throw initFailed(created);
  const named = runIn(unfinished, runtime, {
    program: 'postgres',
    args: ['--single', '-D', place, 'postgres'],
    input: `create database ${DATABASE}\n`,
  });
  if (named.status !== 0) throw initFailed(named);
  renameSync(unfinished, cluster);
  syncFolder(dirname(cluster));
}

/** Without this a power cut could take back the rename, and with it everything confirmed since. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** The system's own locales do not matter: a machine without any works the same. */
const ENCODING = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

function checkVersion(cluster: string): void {
  const file = join(cluster, 'PG_VERSION');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'none';
  if (version === MAJOR) return;
  throw new PostgresFault('OTHER_VERSION', {
    en: `${cluster} holds a database of PostgreSQL version ${version}, and this Backcheck brings version ${MAJOR}. Make a backup with the Backcheck that wrote it and restore that here.`,
    zh: `${cluster} 中的数据库版本为 PostgreSQL ${version}，而当前 Backcheck 自带版本 ${MAJOR}。请用原来的 Backcheck 备份后在此恢复。`,
  });
}

function runIn(
  folder: string,
  { programs, env, account }: Runtime,
  { program, args, input }: { program: string; args: string[]; input?: string },
): SpawnSyncReturns<string> {
  return spawnSync(join(programs, program), args, {
    cwd: folder,
    env,
    encoding: 'utf8',
    input: input ?? '',
    ...account,
  });
}

function initFailed(result: SpawnSyncReturns<string>): PostgresFault {
  const why = result.error?.message ?? (result.stderr.trim() || `exit code ${result.status}`);
  return new PostgresFault('INIT_FAILED', {
    en: `The database could not be created: ${why}`,
    zh: `无法创建数据库：${why}`,
  });
}
