import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedFolder } from '../../packages/scans/src/testing/scan-of.ts';

/** One scan file; its name is its path below the corpus or below fixtures/scans, with "/" between the parts. */
export interface ScanFile {
  readonly name: string;
  bytes(): Buffer;
}

const OWN = fileURLToPath(new URL('../../fixtures/scans/', import.meta.url));

/** What lies in the corpus beside the scans: what the tools printed, licences, counts of other programs. */
const NO_SCAN = /\.(txt|log|md)$|\/(NOTICE|expected\.json)$/;

function filesBelow(root: string, folder: string): ScanFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(root, path).split(sep).join('/'), bytes: () => readFileSync(path) }))
    .filter(({ name }) => !NO_SCAN.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The scans that the project recorded or wrote itself. */
export const ownScans = (folder = ''): ScanFile[] => filesBelow(OWN, folder);

/**
 * The scans of ../shared/corpus (BACKCHECK_SHARED names another place for ../shared), which is no part of the
 * project; null, with a line that says so, where this machine does not have it.
 */
export function corpusScans(): ScanFile[] | null {
  const root = sharedFolder('');
  if (root === undefined) {
    console.warn(
      'Skipped: the corpus of scans, ../shared/corpus, is not on this machine (BACKCHECK_SHARED overrides).',
    );
    return null;
  }
  return [...filesBelow(root, 'loopback'), ...filesBelow(root, 'scans')];
}
