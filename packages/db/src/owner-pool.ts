import pg from 'pg';

/**
 * A connection pool of the application. Code outside this package passes it on and runs no SQL of its own.
 */
export type Pool = pg.Pool;

/**
 * Connections of the role that migrates and owns the job queue. Only the queue itself works on them;
 * everything a request or a job does goes through `createPool`.
 */
export function createOwnerPool(config: pg.PoolConfig): pg.Pool {
  return new pg.Pool({ max: 5, ...config });
}

/** Resolves when the database answers. */
export async function ping(pool: Pool): Promise<void> {
  await pool.query('select 1');
}
