import { expect, test } from 'vitest';
import { administer } from '../../../tests/support/administer.ts';
import { freshDatabase } from '../../../tests/support/database.ts';
import { createPool } from './pool.ts';

test('a pool that nobody watches outlives the loss of its idle connections', async () => {
  const { connectionString } = await freshDatabase();
  const pool = createPool({ connectionString });
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  await administer(connectionString, `select pg_terminate_backend(${rows[0]?.pid})`);
  // The goodbye of the server arrives on its own time.
  await expect.poll(() => pool.totalCount, { timeout: 20_000 }).toBe(0);
  await expect(pool.query('select 1')).resolves.toMatchObject({ rowCount: 1 });
  await pool.end();
});
