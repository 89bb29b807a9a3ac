import pg from 'pg';

/** A connection inside a transaction that the caller opened. */
export type Tx = pg.ClientBase;
/** Anything that runs one statement. */
export type Db = pg.Pool | pg.ClientBase;

/**
 * Connections that act as `backcheck_app`: they see no row of any organization outside of `inScope`, and cannot
 * change the ledger. `jit` is off: the statements are short or set-based, and compiling them cost more than it saved.
 * `temp_buffers` is taken only by a connection that imports.
 */
export const createPool = (config: pg.PoolConfig): pg.Pool => poolOf(config, 'backcheck_app');

/**
 * Connections that act as `backcheck_wide`: they see every organization, and cannot change the ledger either. For jobs,
 * whose import was allowed when it was sent, for sign-in, and for finding out what somebody may see.
 */
export const createWidePool = (config: pg.PoolConfig): pg.Pool => poolOf(config, 'backcheck_wide');

/**
 * Connections that act as `backcheck_auth`: they see who may sign in, and nothing of any organization. Names without a
 * schema are those of better-auth.
 */
export const createSignInPool = (config: pg.PoolConfig): pg.Pool =>
  poolOf({ ...config, options: `${config.options ?? ''} -c search_path=auth,public` }, 'backcheck_auth');

function poolOf(config: pg.PoolConfig, role: string): pg.Pool {
  const options =
    `${config.options ?? ''} -c role=${role} -c jit=off -c timezone=UTC -c temp_buffers=256MB`.trim();
  // An idle connection that breaks is replaced at its next use, and one that breaks while the pool ends is not missed.
  // With nobody listening it would end the process; whoever wants to know adds `watchConnections`.
  return new pg.Pool({ max: 10, ...config, options }).on('error', () => undefined);
}

/** Runs `work` in one transaction; any throw rolls all of it back and is thrown on. */
export async function inTransaction<T>(pool: pg.Pool, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** A part of a transaction: what fails in it leaves nothing, and the transaction goes on. */
export async function inSavepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.query('savepoint part');
  try {
    const result = await work();
    await tx.query('release savepoint part');
    return result;
  } catch (error) {
    // where the connection is gone the error says so already
    await tx.query('rollback to savepoint part').catch(() => undefined);
    throw error;
  }
}
