import { citationsOf } from '@backcheck/db';
import type { PendingFile } from '../platform/files/file-store.ts';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

type Needs = Pick<Parts, 'files' | 'evidence' | 'widePool'>;

/**
 * Has the virus scanner look at a file that came with its request, while its sender waits. Puts it into the store, sealed,
 * where no record cites it yet; what is refused does not stay there. Outside of a transaction, because it takes its time.
 *
 * @throws Problem UPLOAD_INFECTED, UPLOAD_UNSCANNED
 */
export async function passScanner(
  parts: Needs,
  { file, fileName }: { readonly file: PendingFile; readonly fileName: string },
): Promise<void> {
  const { scanner, takeUnscanned } = parts.evidence;
  if (scanner === null) return;
  await file.keep();
  const kept = new Date();
  const { found } = await scanner(parts.files.read(file.sha256)).catch(async () => {
    if (takeUnscanned) return { found: null };
    await letGo(parts, file.sha256, kept);
    throw new Problem('UPLOAD_UNSCANNED', { file: fileName });
  });
  if (found === null) return;
  await letGo(parts, file.sha256, kept);
  throw new Problem('UPLOAD_INFECTED', { file: fileName, found });
}

/** Unless something cites the same bytes, which the scanner passed at their time, or somebody has sent them since. */
async function letGo({ files, widePool }: Needs, sha256: string, kept: Date): Promise<void> {
  if ((await citationsOf(widePool, [sha256])).length > 0) return;
  await files.remove(sha256, new Date(kept.getTime() + 1));
}
