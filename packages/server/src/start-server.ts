import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createOwnerPool,
  createPool,
  createWidePool,
  deleteExpiredTokens,
  ensureAccount,
  findAbandonedImports,
  insertSignInLink,
  migrate,
  type Pool,
  refuseImport,
  watchConnections,
} from '@backcheck/db';
import { pino } from 'pino';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import { importTask } from './imports/task.ts';
import { grantAdministrator } from './platform/access/administrator.ts';
import { openFileStore } from './platform/files/file-store.ts';
import { installQueue, type Jobs, runJobs } from './platform/jobs/run-jobs.ts';
import { openSigningKey } from './platform/keys/signing-key.ts';
import { openDatabase } from './platform/open-database.ts';
import type { App, Parts } from './platform/parts.ts';
import { LINK_LIFETIME, newSecret } from './platform/sign-in/tokens.ts';
import { Undo } from './platform/undo.ts';

export interface RunningServer {
  /** How to reach it, such as http://127.0.0.1:8080 */
  readonly url: string;
  /** A fresh link that signs one browser in as the local administrator, once, within 24 hours. */
  newSignInLink(): Promise<string>;
  /** Stops taking requests and jobs, then closes what was opened, in the reverse order. */
  close(): Promise<void>;
}

/** The account of the person who starts the server. */
const ADMINISTRATOR = 'Local administrator';

const WEB_FOLDER = fileURLToPath(new URL('../../web/dist', import.meta.url));

export interface StartOptions {
  /** The embedded database ended without being asked. Without this the process ends with the error. */
  readonly onDatabaseLost: (why: Error) => void;
}

/** Thrown outside of any promise, so that it cannot be missed. */
function endProcess(why: Error): never {
  throw why;
}

/**
 * Builds the parts and starts them: database, migrations, queue, jobs, HTTP. When one fails, those before it
 * are closed again.
 */
export async function startServer(
  config: Config,
  options: Partial<StartOptions> = {},
): Promise<RunningServer> {
  const undo = new Undo();
  try {
    const log = pino({ level: config.logLevel }, pino.destination(2));
    const database = await openDatabase(config, options.onDatabaseLost ?? endProcess);
    undo.push(() => database.close());
    await migrate(database.connection);
    const owner = pooled(createOwnerPool(database.connection), log, undo);
    await installQueue(owner);
    const pool = pooled(createPool(database.connection), log, undo);
    const widePool = pooled(createWidePool(database.connection), log, undo);
    const parts = await makeParts(config, { pool, widePool }, log);
    const jobs = await startJobs(config, parts, owner);
    undo.push(() => jobs.stop());
    const app = await buildApp(parts);
    undo.push(() => app.close());
    const url = await listen(app, config);
    return { url, newSignInLink: () => newSignInLink(parts, url), close: () => undo.run() };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

function pooled(pool: Pool, log: Parts['log'], undo: Undo): Pool {
  watchConnections(pool, ({ message }) => log.warn({ why: message }, 'a database connection broke'));
  undo.push(() => pool.end());
  return pool;
}

async function makeParts(
  config: Config,
  pools: Pick<Parts, 'pool' | 'widePool'>,
  log: Parts['log'],
): Promise<Parts> {
  const clock = () => new Date();
  return {
    ...pools,
    files: await openFileStore(join(config.dataDir, 'files'), clock()),
    signingKey: await openSigningKey(config.signingKeyFile),
    clock,
    log,
    maxUploadBytes: config.maxUploadBytes,
    secureCookie: config.publicUrl?.startsWith('https:') === true,
    webFolder: WEB_FOLDER,
  };
}

function startJobs(config: Config, parts: Parts, owner: Pool): Promise<Jobs> {
  return runJobs({
    owner,
    tasks: { import: importTask(parts) },
    concurrency: config.jobConcurrency,
    log: parts.log,
    afterSweep: async () => {
      for (const importId of await findAbandonedImports(owner)) {
        parts.log.error({ importId }, 'import given up: each attempt ended with the process');
        await refuseImport(parts.widePool, importId, { code: 'IMPORT_FAILED', facts: { importId } });
      }
    },
  });
}

async function listen(app: App, { host, port, publicUrl }: Config): Promise<string> {
  try {
    const address = await app.listen({ host, port });
    return publicUrl ?? address;
  } catch (cause) {
    throw new Error(
      `The server cannot listen on ${host} port ${port}. Choose another with HOST and PORT.\n` +
        `服务器无法监听 ${host} 端口 ${port}，请用 HOST 和 PORT 另选`,
      { cause },
    );
  }
}

async function newSignInLink({ widePool, clock }: Parts, url: string): Promise<string> {
  const now = clock();
  await deleteExpiredTokens(widePool, now);
  const { accountId } = await ensureAccount(widePool, ADMINISTRATOR);
  await grantAdministrator(widePool, accountId, now);
  const { secret, hash } = newSecret();
  await insertSignInLink(widePool, { hash, accountId, expiresAt: new Date(now.getTime() + LINK_LIFETIME) });
  return `${url}/sign-in?token=${secret}`;
}
