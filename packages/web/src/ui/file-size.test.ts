import { expect, test } from 'vitest';
import { fileSize, sizeLimit } from './file-size.ts';

test('a limit is shown as it was set, a file as file managers show it', () => {
  expect([512 * 2 ** 20, 2 ** 31, 100_000_000].map((bytes) => sizeLimit(bytes, 'en'))).toEqual([
    '512 MiB',
    '2 GiB',
    '100 MB',
  ]);
  expect(fileSize(71_300, 'en')).toBe('71.3 kB');
});
