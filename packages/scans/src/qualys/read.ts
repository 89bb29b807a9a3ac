import type { Fact } from '@backcheck/core';
import { type Reader, UnreadableScan } from '../reader.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { AssetReport, MOST_CVES } from './asset-report.ts';
import { WORDS } from './detection.ts';

/**
 * Qualys' host-based scan report in XML (ASSET_DATA_REPORT). It gathers many scans.
 * What it can prove and why: COVERAGE.md section 1, row "Qualys ASSET_DATA_REPORT". It never closes.
 */
export const qualysReader: Reader = {
  format: 'qualys',
  detect: (head) => /<ASSET_DATA_REPORT[\s>]/.test(head),
  async *read(bytes) {
    const report = new AssetReport();
    try {
      const truncated = yield* walkXml(bytes, new AssetReportWalker(report));
      yield* report.facts(truncated);
      return report.head(truncated);
    } finally {
      report.close();
    }
  },
};

const TEXTS: ReadonlySet<string> = new Set([
  ...['IP', 'TRACKING_METHOD', 'DNS', 'QG_HOSTID', 'EC2_INSTANCE_ID'].map((name) => `HOST/${name}`),
  ...['QID', 'TYPE', 'PORT', 'PROTOCOL', 'FQDN', 'INSTANCE', 'LAST_FOUND', 'VULN_STATUS'].map(
    (name) => `VULN_INFO/${name}`,
  ),
  ...['QID', 'TITLE', 'SEVERITY', ...WORDS].map((name) => `VULN_DETAILS/${name}`),
  'CVSS_SCORE/CVSS_BASE',
  'CVSS3_SCORE/CVSS3_BASE',
  'CVE_ID/ID',
  'TEMPLATE_DETAILS/FILTER_SUMMARY',
  'TEMPLATE_DETAILS/SELECTIVE_VULNS',
]);

class AssetReportWalker implements XmlWalker {
  readonly #report: AssetReport;
  readonly #path: string[] = [];
  #facts: Fact[] = [];
  #texts = new Map<string, string>();
  #cves: string[] = [];
  #line = 0;

  constructor(report: AssetReport) {
    this.#report = report;
  }

  open(name: string, _attributes: XmlAttributes, line: number): boolean {
    const parent = this.#path.at(-1);
    if (parent === undefined && name !== 'ASSET_DATA_REPORT') refuse(name);
    this.#path.push(name);
    if (name === 'VULN_INFO_LIST') this.#report.host(this.#text);
    else if (name === 'HOST' || name === 'VULN_INFO' || name === 'VULN_DETAILS') {
      this.#texts = new Map();
      this.#cves = [];
      this.#line = line;
    }
    const place = `${parent}/${name}`;
    return TEXTS.has(place) || (place === 'VULN_INFO/RESULT' && this.#text('QID') === '45038');
  }

  close(name: string, text: string): void {
    this.#path.pop();
    if (name === 'VULN_INFO') {
      const warning = this.#report.detection(this.#text, this.#line);
      if (warning !== null) this.#facts.push(warning);
    } else if (name === 'VULN_DETAILS') this.#facts.push(...this.#report.check(this.#text, this.#cves));
    else if (name === 'FILTER_SUMMARY') this.#report.filter = text;
    else if (name === 'SELECTIVE_VULNS') this.#report.selected = text;
    else if (text === '') return;
    else if (name !== 'ID') this.#texts.set(name, text.trim());
    else if (this.#cves.length < MOST_CVES) this.#cves.push(text);
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  readonly #text = (name: string): string => this.#texts.get(name) ?? '';
}

/** Only reached when a user names the format of a file that is of another. */
function refuse(name: string): never {
  const message = `an asset report of Qualys begins with ASSET_DATA_REPORT, not with ${name}`;
  throw new UnreadableScan('UNKNOWN_FORMAT', message, 1);
}
