import { EventEmitter } from 'node:events';
import {
  beat,
  type Connection,
  nameWorkers,
  type Pool,
  registerWorkerProcess,
  takeDeadWorkers,
  unregisterWorkerProcess,
} from '@backcheck/db';
import type { FastifyBaseLogger } from 'fastify';
import {
  Logger,
  makeWorkerUtils,
  type Runner,
  run,
  runMigrations,
  type TaskList,
  type WorkerUtils,
} from 'graphile-worker';

/**
 * graphile-worker asks for the next job while it is still telling that the last one ended, so that the queue of an
 * organization looks locked and its next job waits for the next poll. With a second between two polls the imports of
 * 200 retests waited for minutes. A poll of an idle worker is one indexed query.
 */
const POLL = 100;

/** A quarter of the time after which silence counts as death (`takeDeadWorkers`). */
const BEAT = 30_000;

export interface JobsOptions {
  /** Of the role that owns the queue. */
  readonly owner: Pool;
  readonly tasks: TaskList;
  readonly concurrency: number;
  /** What runs at set times, as graphile-worker writes it: one line each. */
  readonly crontab?: string;
  readonly log: FastifyBaseLogger;
  /** After jobs of dead workers were released: what no job will ever take up again can be given up. */
  readonly afterSweep: () => Promise<void>;
  /** Milliseconds between two signs of life; for tests. */
  readonly beatEvery?: number;
}

export interface Jobs {
  /** Lets running jobs end for some seconds, then aborts them; they run again at the next start. */
  stop(): Promise<void>;
}

/** Creates or updates the queue's own tables, in their schema `graphile_worker`. */
export async function installQueue(owner: Pool): Promise<void> {
  await runMigrations({ pgPool: owner });
}

/**
 * Works on the queue. A job that was running when its process was killed is released at once by the next
 * start, or within half a minute by another process; graphile-worker alone would wait four hours.
 */
export async function runJobs(options: JobsOptions): Promise<Jobs> {
  const { owner, log } = options;
  const queue = await makeWorkerUtils({ pgPool: owner });
  let registration: Registration | null = await register(owner, []);
  await sweep(registration.client, queue, options);
  const { runner, workerIds } = await startRunner(options);
  await nameWorkers(registration.client, registration.id, workerIds);
  const tick = async () => {
    try {
      registration ??= await register(owner, workerIds);
      await beat(registration.client, registration.id);
      await sweep(registration.client, queue, options);
    } catch (error) {
      log.error({ err: error }, 'the sweep of dead workers failed; it will register again');
      registration?.client.release(true);
      registration = null;
    }
  };
  const timer = setInterval(() => void tick(), options.beatEvery ?? BEAT);
  return {
    stop: async () => {
      clearInterval(timer);
      await runner.stop();
      await queue.release();
      if (registration === null) return;
      await unregisterWorkerProcess(registration.client, registration.id);
      registration.client.release();
    },
  };
}

interface Registration {
  readonly client: Connection;
  readonly id: number;
}

/** The lock that says "alive" belongs to one connection; where that breaks, a new one takes a new lock. */
async function register(owner: Pool, workerIds: string[]): Promise<Registration> {
  const client = await owner.connect();
  const id = await registerWorkerProcess(client);
  await nameWorkers(client, id, workerIds);
  return { client, id };
}

async function sweep(
  client: Connection,
  queue: WorkerUtils,
  { log, afterSweep }: JobsOptions,
): Promise<void> {
  const dead = await takeDeadWorkers(client);
  if (dead.length > 0) {
    log.warn({ workers: dead }, 'released the jobs of workers that are gone');
    await queue.forceUnlockWorkers(dead);
  }
  await afterSweep();
}

async function startRunner({
  owner,
  tasks,
  concurrency,
  crontab = '',
  log,
}: JobsOptions): Promise<{ runner: Runner; workerIds: string[] }> {
  const events = new EventEmitter();
  const workerIds: string[] = [];
  // Jobs are locked in the name of the pool of workers, not of the single worker.
  events.on('pool:create', ({ workerPool }: { workerPool: { id: string } }) => workerIds.push(workerPool.id));
  const runner = await run({
    pgPool: owner,
    taskList: tasks,
    concurrency,
    crontab,
    noHandleSignals: true,
    pollInterval: POLL,
    events,
    logger: new Logger(() => (level, message, meta) => {
      // Its own "info" tells of every job; that is our "debug".
      if (level === 'error') log.error({ ...meta }, message);
      else if (level === 'warning') log.warn({ ...meta }, message);
      else log.debug(message);
    }),
  });
  return { runner, workerIds };
}
