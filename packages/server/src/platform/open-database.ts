import { createOwnerPool, ping } from '@backcheck/db';
import type { Config } from '../config.ts';
import { startPostgres } from './postgres/start-postgres.ts';

export interface OpenDatabase {
  /** What `pg` takes as its configuration. */
  readonly connection: { readonly connectionString: string };
  close(): Promise<void>;
}

/** The database that DATABASE_URL names, or the embedded one in the data folder. */
export async function openDatabase(
  { databaseUrl, dataDir }: Config,
  onLost: (why: Error) => void,
): Promise<OpenDatabase> {
  if (databaseUrl !== null) {
    const connection = { connectionString: databaseUrl };
    await tryConnection(connection);
    return { connection, close: async () => undefined };
  }
  const embedded = await startPostgres({ dataDir, onCrash: onLost });
  return { connection: { connectionString: embedded.connectionString }, close: () => embedded.stop() };
}

/** The address is not repeated: it may hold a password. */
async function tryConnection(connection: OpenDatabase['connection']): Promise<void> {
  const pool = createOwnerPool(connection);
  try {
    await ping(pool);
  } catch (cause) {
    throw new Error(
      'The database that DATABASE_URL names does not answer.\nDATABASE_URL 指定的数据库没有应答',
      { cause },
    );
  } finally {
    await pool.end();
  }
}
