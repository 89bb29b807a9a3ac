import { createOwnerPool, watchConnections } from '@backcheck/db';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../tests/support/database.ts';
import { installQueue, type Jobs, runJobs } from './run-jobs.ts';

let owner: ReturnType<typeof createOwnerPool>;
let jobs: Jobs;
const ran: unknown[] = [];

beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  owner = createOwnerPool({ connectionString });
  watchConnections(owner, () => undefined);
  await installQueue(owner);
});
afterAll(() => owner.end());

const start = () =>
  runJobs({
    owner,
    tasks: { note: async (payload) => void ran.push(payload) },
    concurrency: 1,
    log: pino({ level: 'silent' }),
    afterSweep: async () => undefined,
    beatEvery: 50,
  });

const add = (payload: object) =>
  owner.query(`select graphile_worker.add_job('note', $1::json)`, [JSON.stringify(payload)]);

const registered = async () => {
  const { rows } = await owner.query<{ id: number; workers: number }>(
    'select worker_process_id as id, cardinality(worker_ids) as workers from worker_process',
  );
  return rows;
};

async function eventually<T>(ask: () => Promise<T>, enough: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (enough(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the workers of a process', () => {
  it('take up the job that a killed process left locked a moment ago', async () => {
    await add({ left: 'behind' });
    await owner.query(`insert into worker_process (worker_ids) values ('{killed}')`);
    await owner.query(
      `update graphile_worker._private_jobs set locked_by = 'killed', locked_at = now(), attempts = 1`,
    );
    jobs = await start();
    await eventually(
      async () => ran,
      (list) => list.length === 1,
    );
    expect(ran).toEqual([{ left: 'behind' }]);
    expect(await registered()).toEqual([{ id: expect.any(Number), workers: 1 }]);
  });

  it('register again when the database drops their connections, and go on working', async () => {
    const [before] = await registered();
    await owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    // The pool may still hand out a connection whose goodbye was not read.
    await eventually(
      () => registered().catch(() => []),
      ([now]) => now !== undefined && now.id !== before?.id && now.workers === 1,
    );
    await add({ after: 'the break' });
    await eventually(
      async () => ran,
      (list) => list.length === 2,
    );
  });

  it('leave nothing to sweep when they stop', async () => {
    await jobs.stop();
    expect(await registered()).toEqual([]);
  });
});
