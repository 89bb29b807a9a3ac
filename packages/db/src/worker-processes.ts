import type pg from 'pg';

/** First key of the advisory locks that say "this server process is alive"; the second is its id. */
const ALIVE = 2;

/**
 * Registers this process on a connection of its own and returns its id. The lock lasts as long as the
 * connection: keep it open. One statement, so that nobody sees the row unlocked.
 */
export async function registerWorkerProcess(client: pg.ClientBase): Promise<number> {
  const inserted = await client.query<{ id: number }>(
    `with process as (insert into worker_process default values returning worker_process_id as id)
     select id, pg_advisory_lock($1, id) from process`,
    [ALIVE],
  );
  const id = inserted.rows[0]?.id;
  if (id === undefined) throw new Error('PostgreSQL returned no row for an insert');
  return id;
}

export async function nameWorkers(client: pg.ClientBase, id: number, workerIds: string[]): Promise<void> {
  await client.query('update worker_process set worker_ids = $2 where worker_process_id = $1', [
    id,
    workerIds,
  ]);
}

/** A clean end: nothing of this process is left to sweep. */
export async function unregisterWorkerProcess(client: pg.ClientBase, id: number): Promise<void> {
  await client.query('delete from worker_process where worker_process_id = $1', [id]);
  await client.query('select pg_advisory_unlock($1, $2)', [ALIVE, id]);
}

export async function beat(client: pg.ClientBase, id: number): Promise<void> {
  await client.query('update worker_process set beat_at = now() where worker_process_id = $1', [id]);
}

/**
 * Removes the processes that are gone and returns the workers that hold a job without being alive. Dead is:
 * the lock is free, or no sign of life for two minutes; a process that was only slow may then share a job with
 * another, and jobs are idempotent. A worker that no process has named yet is given ten seconds.
 */
export async function takeDeadWorkers(client: pg.ClientBase): Promise<string[]> {
  const dead = await client.query<{ id: string }>(
    `with gone as (
       delete from worker_process p
        where beat_at < now() - interval '2 minutes'
           or not exists (
             select from pg_locks l
              where l.locktype = 'advisory' and l.granted
                and l.database = (select oid from pg_database where datname = current_database())
                and l.classid = $1 and l.objid = p.worker_process_id and l.objsubid = 2
           )
       returning worker_ids
     )
     select distinct locked_by as id from graphile_worker.jobs
      where locked_by in (select unnest(worker_ids) from gone)
         or (locked_by not in (select unnest(worker_ids) from worker_process)
             and locked_at < now() - interval '10 seconds')`,
    [ALIVE],
  );
  return dead.rows.map((row) => row.id);
}
