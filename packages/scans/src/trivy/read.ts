import type { Fact } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { type JsonElement, walkJson } from '../json.ts';
import { LineSpool } from '../line-spool.ts';
import type { Reader } from '../reader.ts';
import { RECORD_ARRAYS, readRecord, type TrivyRecord, wordsOf } from './record.ts';
import { TrivyReport } from './report.ts';

/** Where results stand: schema 2, schema 1, `trivy k8s`. */
const RESULTS = ['Results.*', '*', '*.*.Results.*'];
const PATHS = RESULTS.flatMap((results) => RECORD_ARRAYS.map((array) => `${results}.${array}`));
/** Only that there is a list matters. */
const PACKAGES = RESULTS.map((results) => `${results}.Packages`);

/**
 * `trivy … --format json`. What it can prove and why: COVERAGE.md section 1, row "Trivy JSON". A result may be named
 * behind its records (in a file whose keys were sorted), so records wait in a spool until the file was read.
 */
export const trivyReader: Reader = {
  format: 'trivy',
  detect: (head) => SIGNS.some((signs) => signs.every((sign) => sign.test(head))),
  async *read(bytes) {
    const records = new Records();
    try {
      const walk = walkJson(bytes, PATHS, PACKAGES);
      for (;;) {
        const step = await walk.next();
        if (step.done !== true) {
          const facts = step.value.elements.flatMap((element) => records.add(element));
          if (facts.length > 0) yield facts;
          continue;
        }
        const { document, truncated, warnings } = step.value;
        const report = new TrivyReport(document, records.filled);
        yield [...warnings, ...report.facts];
        yield* records.facts(report);
        const { version, feed, createdAt } = report;
        const tool = { name: 'trivy', version, feed };
        const complete = records.sound && !report.odd;
        return { tool, startedAt: createdAt, finishedAt: createdAt, complete, truncated };
      }
    } finally {
      records.close();
    }
  },
};

/** Old versions write `null` where they scanned nothing that they know. It names no asset and proves nothing. */
export const trivyNullReader: Reader = {
  format: 'trivy-null',
  detect: (head) => /^\s*null\s*$/.test(head),
  async *read(bytes) {
    for await (const _ of bytes);
    yield [{ record: 'warning', code: 'NOTHING_SAID', message: 'the report is "null": it names no asset' }];
    const tool = { name: 'trivy', version: null, feed: null };
    return { tool, startedAt: null, finishedAt: null, complete: false };
  },
};

const SIGNS = [
  [/^\s*\{/, /"ArtifactName"\s*:\s*"/, /"ArtifactType"\s*:\s*"/],
  [
    /^\s*\{\s*("SchemaVersion"\s*:\s*\d+\s*,\s*)?"(ClusterName|Resources|Findings|Vulnerabilities|Misconfigurations)"\s*:/,
    /"ClusterName"\s*:\s*"/,
  ],
  [/^\s*\[\s*\{\s*"(Class|Packages|Target|Type|Vulnerabilities)"\s*:/, /"Target"\s*:\s*"/],
];

/** The rest of a million bad records is not worth a warning each. */
const MAX_WARNINGS = 1000;

/** The records of all results, until the results are known. */
class Records {
  /** The keys to every array that had an element: "Results.0.Packages". */
  readonly filled = new Set<string>();
  readonly #spool = new LineSpool();
  readonly #explanations = new Explanations();
  #bad = 0;

  /** No record was left out. */
  get sound(): boolean {
    return this.#bad === 0;
  }

  /** What it has to say at once: the words of its check, or a warning. */
  add({ keys, value, line }: JsonElement): Fact[] {
    const array = String(keys.at(-2));
    if (keys.at(-1) === 0) this.filled.add(keys.slice(0, -1).join('.'));
    if (array === 'Packages') return [];
    const record = readRecord(array, value);
    if (record !== undefined) {
      this.#spool.add(JSON.stringify([keys.slice(0, -2).join('.'), record]));
      const found = record.verdict === 'present';
      return found ? this.#explanations.of(record.check, () => wordsOf(value)) : [];
    }
    this.#bad += 1;
    if (this.#bad > MAX_WARNINGS) return [];
    const message = `${array} has a record without an id or a package`;
    return [{ record: 'warning', code: 'BAD_RECORD', message, line }];
  }

  *facts(report: TrivyReport): Generator<Fact[]> {
    for (const lines of this.#spool.batches()) {
      yield lines.flatMap((line) => {
        const [path, record] = JSON.parse(line) as [string, TrivyRecord]; // written by `add`
        return report.fact(path, record) ?? [];
      });
    }
  }

  close(): void {
    this.#spool.close();
  }
}
