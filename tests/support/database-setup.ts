import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@backcheck/db';
import { clearLeftovers } from '../../packages/server/src/platform/postgres/leftover.ts';
import { takeOwnerLock } from '../../packages/server/src/platform/postgres/owner-lock.ts';
import { startPostgres } from '../../packages/server/src/platform/postgres/start-postgres.ts';
import { administer, withDatabase } from './administer.ts';

const PREFIX = 'backcheck-tests-';
/** In memory: what costs time here is to make, and to throw away, thousands of tables. No test lets this server crash. */
const IN_MEMORY = '/dev/shm';
/** A whole run has some 2 GiB of log and databases at a time. */
const ENOUGH_BYTES = 8 * 1024 ** 3;

/**
 * One server and one migrated template for the whole run, started when the first project that needs it does.
 * With DATABASE_URL that server is used, and must allow this user to create databases.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['BACKCHECK_TEST_DATABASE'] !== undefined) return undefined;
  const external = process.env['DATABASE_URL'];
  const server = external === undefined ? await startOwn() : { connectionString: external };
  const template = `backcheck_template_${process.pid}`;
  process.env['BACKCHECK_TEST_DATABASE'] = server.connectionString;
  process.env['BACKCHECK_TEST_TEMPLATE'] = template;
  await administer(server.connectionString, `create database ${template}`);
  await migrate({ connectionString: withDatabase(server.connectionString, template) });
  return async () => {
    await administer(server.connectionString, `drop database ${template} with (force)`);
    if ('stop' in server) await server.stop();
  };
}

async function startOwn() {
  await removeRemains();
  const dataDir = mkdtempSync(join(hasRoomInMemory() ? IN_MEMORY : tmpdir(), PREFIX));
  // So that the account that root drops to can pass through.
  chmodSync(dataDir, 0o711);
  const server = await startPostgres({ dataDir, onCrash: (fault) => process.stderr.write(fault.message) });
  const stop = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { connectionString: server.connectionString, stop };
}

/** Containers often have a /dev/shm of 64 MiB, and some machines none. */
function hasRoomInMemory(): boolean {
  if (!existsSync(IN_MEMORY)) return false;
  const { bsize, bavail } = statfsSync(IN_MEMORY);
  return Math.min(bsize * bavail, process.availableMemory()) >= ENOUGH_BYTES;
}

/** A killed test run leaves its server running. Those of runs that still live are locked by them. */
async function removeRemains(): Promise<void> {
  for (const folder of [tmpdir(), IN_MEMORY].flatMap(testFoldersIn)) {
    try {
      takeOwnerLock(join(folder, 'postgres.lock'));
      await clearLeftovers(join(folder, 'postgres'), join(folder, 'socket'));
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another run is using it, or it is another user's: not ours to remove.
    }
  }
}

const testFoldersIn = (parent: string): string[] =>
  (existsSync(parent) ? readdirSync(parent) : [])
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(parent, name))
    .filter((folder) => existsSync(join(folder, 'postgres')));
