import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FeedName } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import type { FeedEntries, FeedHead } from './feed-entry.ts';
import { FeedFlaw } from './feed-flaw.ts';
import { readFeed } from './read-feed.ts';

/** Python's library is on every Debian; `zip` is not. */
function zipped(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-zip-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const names = [...new Set(Object.keys(files).map((name) => name.split('/')[0] ?? name))];
    execFileSync('python3', ['-m', 'zipfile', '-c', 'all.zip', ...names], { cwd: folder });
    return readFileSync(join(folder, 'all.zip'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function* pieces(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

async function allOf<Name extends FeedName>(
  feed: Name,
  bytes: string | Uint8Array,
): Promise<{ entries: FeedEntries[Name][]; head: FeedHead }> {
  const walk = readFeed(feed, pieces(bytes));
  const entries: FeedEntries[Name][] = [];
  for (;;) {
    const step = await walk.next();
    if (step.done === true) return { entries, head: step.value };
    entries.push(...step.value);
  }
}

/** What is wrong. */
async function flawOf(feed: FeedName, bytes: Uint8Array): Promise<string> {
  try {
    await allOf(feed, bytes);
  } catch (error) {
    if (!(error instanceof FeedFlaw)) throw error;
    expect(error.text.zh).toMatch(/\p{Script=Han}/u);
    return error.text.en;
  }
  return 'nothing';
}

/** Written over many lines, as they are published. */
const record = (cveId: string, changes: object = {}): string =>
  JSON.stringify(
    {
      dataType: 'CVE_RECORD',
      dataVersion: '5.1',
      cveMetadata: { cveId, state: 'PUBLISHED', dateUpdated: '2026-11-19T10:00:00.000Z' },
      containers: { cna: { title: 'House Audit: weak TLS' } },
      ...changes,
    },
    null,
    2,
  );

const nvd = (id: string, timestamp: string): string =>
  JSON.stringify({ format: 'NVD_CVE', version: '2.0', timestamp, vulnerabilities: [{ cve: { id } }] });

describe('a zip of many files', () => {
  const release = {
    'cves/2026/1xxx/CVE-2026-1234.json': record('CVE-2026-1234'),
    'cves/2026/1xxx/CVE-2026-1235.json': record('CVE-2026-1235'),
    'cves/delta.json': '{"fetchTime":"2026-11-20","numberOfChanges":2}',
    'README.md': '# CVE List',
  };

  test('of the CVE list is taken in, and what is no record in it is left alone', async () => {
    const { entries, head } = await allOf('cve', zipped(release));
    expect(entries.map(({ cve }) => cve).sort()).toEqual(['CVE-2026-1234', 'CVE-2026-1235']);
    const { head: one } = await allOf('cve', record('CVE-2026-1234'));
    expect(head).toEqual(one);
  });

  test('may lie in another zip, as the whole list is released', async () => {
    const { entries } = await allOf('cve', zipped({ 'cves.zip': zipped(release) }));
    expect(entries).toHaveLength(2);
  });

  test('of NVD is as old as the oldest of its files', async () => {
    const { entries, head } = await allOf(
      'nvd',
      zipped({
        'nvdcve-2.0-2025.json': nvd('CVE-2025-1234', '2026-01-02T03:00:00.000'),
        'nvdcve-2.0-2026.json': nvd('CVE-2026-1234', '2026-11-20T08:00:00.123'),
      }),
    );
    expect(entries).toHaveLength(2);
    expect(head.publishedAt).toBe('2026-01-02T03:00:00.000Z');
  });

  test.each<[string, FeedName, Readonly<Record<string, string>>, RegExp]>([
    [
      'with a file that is not in order is refused with its name',
      'cve',
      { ...release, 'cves/CVE-2026-9999.json': '{"dataType":' },
      /^cves\/CVE-2026-9999\.json: /,
    ],
    [
      'with an entry in two of its files',
      'cve',
      { ...release, 'again/CVE-2026-1234.json': record('CVE-2026-1234') },
      /CVE-2026-1234 is there twice/,
    ],
    ['without a file of the feed', 'cve', { 'a.json': '{}', 'b.json': '{}' }, /more than one file/],
    ['of a feed that is one file', 'epss', { 'a.csv': 'cve', 'b.csv': 'cve' }, /more than one file/],
    [
      'whose files together swell without bound',
      'cve',
      Object.fromEntries(
        ['1', '2', '3'].map((n) => [
          `CVE-2026-100${n}.json`,
          record(`CVE-2026-100${n}`, { x: ' '.repeat(30 << 20) }),
        ]),
      ),
      /300 times/,
    ],
  ])('%s', async (...[, feed, files, message]) => {
    const said = await flawOf(feed, zipped(files));
    expect(said).toMatch(message);
  });

  test('that is cut is refused', async () => {
    const said = await flawOf('cve', zipped(release).subarray(0, -30));
    expect(said).toMatch(/cut or damaged/);
  });
});
