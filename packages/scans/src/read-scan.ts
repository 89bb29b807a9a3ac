import { createHash, type Hash } from 'node:crypto';
import type {
  AssetRecord,
  CoverageRecord,
  Fact,
  Instant,
  ObservationRecord,
  ScanFacts,
  ScanRecord,
  WarningRecord,
} from '@backcheck/core';
import { chooseReader, HEAD_BYTES } from './detect.ts';
import { type Reader, type ReadOptions, type ScanHead, UnreadableScan } from './reader.ts';
import { READERS } from './readers.ts';
import { tidyFact, tidyTool } from './tidy.ts';
import { Unpacked } from './unpack.ts';

/**
 * Reads one scan file: facts in batches, in the order of the file, and the record of the scan at the end.
 * A file in a gzip or alone in a zip is unpacked. Throws `UnreadableScan` when the file is empty, in no known format,
 * damaged before its first record or beyond the bounds of `unpack.ts`.
 *
 * A declared time stands for the whole file when the file states no time at all; otherwise the file wins and a
 * warning DECLARED_TIME_IGNORED says so. With a declared time, assets without a time of their own come last:
 * only the end of a file shows whether it has one.
 */
export async function* readScan(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<Fact[], ScanRecord> {
  const source = new HashedSource(bytes);
  try {
    const reader = chooseReader(await source.head(), READERS, options.format);
    const head = yield* readFacts(reader, source, options.declaredAt);
    await source.drain();
    return { record: 'scan', format: reader.format, ...head, sha256: source.sha256() };
  } finally {
    await source.close();
  }
}

/** Reads a scan whole, for replay and for files that are known to be small. Replay needs no explanations. */
export async function collectScan(facts: AsyncGenerator<Fact[], ScanRecord>): Promise<ScanFacts> {
  const assets: AssetRecord[] = [];
  const coverage: CoverageRecord[] = [];
  const observations: ObservationRecord[] = [];
  const warnings: WarningRecord[] = [];
  for (;;) {
    const step = await facts.next();
    if (step.done === true) return { scan: step.value, assets, coverage, observations, warnings };
    for (const fact of step.value) {
      if (fact.record === 'asset') assets.push(fact);
      else if (fact.record === 'coverage') coverage.push(fact);
      else if (fact.record === 'observation') observations.push(fact);
      else if (fact.record === 'warning') warnings.push(fact);
    }
  }
}

/** The fields of the scan record that do not depend on the bytes as such. */
type DatedHead = Omit<ScanRecord, 'record' | 'format' | 'sha256'>;

async function* readFacts(
  reader: Reader,
  source: HashedSource,
  declaredAt: Instant | undefined,
): AsyncGenerator<Fact[], DatedHead> {
  const timeless: AssetRecord[] = [];
  let timed = false;
  let sound = true;
  await using facts = reader.read(source.bytes());
  for (;;) {
    const step = await facts.next();
    if (step.done === true) {
      const ownTime = timed || statesTime(step.value);
      const rest = [...datedRest(timeless, ownTime, declaredAt), ...source.warnings()];
      if (rest.length > 0) yield rest;
      const truncated = step.value.truncated === true || source.warnings().length > 0;
      const complete = step.value.complete && sound;
      return datedHead({ ...step.value, complete, truncated }, ownTime, declaredAt);
    }
    const batch: Fact[] = [];
    for (const raw of step.value) {
      const fact = tidyFact(raw);
      if (fact.record === 'warning' && raw.record !== 'warning') sound = false;
      if (fact.record === 'asset' && statesTime(fact)) timed = true;
      else if (fact.record === 'asset' && declaredAt !== undefined) {
        timeless.push(fact);
        continue;
      }
      batch.push(fact);
    }
    if (batch.length > 0) yield batch;
  }
}

interface Timed {
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
}

function statesTime(timed: Timed): boolean {
  return timed.startedAt !== null || timed.finishedAt !== null;
}

function datedRest(
  timeless: readonly AssetRecord[],
  ownTime: boolean,
  declaredAt: Instant | undefined,
): Fact[] {
  if (declaredAt === undefined) return [];
  if (!ownTime) return timeless.map((asset) => ({ ...asset, startedAt: declaredAt, finishedAt: declaredAt }));
  const message = `the file says itself when it was made; the declared time ${declaredAt} was not used`;
  return [...timeless, { record: 'warning', code: 'DECLARED_TIME_IGNORED', message }];
}

function datedHead(head: ScanHead, ownTime: boolean, declaredAt: Instant | undefined): DatedHead {
  const declared = ownTime ? undefined : declaredAt;
  const { tool, complete, truncated } = head;
  return {
    tool: tidyTool(tool),
    startedAt: declared ?? head.startedAt,
    finishedAt: declared ?? head.finishedAt,
    timeSource: ownTime ? 'file' : declared === undefined ? 'none' : 'declared',
    complete: complete && truncated !== true,
    ...(truncated === true ? { truncated } : {}),
  };
}

/**
 * The bytes of the scan file, unpacked, each counted into the hash once, also those that a reader left unread behind a
 * damage: packed or not, a scan file is the same scan.
 */
class HashedSource {
  readonly #unpacked: Unpacked;
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #hash: Hash = createHash('sha256');
  #first: Uint8Array[] = [];

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#unpacked = new Unpacked(bytes);
    this.#iterator = this.#unpacked.bytes();
  }

  /** Says where the packing of the file broke off. */
  warnings(): WarningRecord[] {
    const message = this.#unpacked.damage;
    return message === undefined ? [] : [{ record: 'warning', code: 'TRUNCATED', message }];
  }

  /** The first bytes, which stay part of `bytes`. */
  async head(): Promise<Uint8Array> {
    let length = 0;
    while (length < HEAD_BYTES) {
      const chunk = await this.#next();
      if (chunk === undefined) break;
      this.#first.push(chunk);
      length += chunk.length;
    }
    if (length === 0) throw new UnreadableScan('EMPTY', 'the file is empty');
    return Buffer.concat(this.#first.map((chunk) => chunk.subarray(0, HEAD_BYTES)));
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    for (let chunk = this.#first.shift(); chunk !== undefined; chunk = this.#first.shift()) yield chunk;
    for (let chunk = await this.#next(); chunk !== undefined; chunk = await this.#next()) yield chunk;
  }

  async drain(): Promise<void> {
    while ((await this.#next()) !== undefined);
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
    await this.#unpacked.close();
  }

  async #next(): Promise<Uint8Array | undefined> {
    const step = await this.#iterator.next();
    if (step.done === true) return undefined;
    this.#hash.update(step.value);
    return step.value;
  }
}
