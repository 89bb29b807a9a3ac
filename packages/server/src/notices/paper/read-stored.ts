import type { FileStore } from '../../platform/files/file-store.ts';

/** A file of the store whole, for one whose size was bounded when it was taken in. */
export async function readStored(files: FileStore, sha256: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of files.read(sha256)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
