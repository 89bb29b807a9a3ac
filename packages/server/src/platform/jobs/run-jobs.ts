import {
  beat,
  nameWorkers,
  type Pool,
  registerWorkerProcess,
  takeDeadWorkers,
  unregisterWorkerProcess,
} from '@backcheck/db';
import type { FastifyBaseLogger } from 'fastify';
import { Logger, makeWorkerUtils, type Runner, run, runMigrations, type TaskList, type WorkerUtils } from 'graphile-worker';
import { EventEmitter } from 'node:events';

/** Half the time after which a process that gave no sign is taken for dead, and some. */
const BEAT = 30_000;

export interface JobsOptions {
  /** Of the role that owns the queue. */
  readonly owner: Pool;
  readonly tasks: TaskList;
  readonly concurrency: number;
  readonly log: FastifyBaseLogger;
  /** After jobs of dead workers were released: what no job will ever take up again can be given up. */
  readonly afterSweep: () => Promise<void>;
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
  const register = await owner.connect();
  const queue = await makeWorkerUtils({ pgPool: owner });
  const processId = await registerWorkerProcess(register);
  await sweep(register, queue, options);
  const { runner, workerIds } = await startRunner(options);
  await nameWorkers(register, processId, workerIds);
  const timer = setInterval(() => {
    beat(register, processId)
      .then(() => sweep(register, queue, options))
      .catch((error: unknown) => log.error({ err: error }, 'the sweep of dead workers failed'));
  }, BEAT);
  return {
    stop: async () => {
      clearInterval(timer);
      await runner.stop();
      await queue.release();
      await unregisterWorkerProcess(register, processId);
      register.release();
    },
  };
}

async function sweep(register: Parameters<typeof beat>[0], queue: WorkerUtils, options: JobsOptions): Promise<void> {
  const dead = await takeDeadWorkers(register);
  if (dead.length > 0) {
    options.log.warn({ workers: dead }, 'released the jobs of workers that are gone');
    await queue.forceUnlockWorkers(dead);
  }
  await options.afterSweep();
}

async function startRunner({ owner, tasks, concurrency, log }: JobsOptions): Promise<{ runner: Runner; workerIds: string[] }> {
  const events = new EventEmitter();
  const workerIds: string[] = [];
  // Jobs are locked in the name of the pool of workers, not of the single worker.
  events.on('pool:create', ({ workerPool }: { workerPool: { id: string } }) => workerIds.push(workerPool.id));
  const runner = await run({
    pgPool: owner,
    taskList: tasks,
    concurrency,
    noHandleSignals: true,
    pollInterval: 1000,
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
