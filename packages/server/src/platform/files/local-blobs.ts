import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlobMissing, type Blobs } from './blobs.ts';

/** `sha256/ab/cdef…` under one folder. What is about to be removed passes through `going`. */
export function localBlobs(folder: string): Blobs {
  const placeOf = (name: string) => join(folder, 'sha256', name.slice(0, 2), name.slice(2));
  return {
    put: async (name, local) => {
      if (await touched(placeOf(name))) return rm(local, { force: true });
      await moveInto(local, placeOf(name));
    },
    replace: (name, local) => moveInto(local, placeOf(name)),
    read: async function* (name) {
      try {
        yield* createReadStream(placeOf(name), { highWaterMark: 256 * 1024 });
      } catch (error) {
        throw missingOr(error, name);
      }
    },
    head: (name, bytes) =>
      headOf(placeOf(name), bytes).catch((error) => Promise.reject(missingOr(error, name))),
    writeHead: async (name, head) => {
      const file = await open(placeOf(name), 'r+');
      try {
        // A quarter of a sector: disks write it whole or not at all.
        await file.write(head, 0, head.length, 0);
        await file.datasync();
      } finally {
        await file.close();
      }
      return true;
    },
    remove: (name, before) => removeOld(placeOf(name), join(folder, 'going'), before),
    stat: async (name) => {
      const found = await stat(placeOf(name)).catch((error) => {
        if (isMissing(error)) return null;
        throw error;
      });
      return found === null ? null : { bytes: found.size, putAt: found.mtime };
    },
    names: () => namesIn(join(folder, 'sha256')),
  };
}

/** A kill may have left what was taken aside: it goes back, and away again when its turn comes. */
export async function restoreAside(folder: string): Promise<void> {
  const going = join(folder, 'going');
  for (const name of await namesOrNone(going)) {
    const place = join(folder, 'sha256', name.slice(0, 2), name.slice(2));
    await link(join(going, name), place).catch(() => undefined);
    await rm(join(going, name), { force: true });
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const missingOr = (error: unknown, name: string): unknown =>
  isMissing(error) ? new BlobMissing(name, error) : error;

/** Whether it is there; if so, it is as if it had been put now. */
async function touched(place: string): Promise<boolean> {
  try {
    const now = new Date();
    await utimes(place, now, now);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function headOf(place: string, bytes: number): Promise<Buffer> {
  const file = await open(place, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function moveInto(local: string, place: string): Promise<void> {
  const folder = dirname(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(local, place);
  // Without these a power cut may forget the name while the database remembers the import.
  await flushFolder(folder);
  await flushFolder(dirname(folder));
}

/**
 * Taken out of its place first and looked at again there: whoever puts the same bytes meanwhile has either touched the
 * file before, and it goes back, or finds none and puts their own.
 */
async function removeOld(place: string, going: string, before: Date): Promise<boolean> {
  const isOld = async (path: string) => (await stat(path)).mtimeMs < before.getTime();
  try {
    if (!(await isOld(place))) return false;
    await mkdir(going, { recursive: true, mode: 0o700 });
    const aside = join(going, `${dirname(place).slice(-2)}${place.slice(dirname(place).length + 1)}`);
    await rename(place, aside);
    const goes = await isOld(aside);
    if (!goes) await link(aside, place).catch(() => undefined);
    await rm(aside, { force: true });
    return goes;
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
}

async function* namesIn(folder: string): AsyncGenerator<string, void> {
  for (const first of await namesOrNone(folder)) {
    for (const rest of await namesOrNone(join(folder, first))) {
      if (/^[0-9a-f]{64}$/.test(first + rest)) yield first + rest;
    }
  }
}

async function namesOrNone(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
