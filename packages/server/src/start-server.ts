import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createOwnerPool,
  createPool,
  createSignInPool,
  createWidePool,
  deleteExpiredTokens,
  ensureAccount,
  findAbandonedImports,
  findAbandonedRegisterImports,
  findUnconcluded,
  insertSignInLink,
  migrate,
  type Pool,
  queueConclusion,
  refuseImport,
  watchConnections,
} from '@backcheck/db';
import { ALL_ENGINES } from '@backcheck/engines';
import { pino } from 'pino';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import { DEADLINE_CRONTAB, deadlineTasks } from './deadlines/tasks.ts';
import { DELIVERY_CRONTAB, deliveryTasks } from './deliveries/tasks.ts';
import { EVIDENCE_CRONTAB, evidenceTasks } from './evidence/tasks.ts';
import { FEED_CRONTAB, feedTasks } from './feeds/tasks.ts';
import { FIX_CRONTAB, fixTasks } from './fixes/tasks.ts';
import { importTask } from './imports/task.ts';
import { lookBackTasks, RESCAN_CRONTAB } from './look-backs/tasks.ts';
import { noticeTasks } from './notices/tasks.ts';
import { REFRESH_CRONTAB, refreshTask } from './ownership/refresh-task.ts';
import { grantAdministrator } from './platform/access/administrator.ts';
import { SEAL_CRONTAB, sealTask } from './platform/audit/seal-task.ts';
import { openEvidence, standardEvidence } from './platform/files/evidence-parts.ts';
import { installQueue, type Jobs, runJobs } from './platform/jobs/run-jobs.ts';
import { openAuthSecret } from './platform/keys/auth-secret.ts';
import { openSigningKey } from './platform/keys/signing-key.ts';
import { createMailer } from './platform/mail/mailer.ts';
import { openDatabase } from './platform/open-database.ts';
import type { App, Parts } from './platform/parts.ts';
import { openSignIn } from './platform/sign-in/sign-in.ts';
import { SIGN_IN_CRONTAB, signInTasks } from './platform/sign-in/tasks.ts';
import { LINK_LIFETIME, newSecret } from './platform/sign-in/tokens.ts';
import { Undo } from './platform/undo.ts';
import { giveUp } from './registers/run-register-import.ts';
import { registerImportTask } from './registers/task.ts';
import { REPLY_CRONTAB, replyTasks } from './replies/tasks.ts';
import { concludeRetestTask } from './retests/conclude-retest.ts';
import { END_UNCOVERED_CRONTAB, endUncoveredTask } from './retests/sweep-task.ts';
import { startRunning } from './runners/start-running.ts';

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
    const signInPool = pooled(createSignInPool(database.connection), log, undo);
    const parts = await makeParts(config, { pool, widePool, signInPool }, log);
    const jobs = await startJobs(config, parts, owner);
    undo.push(() => jobs.stop());
    const running = await startRunning(parts, config, Object.values(ALL_ENGINES));
    undo.push(() => running.stop());
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
  { signInPool, ...pools }: Pick<Parts, 'pool' | 'widePool'> & { readonly signInPool: Pool },
  log: Parts['log'],
): Promise<Parts> {
  const clock = () => new Date();
  const secureCookie = config.publicUrl?.startsWith('https:') === true;
  return {
    ...pools,
    signIn: openSignIn({
      ...config,
      pool: signInPool,
      secret: config.authSecret ?? (await openAuthSecret(join(config.dataDir, 'keys/auth-secret'))),
      secureCookie,
      log,
      mailer: config.mail === null ? null : createMailer(config.mail),
    }),
    ...(await openEvidence(
      join(config.dataDir, 'files'),
      config.evidence ?? standardEvidence(config.dataDir),
      clock(),
    )),
    signingKey: await openSigningKey(config.signingKeyFile),
    clock,
    log,
    maxUploadBytes: config.maxUploadBytes,
    webhookAllow: config.webhookAllow ?? [],
    mailbox: config.mailbox ?? null,
    trustedProxies: config.trustedProxies,
    secureCookie,
    webFolder: WEB_FOLDER,
  };
}

function startJobs(config: Config, parts: Parts, owner: Pool): Promise<Jobs> {
  return runJobs({
    owner,
    tasks: {
      import: importTask(parts),
      'register-import': registerImportTask(parts),
      ...signInTasks(parts),
      'seal-audit': sealTask(parts),
      'refresh-ownership': refreshTask(parts),
      'conclude-retest': concludeRetestTask(parts),
      'end-uncovered-tasks': endUncoveredTask(parts),
      ...lookBackTasks(parts),
      ...feedTasks(parts),
      ...deadlineTasks(parts),
      ...evidenceTasks(parts),
      ...noticeTasks(parts),
      ...deliveryTasks(parts),
      ...replyTasks(parts),
      ...fixTasks(parts),
    },
    crontab: `${SEAL_CRONTAB}\n${SIGN_IN_CRONTAB}\n${REFRESH_CRONTAB}\n${RESCAN_CRONTAB}\n${END_UNCOVERED_CRONTAB}\n${FEED_CRONTAB}\n${DEADLINE_CRONTAB}\n${EVIDENCE_CRONTAB}\n${DELIVERY_CRONTAB}\n${REPLY_CRONTAB}\n${FIX_CRONTAB}`,
    concurrency: config.jobConcurrency,
    log: parts.log,
    afterSweep: async () => {
      for (const importId of await findAbandonedImports(owner)) {
        parts.log.error({ importId }, 'import given up: each attempt ended with the process');
        await refuseImport(parts.widePool, importId, { code: 'IMPORT_FAILED', facts: { importId } });
      }
      for (const registerImportId of await findAbandonedRegisterImports(owner)) {
        parts.log.error(
          { registerImportId },
          'register import given up: each attempt ended with the process',
        );
        await giveUp(parts, registerImportId);
      }
      for (const retest of await findUnconcluded(owner)) {
        parts.log.error(retest, 'the conclusion of a retest failed in each attempt; it is tried again');
        await queueConclusion(owner, retest);
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

async function newSignInLink({ widePool, signIn, clock }: Parts, url: string): Promise<string> {
  const now = clock();
  await deleteExpiredTokens(signIn.pool, now);
  const { accountId } = await ensureAccount(widePool, ADMINISTRATOR);
  await grantAdministrator(widePool, accountId, now);
  const { secret, hash } = newSecret();
  await insertSignInLink(widePool, { hash, accountId, expiresAt: new Date(now.getTime() + LINK_LIFETIME) });
  return `${url}/sign-in?token=${secret}`;
}
