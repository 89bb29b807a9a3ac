import { setImmediate as pause } from 'node:timers/promises';

/** So many are done before requests are looked at again: some milliseconds. */
const AT_ONCE = 500;

/** Maps a long list without keeping the process from everything else. */
export async function paced<T, R>(items: readonly T[], each: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  for (const [at, item] of items.entries()) {
    if (at % AT_ONCE === 0) await pause();
    results.push(each(item));
  }
  return results;
}
