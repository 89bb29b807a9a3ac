/** How fast files go into the sealed store and out of it, beside hashing and writing alone. `node bench/file-store.ts` */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openFileStore } from '../packages/server/src/platform/files/file-store.ts';
import { openEvidenceKeys } from '../packages/server/src/platform/keys/evidence-keys.ts';

const MEGABYTE = 1024 ** 2;
const SIZE = 512;
const ROUNDS = 3;

/** Other bytes each round, or the store would keep them once. */
async function* content(round: number): AsyncGenerator<Buffer, void> {
  const block = randomBytes(MEGABYTE);
  for (let n = 0; n < SIZE; n++) {
    block.writeUInt32BE(round * SIZE + n);
    yield Buffer.from(block);
  }
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  // Of a machine that does something else as well, the second figure says more.
  const ofProcessor = Math.round((SIZE * 1e6) / (user + system));
  process.stdout.write(
    `${what.padEnd(28)} ${Math.round(SIZE / seconds)} MB/s, ${ofProcessor} MB for a second of processor\n`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'backcheck-bench-'));
try {
  const keys = await openEvidenceKeys(join(folder, 'keys.json'), new Date());
  const store = await openFileStore({ folder: join(folder, 'files'), keys, now: new Date() });
  for (let round = 0; round < ROUNDS; round++) {
    const bare = join(folder, 'bare');
    await timed('hash and write, flushed', async () => {
      const hash = createHash('sha256');
      const hashed = Readable.from(content(round)).on('data', (chunk: Buffer) => hash.update(chunk));
      await pipeline(hashed, createWriteStream(bare, { flush: true }));
      hash.digest();
    });
    let name = '';
    await timed('sealed into the store', async () => {
      const file = await store.receive(content(round));
      await file.keep();
      name = file.sha256;
    });
    await timed('read', async () => {
      for await (const _chunk of createReadStream(bare, { highWaterMark: 256 * 1024 })) void _chunk;
    });
    await timed('read from the store', async () => {
      for await (const _chunk of store.read(name)) void _chunk;
    });
  }
  process.stdout.write(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
} finally {
  await rm(folder, { recursive: true });
}
