import type { AssetRecord, Fact, ObservationRecord } from '@backcheck/core';
import { type Explanations, plainOfHtml } from '../explanation.ts';
import { severityOfWord } from '../severity.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';
import { type WebPlace, webPlace } from '../web-place.ts';
import type { XmlAttributes } from '../xml.ts';

/** Texts of a `<Scan>`, and of its items: element by parent. */
const SCAN_TEXTS: ReadonlySet<string> = new Set(['StartURL', 'FinishTime', 'Aborted', 'Responsive']);
const ITEM_TEXTS: ReadonlySet<string> = new Set(['Name', 'Affects', 'Parameter', 'Severity']);
/** Those that explain the check: used once in a file. `Details` is what was seen on one page. */
const ITEM_WORDS: ReadonlySet<string> = new Set(['Description', 'Impact', 'Recommendation']);
const MAX_LIST = 200;

interface Item {
  readonly texts: Record<string, string>;
  readonly cve: string[];
  readonly cwe: string[];
  readonly cvss: string[];
}

/** One `<Scan>`: what Acunetix says about one site. */
export class SiteScan {
  readonly #id: string;
  readonly #explanations: Explanations;
  readonly #texts: Record<string, string> = {};
  #crawled: string | undefined;
  #item: Item | undefined;
  #seen = false;
  #damaged = false;

  constructor(id: string, explanations: Explanations) {
    this.#id = id;
    this.#explanations = explanations;
  }

  /** True when the text of this element is wanted. */
  open(name: string, parent: string, attributes: XmlAttributes): boolean {
    if (name === 'Crawler') this.#crawled = attributes['StartUrl'];
    if (name === 'ReportItem') this.#item = { texts: {}, cve: [], cwe: [], cvss: [] };
    if (parent === 'Scan') return SCAN_TEXTS.has(name);
    if (parent === 'ReportItem' && ITEM_WORDS.has(name))
      return this.#item !== undefined && !this.#explanations.has(checkOf(this.#item));
    if (parent === 'ReportItem') return ITEM_TEXTS.has(name);
    return name === 'CWE' || name === 'CVE' || (name === 'Descriptor' && /^CVSS\d?$/.test(parent));
  }

  text(name: string, parent: string, text: string): void {
    const item = this.#item;
    if (parent === 'Scan' && SCAN_TEXTS.has(name)) this.#texts[name] = text;
    if (item === undefined) return;
    if (parent === 'ReportItem' && (ITEM_TEXTS.has(name) || ITEM_WORDS.has(name))) item.texts[name] = text;
    else if (name === 'CWE' && item.cwe.length < MAX_LIST) item.cwe.push(...cweIds(text));
    else if (name === 'CVE' && item.cve.length < MAX_LIST) item.cve.push(...cveIds(text));
    else if (name === 'Descriptor' && /^CVSS\d?$/.test(parent) && text !== '' && item.cvss.length < MAX_LIST)
      item.cvss.push(text);
  }

  closeItem(line: number): Fact[] {
    const item = this.#item;
    this.#item = undefined;
    const place = this.#place;
    if (item === undefined || place === undefined || nameOf(item) === '') {
      this.#damaged = true;
      const message = 'an item without a name, or of a scan without an address, was left out';
      return [{ record: 'warning', code: 'BAD_RECORD', message, line }];
    }
    this.#seen = true;
    const { Description = '', Impact = '', Recommendation = '' } = item.texts;
    const words = () => ({
      description: plainOfHtml(Description),
      harm: plainOfHtml(Impact),
      advice: plainOfHtml(Recommendation),
    });
    const presence = observation({ item, asset: this.#id, port: place.port });
    return [presence, ...this.#explanations.of(presence.check, words)];
  }

  /** The asset and what its silence is worth; nothing when no address is known. */
  facts(whole: boolean): Fact[] {
    const place = this.#place;
    if (place === undefined) {
      return [{ record: 'warning', code: 'BAD_RECORD', message: 'a scan without a StartURL was left out' }];
    }
    const identifiers = [place.identifier];
    const common = { record: 'asset', id: this.#id, identifiers, credential: 'none' } as const;
    const asset = { ...common, startedAt: null, finishedAt: null } as const;
    const reached = this.#says('Responsive', 'True') || this.#seen;
    const reason = reached ? this.#gap(whole) : 'NO_HOST';
    if (reason !== null) return [{ ...asset, reached, reason } satisfies AssetRecord];
    return [
      { ...asset, reached },
      {
        record: 'coverage',
        asset: this.#id,
        transport: 'tcp',
        ports: String(place.port),
        checks: { all: true },
        method: 'active',
        evidence: 'E1',
        // A-duration: that the scan took about as long as the one that saw the finding.
        assumptions: ['A-profile', 'A-crawl', 'A-duration'],
      },
    ];
  }

  #gap(whole: boolean): 'INCOMPLETE' | 'BLOCKED' | null {
    if (!whole || this.#damaged || !this.#texts['FinishTime']) return 'INCOMPLETE';
    if (!this.#says('Aborted', 'False')) return 'INCOMPLETE';
    return this.#says('Responsive', 'True') ? null : 'BLOCKED';
  }

  #says(name: string, value: string): boolean {
    return this.#texts[name]?.toLowerCase() === value.toLowerCase();
  }

  /** A StartURL without a scheme is completed by the crawler's; Acunetix takes http where neither has one. */
  get #place(): WebPlace | undefined {
    const start = this.#texts['StartURL'];
    return (
      webPlace(start) ?? webPlace(this.#crawled) ?? webPlace(start === undefined ? start : `http://${start}`)
    );
  }
}

function nameOf({ texts }: Item): string {
  return texts['Name']?.replace(/ \(verified\)$/, '') ?? '';
}

/** The file has no number of the check, and one module reports under several names. */
function checkOf(item: Item): string {
  return `acunetix:${nameOf(item)}`;
}

interface Seen {
  readonly item: Item;
  readonly asset: string;
  readonly port: number;
}

function observation({ item, asset, port }: Seen): ObservationRecord {
  const { texts, cve, cwe, cvss } = item;
  return {
    record: 'observation',
    asset,
    transport: 'tcp',
    port,
    check: checkOf(item),
    locus: locusOf(texts['Affects'] ?? '', texts['Parameter'] ?? ''),
    verdict: 'present',
    title: nameOf(item),
    severity: severityOfWord(texts['Severity']),
    cve: [...new Set(cve)],
    cwe: [...new Set(cwe)],
    cvss,
    at: null,
    method: 'active',
  };
}

function locusOf(affects: string, parameter: string): string {
  const page = webPlace(affects)?.path ?? affects.split('?')[0] ?? '';
  return parameter === '' || parameter === '<empty>' ? page : `${page}#${parameter}`;
}
