import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What is older than this was left behind by a runner that was killed: no run lasts so long. */
const LEFTOVER_AGE = 24 * 3_600_000;

/** Makes the folder in which each run gets one of its own, and removes what killed runners left there. */
export async function openRunFolder(path: string, now: Date): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  for (const name of await readdir(path)) {
    const left = join(path, name);
    const { mtimeMs } = await stat(left);
    if (mtimeMs < now.getTime() - LEFTOVER_AGE) await rm(left, { recursive: true, force: true });
  }
  return path;
}
