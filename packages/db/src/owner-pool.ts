import pg from 'pg';

/**
 * A connection pool of the application. Code outside this package passes it on and runs no SQL of its own.
 */
export type Pool = pg.Pool;

/** One connection of a pool, until it is released. */
export type Connection = pg.PoolClient;

/**
 * Connections of the role that migrates and owns the job queue. Only the queue itself works on them;
 * everything a request or a job does goes through `createPool`.
 */
export function createOwnerPool(config: pg.PoolConfig): pg.Pool {
  return new pg.Pool({ max: 5, ...config });
}

/**
 * Reports connections that break. Such a one is replaced at its next use.
 */
export function watchConnections(pool: Pool, broken: (error: Error) => void): void {
  // A connection that is being closed may still hear of the server's own end.
  const report = (error: Error) => (pool.ending ? undefined : broken(error));
  pool.on('error', report);
  pool.on('connect', (client) => client.on('error', report));
}

/** Resolves when the database answers. */
export async function ping(pool: Pool): Promise<void> {
  await pool.query('select 1');
}
