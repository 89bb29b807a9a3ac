import type { Fact } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { SiteScan } from './site-scan.ts';

/**
 * The XML export of Acunetix. It says whether the scan came to its end and whether the site answered, but not
 * which pages and checks that was: its silence is assumed at most (COVERAGE.md section 1, row "Acunetix XML").
 * Its times have no zone.
 */
export const acunetixReader: Reader = {
  format: 'acunetix',
  detect: (head) =>
    head.trimStart().startsWith('<') && /<ScanGroup[\s>]/.test(head) && /<StartURL>/.test(head),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const report = new Report();
    const truncated = yield* walkXml(bytes, report);
    const rest = report.finish();
    if (rest.length > 0) yield rest;
    const tool = { name: 'acunetix', version: null, feed: null };
    return { tool, startedAt: null, finishedAt: null, complete: !truncated, truncated };
  },
};

class Report implements XmlWalker {
  #facts: Fact[] = [];
  #scan: SiteScan | undefined;
  #scans = 0;
  readonly #explanations = new Explanations();
  /** Open elements: "Name" stands in a scan, in a page of the crawler and in an item. */
  readonly #path: string[] = [];

  open(name: string, attributes: XmlAttributes): boolean {
    if (this.#path.length === 0 && name !== 'ScanGroup') {
      throw new UnreadableScan('UNKNOWN_FORMAT', `the file begins with <${name}>, not with <ScanGroup>`);
    }
    const parent = this.#path.at(-1) ?? '';
    this.#path.push(name);
    if (name === 'Scan' && parent === 'ScanGroup') {
      this.#scans += 1;
      this.#scan = new SiteScan(`a${this.#scans}`, this.#explanations);
    }
    return this.#scan?.open(name, parent, attributes) === true;
  }

  close(name: string, text: string, line: number): void {
    this.#path.pop();
    const scan = this.#scan;
    if (scan === undefined) return;
    if (name === 'Scan' && this.#path.length === 1) this.#closeScan(true);
    else if (name === 'ReportItem') this.#facts.push(...scan.closeItem(line));
    else scan.text(name, this.#path.at(-1) ?? '', text.trim());
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  /** The scan that a cut file ends in. */
  finish(): Fact[] {
    this.#closeScan(false);
    return this.drain();
  }

  #closeScan(whole: boolean): void {
    if (this.#scan !== undefined) this.#facts.push(...this.#scan.facts(whole));
    this.#scan = undefined;
  }
}
