import { expect, it } from 'vitest';
import { withDatabase } from './administer.ts';
import { freshDatabase } from './database.ts';

it('gives each test a migrated database of its own', async () => {
  const [one, two] = [await freshDatabase(), await freshDatabase()];
  await one.pool.query('create table only_here (id int)');
  const { rows } = await two.pool.query(
    `select to_regclass('only_here') as other, (select count(*)::int from migration) > 0 as migrated`,
  );
  expect(rows).toEqual([{ other: null, migrated: true }]);
  await one.drop();
});

it('names another database on the same server, by network and by socket', () => {
  expect(withDatabase('postgresql://u:p@db:5432/a?sslmode=require', 'b')).toBe(
    'postgresql://u:p@db:5432/b?sslmode=require',
  );
  expect(withDatabase('postgresql://u@/a?host=%2Ftmp&port=1', 'b')).toBe(
    'postgresql://u@/b?host=%2Ftmp&port=1',
  );
});
