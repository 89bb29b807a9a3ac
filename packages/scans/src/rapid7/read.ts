import type { Fact, ObservationRecord } from '@backcheck/core';
import { HeldRows } from '../held-rows.ts';
import { hostIdentifier } from '../host-identifier.ts';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { Definitions } from './definitions.ts';
import { Node, type TestRow } from './node.ts';

/**
 * XML Export and XML Export 2.0 of Rapid7 Nexpose and InsightVM. Every test has a verdict of its own, so that
 * "not-vulnerable" counts also in a scan that was stopped (COVERAGE.md section 1, row "Rapid7 XML 2.0").
 * Times stand in it without a zone. Titles stand behind the tests, so tests wait until the file was read.
 */
export const rapid7Reader: Reader = {
  format: 'rapid7',
  detect: (head) => head.trimStart().startsWith('<') && /<NexposeReport[\s>]/.test(head),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const report = new Report();
    try {
      const truncated = yield* walkXml(bytes, report);
      const rest = report.finish();
      if (rest.length > 0) yield rest;
      yield* report.observations();
      const tool = { name: 'rapid7', version: null, feed: null };
      const complete = !truncated && report.finished;
      return { tool, startedAt: null, finishedAt: null, complete, truncated };
    } finally {
      report.discard();
    }
  },
};

class Report implements XmlWalker {
  readonly #tests = new HeldRows<TestRow>();
  readonly #definitions = new Definitions();
  #facts: Fact[] = [];
  #node: Node | undefined;
  #nodes = 0;
  #scans = 0;
  /** The id of the last of them. */
  #scan: string | undefined;
  #finishedScans = 0;
  #started = false;

  get finished(): boolean {
    return this.#scans > 0 && this.#finishedScans === this.#scans;
  }

  open(name: string, attributes: XmlAttributes, line: number): boolean {
    if (!this.#started && name !== 'NexposeReport') {
      throw new UnreadableScan('UNKNOWN_FORMAT', `the file begins with <${name}>, not with <NexposeReport>`);
    }
    this.#started = true;
    if (name === 'scan') {
      this.#scans += 1;
      this.#scan = attributes['id'];
      if (attributes['status'] === 'finished') this.#finishedScans += 1;
    } else if (name === 'node') {
      this.#closeNode();
      this.#openNode(attributes, line);
    }
    return this.#node === undefined
      ? this.#definitions.open(name, attributes)
      : this.#node.open(name, attributes);
  }

  close(name: string, text: string, line: number): void {
    if (name === 'node') this.#closeNode();
    else if (this.#node === undefined) this.#facts.push(...this.#definitions.close(name, text));
    else if (this.#node.close(name, text) === 'bad')
      this.#warn('a test without id or port was left out', line);
  }

  drain(): Fact[] {
    this.#take(this.#node);
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  /** The node that a cut file ends in. */
  finish(): Fact[] {
    this.#closeNode();
    return this.drain();
  }

  *observations(): Generator<ObservationRecord[]> {
    for (const rows of this.#tests.batches()) yield rows.map((row) => this.#definitions.observation(row));
  }

  discard(): void {
    this.#tests.close();
  }

  #openNode(attributes: XmlAttributes, line: number): void {
    const address = hostIdentifier(attributes['address'] ?? '');
    if (address === undefined) return this.#warn('a node without an address was left out', line);
    this.#nodes += 1;
    this.#node = new Node(`a${this.#nodes}`, address, {
      attributes,
      scan: this.#scans === 1 ? this.#scan : undefined,
    });
  }

  #closeNode(): void {
    if (this.#node === undefined) return;
    const asset = this.#node.asset();
    this.#take(this.#node);
    this.#node = undefined;
    this.#facts.push(asset);
  }

  #take(node: Node | undefined): void {
    if (node === undefined) return;
    for (const test of node.takeTests()) this.#tests.add(test);
    this.#facts.push(...node.takeCoverage());
  }

  #warn(message: string, line: number): void {
    this.#facts.push({ record: 'warning', code: 'BAD_RECORD', message, line });
  }
}
