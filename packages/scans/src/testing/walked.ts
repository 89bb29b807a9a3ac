import { readScan } from '../read-scan.ts';

async function* encoded(pieces: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

/** Reads a generated file without keeping it: its presences, and by how many megabytes the heap grew at most meanwhile. */
export async function walked(pieces: Iterable<string>): Promise<{ presences: number; grown: number }> {
  const before = process.memoryUsage().heapUsed;
  let presences = 0;
  let most = before;
  for await (const batch of readScan(encoded(pieces))) {
    for (const fact of batch) if (fact.record === 'observation' && fact.verdict === 'present') presences += 1;
    most = Math.max(most, process.memoryUsage().heapUsed);
  }
  return { presences, grown: (most - before) / 1024 / 1024 };
}
