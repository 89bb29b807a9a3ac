import type { TaskList } from 'graphile-worker';
import type { Parts } from '../platform/parts.ts';
import { expireFiles } from './retention.ts';
import { scanTask } from './scan-task.ts';

/** Every night; the keys before the files, so that what is left is under the newest. */
export const EVIDENCE_CRONTAB =
  '31 4 * * * expire-files ?jobKey=expire-files&max=3\n' + '11 3 * * * renew-files ?jobKey=renew-files&max=3';

/** The queue's tasks about files. */
export const evidenceTasks = (parts: Parts): TaskList => ({
  'scan-upload': scanTask(parts),
  'expire-files': async () => {
    const { expired } = await expireFiles(parts);
    if (expired > 0) parts.log.info({ expired }, 'files went under the rules of retention');
  },
  'renew-files': () => renewFiles(parts),
});

/**
 * Brings every file under the current key, and seals what an earlier version left plain. Looks at each head, so a second
 * run goes on where a killed one stopped. A file that cannot be opened is said and left: it is not this job's to judge.
 */
export async function renewFiles({ files, log }: Pick<Parts, 'files' | 'log'>): Promise<void> {
  const counts = { sealed: 0, rewrapped: 0, current: 0, broken: 0 };
  for await (const sha256 of files.names()) {
    try {
      counts[await files.renew(sha256)] += 1;
    } catch (error) {
      counts.broken += 1;
      log.error({ err: error, sha256 }, 'a stored file cannot be brought under the current key');
    }
  }
  if (counts.sealed + counts.rewrapped + counts.broken > 0)
    log.info(counts, 'stored files were brought under the current key');
}
