import { expect, test } from 'vitest';
import { prepared, preparedPage } from './prepared.ts';

test('pages of every size that somebody can ask for take no place from the statements that screens ask for', () => {
  for (let size = 1; size <= 1000; size += 1) preparedPage(size, `select 1 limit ${size + 1}`, []);
  expect(prepared('select 2', [])).toMatchObject({ name: expect.any(String) });
  expect(preparedPage(50, 'select 1 limit 51', [])).toMatchObject({ name: expect.any(String) });
});
