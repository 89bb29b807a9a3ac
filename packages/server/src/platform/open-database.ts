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
    return { connection: { connectionString: databaseUrl }, close: async () => undefined };
  }
  const embedded = await startPostgres({ dataDir, onCrash: onLost });
  return { connection: { connectionString: embedded.connectionString }, close: () => embedded.stop() };
}
