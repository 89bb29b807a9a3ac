import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A file that is read once and then gone: what it says is public, so it is not kept as evidence. */
export interface Spooled {
  /** Of the bytes as they came, lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  read(): AsyncIterable<Buffer>;
  drop(): Promise<void>;
}

/** Takes bytes to the disk first, so that no transaction waits for a slow sender. */
export async function spool(bytes: AsyncIterable<Uint8Array>): Promise<Spooled> {
  const folder = await mkdtemp(join(tmpdir(), 'backcheck-feed-'));
  const path = join(folder, 'feed');
  const drop = () => rm(folder, { recursive: true, force: true });
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    await pipeline(
      bytes,
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          sizeBytes += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    );
  } catch (error) {
    await drop();
    throw error;
  }
  return { sha256: hash.digest('hex'), sizeBytes, read: () => createReadStream(path), drop };
}
