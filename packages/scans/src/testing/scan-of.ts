import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fact, ImportedScan, Instant, ScanFacts } from '@backcheck/core';
import { type Reader, UnreadableScan } from '../reader.ts';

const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url));
const SHARED = resolve(process.env['BACKCHECK_SHARED'] ?? resolve(PROJECT, '../shared'));

/** A scan file of the project's own, made by real tools (tests/lab/record-fixtures.ts). */
export function fixture(path: string): Promise<string> {
  return readFile(resolve(PROJECT, 'fixtures/scans', path), 'utf8');
}

/** A folder of the corpus that is not part of the project; undefined where the machine does not have it. */
export function sharedFolder(path: string): string | undefined {
  const folder = resolve(SHARED, 'corpus', path);
  return existsSync(folder) ? folder : undefined;
}

async function* inPieces(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let from = 0; from < bytes.length; from += 10_000) yield bytes.subarray(from, from + 10_000);
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Reads a file with one reader. `declaredAt` stands in for missing times, as in an import. */
export async function scanOf(
  reader: Reader,
  content: string | Uint8Array,
  declaredAt: Instant | null = null,
): Promise<ScanFacts> {
  const facts: Fact[] = [];
  const walk = reader.read(inPieces(content));
  let step = await walk.next();
  for (; step.done !== true; step = await walk.next()) facts.push(...step.value);
  const { truncated, ...head } = step.value;
  const times = { startedAt: head.startedAt ?? declaredAt, finishedAt: head.finishedAt ?? declaredAt };
  const timeSource = head.startedAt !== null ? 'file' : declaredAt !== null ? 'declared' : 'none';
  const scan = {
    record: 'scan',
    format: reader.format,
    ...head,
    ...times,
    timeSource,
    sha256: sha256(content),
  } as const;
  return {
    scan: truncated === true ? { ...scan, truncated } : scan,
    assets: facts.filter((one) => one.record === 'asset').map((one) => withTimes(one, declaredAt)),
    coverage: facts.filter((one) => one.record === 'coverage'),
    observations: facts.filter((one) => one.record === 'observation'),
    warnings: facts.filter((one) => one.record === 'warning'),
  };
}

/** Undefined where the reader refuses the whole file. */
export async function scanUnlessRefused(...order: Parameters<typeof scanOf>): Promise<ScanFacts | undefined> {
  try {
    return await scanOf(...order);
  } catch (error) {
    if (error instanceof UnreadableScan) return undefined;
    throw error;
  }
}

function withTimes<T extends { startedAt: Instant | null; finishedAt: Instant | null }>(
  asset: T,
  at: Instant | null,
): T {
  return asset.startedAt === null ? { ...asset, startedAt: at, finishedAt: at } : asset;
}

/** Sent in by the coordinator who made it, long after all scans. */
export function imported(facts: ScanFacts): ImportedScan {
  return {
    ...facts,
    importedAt: '2030-01-01T00:00:00.000Z',
    vantage: 'lab',
    submittedBy: 'coordinator',
    declaredBy: facts.scan.timeSource === 'declared' ? 'coordinator' : null,
    quarantined: false,
  };
}

/** The text cut after each tenth of it, but not at its end. */
export function tenths(content: string): string[] {
  return [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) =>
    content.slice(0, Math.floor((content.length * tenth) / 10)),
  );
}
