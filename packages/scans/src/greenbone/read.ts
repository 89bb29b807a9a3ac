import type { Fact } from '@backcheck/core';
import { type Reader, UnreadableScan } from '../reader.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { zonedInstant } from '../zoned-instant.ts';
import type { HostVisit } from './host-visit.ts';
import { type HostDetail, Report } from './report.ts';
import { NVT_WORDS, RESULT_TEXTS, ResultTexts } from './result.ts';

/**
 * XML reports of Greenbone (OpenVAS): `<report>` as its "XML" report format writes it, alone, inside of another, or as
 * the answer to GMP's get_reports. What they can prove and why: COVERAGE.md section 1, row "Greenbone/OpenVAS XML".
 */
export const greenboneReader: Reader = {
  format: 'greenbone',
  detect: (head) =>
    /^\s*<(?:\?xml|!--|report|get_reports_response)/.test(head) &&
    /<(?:get_reports_response|report)[\s>]/.test(head) &&
    /<(?:scan_run_status|gmp|omp|report_format|nvt)[\s>]/.test(head),
  async *read(bytes) {
    const report = new Report();
    try {
      const truncated = yield* walkXml(bytes, new ReportWalker(report));
      yield* report.facts(truncated);
      return report.head(truncated);
    } finally {
      report.close();
    }
  },
};

/** Texts of the scan as a whole and of its `<host>` elements. */
const TEXTS: ReadonlySet<string> = new Set([
  'report/scan_run_status',
  'report/scan_start',
  'report/scan_end',
  'task/progress',
  'filters/term',
  'host/ip',
  'host/start',
  'host/end',
  'detail/name',
  'detail/value',
  'source/name',
  'source/description',
]);

class ReportWalker implements XmlWalker {
  readonly #report: Report;
  readonly #path: string[] = [];
  #facts: Fact[] = [];
  #result: ResultTexts | null = null;
  #visit: HostVisit | null = null;
  #times = { start: '', end: '' };
  #detail: HostDetail = { name: '', value: '', oid: '', title: '' };

  constructor(report: Report) {
    this.#report = report;
  }

  open(name: string, attributes: XmlAttributes, line: number): boolean {
    const parent = this.#path.at(-1);
    if (parent === undefined) mustBeReport(name);
    this.#path.push(name);
    if (this.#result !== null) return this.#openInResult(this.#result, `${parent}/${name}`, attributes);
    if (name === 'report' && attributes['type'] === 'delta') refuseDelta(line);
    const place = `${parent}/${name}`;
    if (place === 'results/result' || place === 'errors/error') this.#result = new ResultTexts(line);
    else if (place === 'report/results') this.#openResults(attributes);
    else if (place === 'report/host') {
      this.#visit = null;
      this.#times = { start: '', end: '' };
    } else if (place === 'host/detail') this.#detail = { name: '', value: '', oid: '', title: '' };
    return TEXTS.has(place);
  }

  close(name: string, text: string): void {
    this.#path.pop();
    const place = `${this.#path.at(-1)}/${name}`;
    const result = this.#result;
    if (result === null) this.#closeAbove(place, text);
    else if (place === 'results/result') {
      this.#result = null;
      this.#facts.push(...this.#report.result(result));
    } else if (place === 'errors/error') {
      this.#result = null;
      this.#report.error(result);
    } else if (text !== '') result.set(place, text);
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  #openResults({ start, max }: XmlAttributes): void {
    this.#report.unpaged = start === '1' && max === '-1';
  }

  #openInResult(result: ResultTexts, place: string, attributes: XmlAttributes): boolean {
    if (place === 'result/nvt' || place === 'error/nvt') result.oid = attributes['oid'] ?? '';
    if (place === 'refs/ref' && attributes['type'] === 'cve') result.refer(attributes['id'] ?? '');
    if (NVT_WORDS.has(place)) return !this.#report.explanations.has(`greenbone:${result.oid}`);
    return RESULT_TEXTS.has(place);
  }

  #closeAbove(place: string, text: string): void {
    const report = this.#report;
    const value = text.trim();
    switch (place) {
      case 'report/scan_run_status':
        report.status = value;
        report.scans += 1;
        break;
      case 'report/scan_start':
        report.scanStart = zonedInstant(value);
        break;
      case 'report/scan_end':
        report.scanEnd = zonedInstant(value);
        break;
      case 'task/progress':
        report.progress = value;
        break;
      case 'filters/term':
        // The answer to get_reports ends with the filter by which reports, not results, were chosen.
        if (this.#path.at(-2) === 'report') report.filter = value;
        break;
      default:
        this.#closeInHost(place, value);
    }
  }

  #closeInHost(place: string, value: string): void {
    if (place === 'host/ip') this.#visit = this.#report.visit(value);
    else if (place === 'host/start') this.#times.start = value;
    else if (place === 'host/end') this.#times.end = value;
    else if (place === 'detail/name') this.#detail.name = value;
    else if (place === 'detail/value') this.#detail.value = value;
    else if (place === 'source/name') this.#detail.oid = value;
    else if (place === 'source/description') this.#detail.title = value;
    else if (place === 'host/detail' && this.#visit !== null) this.#report.detail(this.#visit, this.#detail);
    else if (place === 'report/host' && this.#visit !== null) {
      this.#visit.startedAt = zonedInstant(this.#times.start);
      this.#visit.finishedAt = zonedInstant(this.#times.end);
      this.#visit = null;
    }
  }
}

/** Only reached when a user names the format of a file that is of another. */
function mustBeReport(name: string): void {
  if (name === 'report' || name === 'get_reports_response') return;
  const message = `a Greenbone report begins with report or get_reports_response, not with ${name}`;
  throw new UnreadableScan('UNKNOWN_FORMAT', message, 1);
}

function refuseDelta(line: number): never {
  const message = 'a delta report compares two scans and lists what is gone; export the report of one scan';
  throw new UnreadableScan('UNKNOWN_FORMAT', message, line);
}
