import type {
  AssetRecord,
  CoverageRecord,
  Fact,
  Identifier,
  Instant,
  ObservationRecord,
} from '@backcheck/core';
import { isOneCluster } from '../cluster-name.ts';
import { imageIdentifiers } from '../image-line.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { artifactIdentifiers, doubtsAbout } from './artifact.ts';
import { coverageOf, isOs, locusOf, silenceOf, type TrivyResult } from './coverage.ts';
import { RECORD_ARRAYS, type TrivyRecord } from './record.ts';

/** A report without the elements of its arrays: `trivy image|fs|repo …` of schema 2 and 1, or `trivy k8s`. */
export class TrivyReport {
  readonly version: string | null;
  /** Only a Trivy server states the date of its database. */
  readonly feed: Instant | null;
  /** When the report was made, after the scan; when the scan began is not said. */
  readonly createdAt: Instant | null;
  readonly facts: Fact[] = [];
  /** Something that must be a list is none: what it would have said is not known. */
  odd = false;
  readonly #results = new Map<string, TrivyResult>();
  /** Assets whose name others may have too: what passed there may have passed elsewhere. */
  readonly #ambiguous = new Set<string>();
  readonly #filled: ReadonlySet<string>;
  readonly #scanned: boolean;

  /** `filled`: the keys to every array that had an element, as "Results.0.Packages". */
  constructor(document: unknown, filled: ReadonlySet<string>) {
    this.version = textAt(document, 'Trivy', 'Version') ?? null;
    this.feed = zonedInstant(textAt(document, 'Trivy', 'Server', 'VulnerabilityDB', 'UpdatedAt'));
    this.createdAt = zonedInstant(textAt(document, 'CreatedAt'));
    this.#filled = filled;
    this.#scanned = [...filled].some((path) => path.endsWith('.Vulnerabilities'));
    if (Array.isArray(document)) this.#legacy(document);
    else if (valueAt(document, 'ClusterName') !== undefined) this.#cluster(document);
    else this.#artifact(document);
  }

  /** `path` is that of the result: "Results.0". */
  fact(path: string, record: TrivyRecord): ObservationRecord | CoverageRecord | undefined {
    const result = this.#results.get(path);
    if (result === undefined) return undefined;
    const { asset } = result;
    const { check, title, severity, cve, cwe, cvss, verdict } = record;
    const locus = locusOf(result, record);
    if (verdict === 'suppressed') {
      const veto = { evidence: 'E0', assumptions: [], reason: 'FILTERED_REPORT' } as const;
      return { ...silenceOf(asset), ...veto, checks: { ids: [check] }, within: [locus] };
    }
    if (verdict === 'absent' && this.#ambiguous.has(asset)) return undefined;
    const key = { record: 'observation', asset, transport: 'none', port: 0, check, locus, verdict } as const;
    return { ...key, title, severity, cve, cwe, cvss, at: null, method: 'local' };
  }

  #artifact(document: unknown): void {
    this.#visit('a1', artifactIdentifiers(document));
    const endOfLife = valueAt(document, 'Metadata', 'OS', 'EOSL') === true;
    const results = this.#read('a1', 'Results.', listAt(document, 'Results'));
    this.odd ||= !isList(valueAt(document, 'Results'));
    const assumptions = doubtsAbout(document);
    if (assumptions.length > 0) this.#ambiguous.add('a1');
    this.#claim(results, { asset: 'a1', assumptions, endOfLife });
  }

  /** Schema 1 is the bare list; only the result about the operating system names what was scanned. */
  #legacy(document: readonly unknown[]): void {
    const results = this.#read('a1', '', document);
    const name = results.find(isOs)?.target.replace(/ \([^()]*\)$/, '') ?? '';
    const unnamed: Identifier[] = [{ kind: 'repository', value: 'unnamed:trivy' }];
    if (name === '') this.#ambiguous.add('a1');
    this.#visit('a1', name === '' ? unnamed : imageIdentifiers(name, [], []));
    this.#claim(results, { asset: 'a1', assumptions: name === '' ? ['A-src'] : [], endOfLife: false });
  }

  /**
   * One asset for each workload. It may run several images with results of the same names, and the report does not
   * say which is of which: their package lists prove nothing.
   */
  #cluster(document: unknown): void {
    const cluster = textAt(document, 'ClusterName') ?? '';
    const ambiguous = !isOneCluster(cluster);
    let count = 0;
    for (const section of ['Resources', 'Findings', 'Vulnerabilities', 'Misconfigurations']) {
      for (const [i, resource] of listAt(document, section).entries()) {
        count += 1;
        const asset = `a${count}`;
        if (ambiguous) this.#ambiguous.add(asset);
        const names = ['Namespace', 'Kind', 'Name'].map((key) => textAt(resource, key) ?? '');
        this.odd ||= !isList(valueAt(resource, 'Results'));
        const failed = (textAt(resource, 'Error') ?? '') !== '';
        this.#visit(asset, [{ kind: 'cloud', value: ['k8s:', cluster, ...names].join('/') }], failed);
        const results = this.#read(asset, `${section}.${i}.Results.`, listAt(resource, 'Results'));
        if (!failed) this.#claim(results, { asset, assumptions: ['A-src'], endOfLife: false });
      }
    }
  }

  #visit(id: string, identifiers: readonly Identifier[], failed = false): void {
    const [startedAt, finishedAt] = [this.createdAt, this.createdAt];
    const visit = { record: 'asset', id, identifiers, startedAt, finishedAt, credential: 'none' } as const;
    const asset: AssetRecord = { ...visit, reached: !failed };
    this.facts.push(failed ? { ...asset, reason: 'INCOMPLETE' } : asset);
  }

  #read(asset: string, path: string, list: readonly unknown[]): TrivyResult[] {
    return list.map((one, i) => {
      this.odd ||= LISTS.some((key) => !isList(valueAt(one, key)));
      const result = {
        asset,
        class: textAt(one, 'Class') ?? '',
        type: textAt(one, 'Type') ?? '',
        target: textAt(one, 'Target') ?? '',
        listsPackages: this.#filled.has(`${path}${i}.Packages`),
      };
      this.#results.set(`${path}${i}`, result);
      return result;
    });
  }

  #claim(results: readonly TrivyResult[], ground: Omit<Parameters<typeof coverageOf>[1], 'scanned'>): void {
    this.facts.push(...coverageOf(results, { ...ground, scanned: this.#scanned }));
  }
}

const LISTS: readonly string[] = ['Packages', ...RECORD_ARRAYS];

/** Go writes an empty list as null or leaves it out. */
const isList = (value: unknown): boolean => Array.isArray(value ?? []);
