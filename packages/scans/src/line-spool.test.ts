import { expect, test } from 'vitest';
import { LineSpool } from './line-spool.ts';

for (const count of [0, 3, 60_000]) {
  test(`${count} lines come back as they went in`, () => {
    const spool = new LineSpool();
    const lines = Array.from({ length: count }, (_, i) => `${i} 弱口令 ${'x'.repeat(i % 200)}`);
    for (const line of lines) spool.add(line);
    expect([...spool.batches()].flat()).toEqual(lines);
    spool.close();
  });
}

test('a line that is longer than a block comes back whole', () => {
  const spool = new LineSpool();
  const long = '长'.repeat(2_000_000);
  spool.add('first');
  spool.add(long);
  spool.add('last');
  expect([...spool.batches()].flat()).toEqual(['first', long, 'last']);
  spool.close();
});
