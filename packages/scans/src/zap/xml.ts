import type { Fact } from '@backcheck/core';
import { type Reader, UnreadableScan } from '../reader.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { ZapReport } from './report.ts';

/** ZAP's "Traditional XML" reports, with and without requests and insights. What they prove: COVERAGE.md section 1. */
export const zapReader: Reader = {
  format: 'zap',
  detect: (head) => head.trimStart().startsWith('<') && /<OWASPZAPReport[\s>]/.test(head),
  async *read(bytes) {
    const walker = new ZapWalker();
    try {
      const truncated = yield* walkXml(bytes, walker);
      walker.end();
      yield walker.drain();
      yield* walker.report.facts(truncated);
      return walker.report.head(truncated);
    } finally {
      walker.report.close();
    }
  },
};

/** Fields whose text is used. Requests and responses are not, nor `otherinfo`, which speaks of one page. */
const ALERT = new Set([
  'pluginid',
  'alertRef',
  'alert',
  'name',
  'riskcode',
  'reference',
  'cweid',
  'systemic',
  'desc',
  'solution',
]);
const PARTS = new Set(['instance', 'insight', 'stoppingInsight']);
const PART = new Set(['uri', 'method', 'param', 'attack', 'site', 'key', 'statistic']);

/** Characters of all tags of one alert. */
const MAX_TAGS = 20_000;

type Texts = Record<string, string>;

class ZapWalker implements XmlWalker {
  readonly report = new ZapReport();
  #facts: Fact[] = [];
  #root = '';
  #site = -1;
  #alerts = 0;
  #alert: Texts | null = null;
  /** An instance of the alert, or an insight. */
  #part: Texts | null = null;
  #places = 0;

  open(name: string, attributes: XmlAttributes, line: number): boolean {
    if (this.#root === '') this.#openRoot(name, attributes);
    else if (name === 'site' && this.#part === null) this.#openSite(attributes, line);
    else if (name === 'alertitem') this.#openAlert();
    else if (PARTS.has(name)) this.#openPart(name);
    else if (this.#part !== null) return PART.has(name);
    else return this.#alert !== null && (name === 'tag' || ALERT.has(name));
    return false;
  }

  close(name: string, text: string, line: number): void {
    if (name === 'alertitem') this.#closeAlert(line);
    else if (name === 'instance') this.#closeInstance();
    else if (name === 'insight' || name === 'stoppingInsight') this.#closeInsight(name);
    else if (text === '') return;
    else if (this.#part !== null) this.#part[name] = text.trim();
    else if (name === 'tag') this.#addTag(text);
    else if (this.#alert !== null) this.#alert[name] = text.trim();
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  /** What a cut left open is still a presence. */
  end(): void {
    if (this.#alert !== null) this.#closeAlert();
  }

  #openRoot(name: string, { version, created }: XmlAttributes): void {
    // Only reached when a user names the format of a file that is of another.
    if (name !== 'OWASPZAPReport') {
      const message = `a ZAP report begins with OWASPZAPReport, not with ${name}`;
      throw new UnreadableScan('UNKNOWN_FORMAT', message, 1);
    }
    this.#root = name;
    this.report.version = version ?? null;
    this.report.writtenAt = zonedInstant(created);
  }

  #openSite(attributes: XmlAttributes, line: number): void {
    this.#site += 1;
    this.report.addSite(this.#site, attributes, line);
  }

  #openAlert(): void {
    this.#alert = {};
    this.#places = 0;
  }

  #openPart(name: string): void {
    this.#part = {};
    if (name === 'stoppingInsight') this.report.stopped = true;
  }

  #closeInsight(name: string): void {
    if (this.#part !== null && name === 'insight') this.report.addInsight(this.#part);
    this.#part = null;
  }

  #closeInstance(): void {
    if (this.#part !== null && this.#alert !== null) this.#addPlace(this.#part);
    this.#part = null;
  }

  #addPlace(place: Texts): void {
    this.#places += 1;
    this.report.addInstance(this.#site, `${this.#alerts}`, place);
  }

  #addTag(text: string): void {
    const { tags = '' } = this.#alert ?? {};
    if (this.#alert !== null && tags.length < MAX_TAGS) this.#alert['tags'] = `${tags} ${text.slice(0, 200)}`;
  }

  #closeAlert(line?: number): void {
    const alert = this.#alert;
    this.#alert = null;
    if (alert === null || this.#site < 0) return;
    if (this.#places === 0) this.#addPlace({});
    this.#facts.push(...this.report.addAlert(this.#site, `${this.#alerts}`, alert, line));
    this.#alerts += 1;
  }
}
