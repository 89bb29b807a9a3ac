import type { Fact, ScanRecord, WarningRecord } from '@backcheck/core';
import { type JsonRecord, walkJsonLines } from '../json-lines.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { type EndRecord, readRecord } from './read-record.ts';

/**
 * The records that `backcheck read` prints (docs/read-records.schema.json), so that any tool can be connected. What
 * the file claims counts as it stands there, up to E3: who hands it in vouches for it, as for every file. It must
 * be whole to the letter: a record that cannot be read, a missing end record or counts that differ make the
 * file damaged, and nothing in it closes. Times that a person declared when it was read are dropped: they must be
 * declared again, so that a declared time never turns into one that a tool stated.
 */
export const backcheckJsonlReader: Reader = {
  format: 'backcheck-jsonl',
  detect: (head) => /^\s*\{[^\n]*"record"\s*:\s*"scan"/.test(head),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const scan = new RecordedScan();
    const walk = walkJsonLines(bytes);
    for (;;) {
      const step = await walk.next();
      if (step.done === true) {
        yield [...step.value.warnings, ...scan.finish()];
        return scan.head(step.value.truncated);
      }
      yield step.value.flatMap((record) => scan.take(record));
    }
  },
};

/** After so many bad records the rest is not worth its warnings. */
const MAX_WARNINGS = 1000;

class RecordedScan {
  #scan: Omit<ScanRecord, 'format' | 'sha256'> | undefined;
  #end: EndRecord | undefined;
  readonly #counts = { asset: 0, observation: 0, coverage: 0, explanation: 0, warning: 0 };
  readonly #assets = new Set<string>();
  /** Assets that records name and that were not described yet. */
  readonly #missing = new Set<string>();
  #damages = 0;

  take({ value, line }: JsonRecord): Fact[] {
    const record = readRecord(value);
    if (record === undefined)
      return this.#damage('the record is not as docs/read-records.schema.json has it', line);
    if (this.#end !== undefined) return this.#damage('a record stands behind the end', line);
    if (record.record === 'scan') {
      if (this.#scan !== undefined) return this.#damage('a second scan begins', line);
      this.#scan = record;
      return record.timeSource === 'declared' ? [DECLARED] : [];
    }
    if (record.record === 'end') {
      this.#end = record;
      return [];
    }
    this.#counts[record.record] += 1;
    if (record.record === 'warning' || record.record === 'explanation') return [record];
    if (record.record !== 'asset') {
      if (!this.#assets.has(record.asset)) this.#missing.add(record.asset);
      return [record];
    }
    if (this.#assets.has(record.id)) return this.#damage(`asset ${record.id} is described twice`, line);
    this.#assets.add(record.id);
    this.#missing.delete(record.id);
    return [this.#timed ? record : { ...record, startedAt: null, finishedAt: null }];
  }

  finish(): Fact[] {
    const [missing] = this.#missing;
    if (this.#end === undefined) return this.#damage('the end record is missing');
    if (missing !== undefined) return this.#damage(`asset ${missing} is named and not described`);
    const { assets, observations, coverage, warnings } = this.#end;
    const { asset, observation, coverage: claims, explanation, warning } = this.#counts;
    const agrees =
      assets === asset &&
      observations === observation &&
      coverage === claims &&
      warnings === warning &&
      (this.#end.explanations ?? 0) === explanation;
    return agrees ? [] : this.#damage('the end record counts other records than the file has');
  }

  head(damaged: boolean): ScanHead {
    const { tool, startedAt, finishedAt, complete, truncated } = this.#scan ?? NOTHING;
    const times = this.#timed ? { startedAt, finishedAt } : { startedAt: null, finishedAt: null };
    return { tool, ...times, complete, truncated: damaged || this.#damages > 0 || truncated === true };
  }

  get #timed(): boolean {
    return this.#scan?.timeSource === 'file';
  }

  #damage(message: string, line?: number): Fact[] {
    this.#damages += 1;
    if (this.#damages > MAX_WARNINGS) return [];
    const code = line === undefined ? 'TRUNCATED' : 'BAD_RECORD';
    return [{ record: 'warning', code, message, ...(line === undefined ? {} : { line }) }];
  }
}

const DECLARED: WarningRecord = {
  record: 'warning',
  code: 'DECLARED_TIME_DROPPED',
  message: 'the times in the file were declared by a person; declare them again',
};

/** The scan record itself could not be read. */
const NOTHING: Omit<ScanRecord, 'format' | 'sha256'> = {
  record: 'scan',
  tool: { name: 'generic', version: null, feed: null },
  startedAt: null,
  finishedAt: null,
  timeSource: 'none',
  complete: false,
};
