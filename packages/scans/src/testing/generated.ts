import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readScan } from '../read-scan.ts';

/** A file of that many records between head and tail, made while it is read. */
export async function* generated(
  count: number,
  record: (index: number) => string,
  [head, tail]: readonly [string, string],
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(head);
  for (let from = 0; from < count; from += 1000) {
    const indexes = Array.from({ length: Math.min(1000, count - from) }, (_, i) => from + i);
    yield Buffer.from(indexes.map(record).join(''));
  }
  yield Buffer.from(tail);
}

/**
 * Reads a file as an import does and keeps nothing of it. `grownMegabytes` is by how much what is really in use
 * had grown while it was read, measured after each 20,000 presences.
 */
export async function readAll(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ present: number; complete: boolean; grownMegabytes: number }> {
  const before = inUse();
  let [present, measured, grown] = [0, 0, 0];
  const facts = readScan(bytes);
  for (;;) {
    const step = await facts.next();
    if (step.done === true)
      return { present, complete: step.value.complete, grownMegabytes: grown / 2 ** 20 };
    present += step.value.filter((one) => one.record === 'observation' && one.verdict === 'present').length;
    if (present - measured < 20_000) continue;
    measured = present;
    grown = Math.max(grown, inUse() - before);
  }
}

function inUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
