import { randomBytes, randomInt } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** A key that wraps the keys of files: AES-256. */
export interface EvidenceKey {
  /** 1 to 2^32 - 1, drawn at random: a key file that was lost and made anew never answers for the old one. */
  readonly id: number;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** The keys of the file store, as they are on the disk at this moment. */
export interface EvidenceKeys {
  /** Under which files are sealed from now on: the newest. */
  current(): Promise<EvidenceKey>;
  /** Null: the key file does not hold it. */
  find(id: number): Promise<EvidenceKey | null>;
}

const KeyFile = z.object({
  version: z.literal(1),
  /** Oldest first. */
  keys: z
    .array(
      z.object({
        id: z.int().min(1).max(0xffff_ffff),
        /** 32 bytes in base64. */
        secret: z.base64().length(44),
        madeAt: z.iso.datetime(),
      }),
    )
    .min(1),
});
type KeyFile = z.infer<typeof KeyFile>;

/**
 * Opens the keys, or makes the first one with mode 0600. Whoever loses this file loses every stored file; whoever has it
 * and the files can read them: it belongs in the backup, apart from them. Read again when it has changed, so that
 * `backcheck keys rotate` needs no restart.
 */
export async function openEvidenceKeys(path: string, now: Date): Promise<EvidenceKeys> {
  if ((await readKeys(path)) === null) await makeFirst(path, now);
  let known: { readonly version: string; readonly keys: readonly EvidenceKey[] } | null = null;
  const load = async (): Promise<readonly EvidenceKey[]> => {
    const { ino, size, mtimeMs } = await stat(path);
    // The inode, because two changes may share a tick of the clock.
    const version = `${ino} ${size} ${mtimeMs}`;
    if (known?.version !== version) known = { version, keys: (await keysOf(path)).keys.map(asKey) };
    return known.keys;
  };
  await load();
  return {
    current: async () => {
      const newest = (await load()).at(-1);
      if (newest === undefined) throw new Error(`The key file ${path} holds no key`);
      return newest;
    },
    find: async (id) =>
      known?.keys.find((one) => one.id === id) ?? (await load()).find((one) => one.id === id) ?? null,
  };
}

/**
 * Adds a key, under which files are sealed from now on. Says how many there are then. Of two at once the second is
 * refused: it would write the file without the key of the first, and what was sealed under that could never be read.
 */
export async function rotateEvidenceKeys(path: string, now: Date): Promise<number> {
  const temporary = `${path}.new`;
  // Before the keys are read: it is the lock as well.
  const file = await openNew(temporary);
  try {
    const { keys } = await keysOf(path);
    let added = newKey(now);
    while (keys.some(({ id }) => id === added.id)) added = newKey(now);
    await writeTo(file, { version: 1, keys: [...keys, added] });
    await rename(temporary, path);
    await flush(dirname(path));
    return keys.length + 1;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    const why = `${path} is there: keys are being rotated at this moment, or were and it was cut off. If nobody does, remove it`;
    throw new Error(why, { cause });
  }
}

const asKey = ({ id, secret }: KeyFile['keys'][number]): EvidenceKey => ({
  id,
  secret: Buffer.from(secret, 'base64'),
});

const newKey = (now: Date): KeyFile['keys'][number] => ({
  id: randomInt(1, 2 ** 32),
  secret: randomBytes(32).toString('base64'),
  madeAt: now.toISOString(),
});

async function keysOf(path: string): Promise<KeyFile> {
  const read = await readKeys(path);
  if (read === null) throw new Error(`The key file ${path} is gone`);
  return read;
}

/** Null: there is none. */
async function readKeys(path: string): Promise<KeyFile | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`The key file ${path} cannot be read`, { cause: error });
  }
  try {
    return KeyFile.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`The key file ${path} is damaged; restore it from the backup`, { cause: error });
  }
}

async function makeFirst(path: string, now: Date): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // 'wx': of two first starts, the second fails instead of replacing the key of the first.
  await writeTo(await open(path, 'wx', 0o600), { version: 1, keys: [newKey(now)] });
  await flush(dirname(path));
}

async function writeTo(file: FileHandle, keys: KeyFile): Promise<void> {
  try {
    await file.chmod(0o600);
    await file.writeFile(`${JSON.stringify(keys, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
