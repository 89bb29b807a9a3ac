import type { AssetRecord, Fact, Instant } from '@backcheck/core';
import { epochInstant } from '../epoch-instant.ts';
import type { JsonElement } from '../json.ts';
import { portNumber } from '../port-number.ts';
import type { ScanHead } from '../reader.ts';
import { type Row, rowOf, type Target, targetOf, targetOfPair, textAt } from './row.ts';
import { TargetRows } from './target-facts.ts';

/** Assets of the pretty format wait for its end, where the duration stands; more are given no end. */
const MAX_WAITING = 10_000;

/** Gathers the rows of a file, target by target, in the order of the file. */
export class TestsslRun {
  #facts: Fact[] = [];
  #rows: TargetRows | undefined;
  /** What tells one target from the next: the pair and port of a flat row, the index of a pretty one. */
  #key: string | undefined;
  #assets = 0;
  #pretty = false;
  readonly #waiting: AssetRecord[] = [];
  #startedAt: Instant | null = null;
  /** Seconds, or what stands in their place. */
  #scanTime: string | undefined;

  take({ keys, value, line }: JsonElement, soFar: () => unknown): void {
    const row = rowOf(value);
    if (row === undefined) {
      this.#facts.push({
        record: 'warning',
        code: 'BAD_RECORD',
        message: 'a row without id, severity or finding',
        line,
      });
      return;
    }
    if (keys.length === 1) this.#takeFlat(row, textAt(value, 'ip') ?? '', textAt(value, 'port') ?? '');
    else this.#takePretty(row, Number(keys[1]), soFar);
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  finish(document: unknown): Fact[] {
    this.#close();
    this.#takeFailures(document);
    const finishedAt = this.#finishedAt();
    this.#facts.push(...this.#waiting.map((asset) => ({ ...asset, finishedAt })));
    return this.drain();
  }

  head(document: unknown, truncated: boolean): ScanHead {
    const version = /^\d[\w.-]*/.exec(textAt(document, 'version') ?? '')?.[0] ?? null;
    const tool = { name: 'testssl', version, feed: null };
    const complete = !truncated && /^\d+$/.test(this.#scanTime ?? '');
    return { tool, startedAt: this.#startedAt, finishedAt: this.#finishedAt(), complete, truncated };
  }

  #takeFlat(row: Row, pair: string, port: string): void {
    if (row.id === 'scanTime') {
      // Of several runs appended to one file, one that was broken off spoils the whole.
      if (this.#scanTime !== INTERRUPTED) this.#scanTime = row.finding;
      return;
    }
    // Rows written before the target is known carry "/" in the place of its name.
    if (pair === '/' || pair === '') return;
    const key = `${pair} ${port}`;
    if (key !== this.#key) this.#open(key, targetOfPair(pair, port));
    this.#rows?.add(row);
  }

  #takePretty(row: Row, index: number, soFar: () => unknown): void {
    const key = String(index);
    if (key !== this.#key) {
      const document = soFar();
      this.#readTimes(document);
      this.#open(key, prettyTarget(resultsOf(document)[index]), looksLocally(document));
    }
    this.#rows?.add(row);
  }

  /** A target that could not be tested stands in the pretty format as a row among the targets, without a name. */
  #takeFailures(document: unknown): void {
    const results = resultsOf(document);
    if (results.length > 0) this.#readTimes(document);
    if (this.#pretty) this.#scanTime = textAt(document, 'scanTime');
    for (const result of results) {
      const row = rowOf(result);
      const target =
        row === undefined ? undefined : failedTarget(row.finding, textAt(document, 'Invocation') ?? '');
      if (row === undefined || target === undefined) continue;
      this.#open(row.finding, target);
      this.#rows?.add(row);
      this.#close();
    }
  }

  #readTimes(document: unknown): void {
    this.#pretty = true;
    this.#startedAt = epochInstant(textAt(document, 'startTime'));
  }

  #finishedAt(): Instant | null {
    const seconds = /^\d{1,7}$/.test(this.#scanTime ?? '') ? Number(this.#scanTime) : undefined;
    if (this.#startedAt === null || seconds === undefined) return null;
    return new Date(Date.parse(this.#startedAt) + seconds * 1000).toISOString();
  }

  #open(key: string, target: Target, localLook = false): void {
    this.#close();
    this.#key = key;
    this.#rows = new TargetRows(target, localLook);
  }

  #close(): void {
    const rows = this.#rows;
    this.#rows = undefined;
    this.#key = undefined;
    if (rows === undefined) return;
    const port = portNumber(rows.target.port);
    if (rows.target.identifiers.length === 0 || port === undefined) {
      const message = 'rows of a target without a usable address and port were left out';
      this.#facts.push({ record: 'warning', code: 'BAD_RECORD', message });
      return;
    }
    this.#assets += 1;
    const id = `a${this.#assets}`;
    const asset = rows.asset(id, this.#startedAt, null);
    if (this.#pretty && this.#waiting.length < MAX_WAITING) this.#waiting.push(asset);
    else this.#facts.push(asset);
    this.#facts.push(...rows.facts(id, port));
  }
}

const INTERRUPTED = 'Scan interrupted';

function resultsOf(document: unknown): unknown[] {
  if (typeof document !== 'object' || document === null) return [];
  const results: unknown = Reflect.get(document, 'scanResult');
  return Array.isArray(results) ? results : [];
}

function prettyTarget(result: unknown): Target {
  const name = textAt(result, 'hostname') ?? textAt(result, 'targetHost') ?? '';
  return targetOf(name, textAt(result, 'ip') ?? '', textAt(result, 'port') ?? '');
}

/** `--fast` leaves no trace in the rows, and has the local OpenSSL look for ciphers that it does not have. */
function looksLocally(document: unknown): boolean {
  return /\s--(?:fast|ssl[-_]native)(?=\s|$)/.test(textAt(document, 'Invocation') ?? '');
}

/** "Can't connect to '192.0.2.7:443'", "192.0.2.7:443 doesn't seem to be…", "No IPv4/IPv6 address(es) for 'x'". */
function failedTarget(finding: string, invocation: string): Target | undefined {
  const called = /(?:^|\s)(?:https?:\/\/)?([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?(?:\/\S*)?$/i.exec(
    invocation,
  );
  const met = /(?:^|')([\d.]+|\[?[\da-f:]+\]?):(\d{1,5})(?:'|\s)/i.exec(finding);
  const name = called?.[1] ?? '';
  const target = targetOf(name, met?.[1] ?? '', met?.[2] ?? called?.[2] ?? '443');
  return target.identifiers.length === 0 ? undefined : target;
}
