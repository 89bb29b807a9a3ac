import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll } from 'vitest';
import { administer, withDatabase } from './administer.ts';

export interface FreshDatabase {
  readonly pool: pg.Pool;
  readonly connectionString: string;
  /** Ends the pool too. Happens by itself when the test file is done. */
  drop(): Promise<void>;
}

/** Set by database-setup.ts, which runs before the test processes start. */
const ADDRESS = 'BACKCHECK_TEST_DATABASE';
const TEMPLATE = 'BACKCHECK_TEST_TEMPLATE';

const made: FreshDatabase[] = [];

/** A database of its own with all migrations applied: a copy of the template, some 30 ms. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const [address, template] = [process.env[ADDRESS], process.env[TEMPLATE]];
  if (address === undefined || template === undefined) {
    throw new Error('No database: this test file belongs in the vitest project "application" or "story".');
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(address, `create database ${name} template ${template}`);
  const connectionString = withDatabase(address, name);
  const pool = new pg.Pool({ connectionString, max: 8 });
  pool.on('error', () => undefined);
  const database = {
    pool,
    connectionString,
    drop: async () => {
      if (!pool.ending) await pool.end();
      await administer(address, `drop database if exists ${name} with (force)`);
    },
  };
  made.push(database);
  return database;
}

afterAll(async () => {
  for (const database of made.splice(0)) await database.drop();
});
