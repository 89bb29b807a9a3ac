import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectScan, readScan, UnreadableScan } from '@backcheck/scans';
import { describe, expect, test } from 'vitest';
import { sharedFolder } from '../../packages/scans/src/testing/scan-of.ts';

/**
 * The corpus comes with the counts that another tool's own tests expect of its files. That tool merges what we keep
 * apart, so our distinct checks are compared, and every difference stands with its reason in docs/formats.md.
 */
const DOCUMENT = fileURLToPath(new URL('../../docs/formats.md', import.meta.url));
const folder = sharedFolder('scans');
if (folder === undefined) console.warn('Skipped: ../shared/corpus/scans is not on this machine.');

interface Difference {
  readonly file: string;
  readonly theirs: number;
  readonly ours: number;
}

function expectedCounts(root: string): Map<string, number> {
  const list = JSON.parse(readFileSync(join(root, 'expected.json'), 'utf8')) as {
    readonly file: string;
    readonly count: number | null;
  }[]; // a file of ours, described in its README
  return new Map(list.flatMap(({ file, count }) => (count === null ? [] : [[file, count] as const])));
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  yield readFileSync(path);
}

async function distinctChecks(path: string): Promise<number> {
  try {
    const { observations } = await collectScan(readScan(bytesOf(path)));
    const present = observations.filter((one) => one.verdict === 'present');
    return new Set(present.map((one) => one.check)).size;
  } catch (error) {
    if (error instanceof UnreadableScan && error.code === 'EMPTY') return 0;
    throw error;
  }
}

/** Rows `| file | theirs | ours | reason |` of the table under the heading. */
function explained(): (Difference & { readonly reason: string })[] {
  const [, section = ''] = readFileSync(DOCUMENT, 'utf8').split('## Counts of another tool');
  const rows = section.matchAll(/^\| `([^`]+)` \| (\d+) \| (\d+) \| (.+) \|$/gm);
  return [...rows].map(([, file = '', theirs, ours, reason = '']) => ({
    file,
    theirs: Number(theirs),
    ours: Number(ours),
    reason,
  }));
}

describe.skipIf(folder === undefined)('the counts that another tool expects of the corpus', () => {
  test('are our distinct checks, or the table in docs/formats.md says why not', async () => {
    const differences: Difference[] = [];
    for (const [file, theirs] of expectedCounts(folder ?? '')) {
      const ours = await distinctChecks(join(folder ?? '', file));
      if (ours !== theirs) differences.push({ file, theirs, ours });
    }
    const told = explained();
    expect(told.map(({ reason, ...one }) => one)).toEqual(differences);
    expect(told.filter(({ reason }) => reason.length < 20)).toEqual([]);
  });
});
