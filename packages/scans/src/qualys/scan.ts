import type { Fact, Instant } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { cveIds } from '../weakness-ids.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { zonedInstant } from '../zoned-instant.ts';
import {
  ABOUT_THE_SCAN,
  assumedSilence,
  identifiersOf,
  locusOf,
  presenceOf,
  serviceOf,
  severityOfLevel,
  WORDS,
  wordsOf,
} from './detection.ts';

/**
 * Qualys' scan results in XML (scan-1.dtd): one scan, each detection with its QID. Which tests ran and on which ports
 * is in the option profile, of which the file has no more than a description: silence is assumed at most.
 */
export const qualysScanReader: Reader = {
  format: 'qualys-scan',
  detect: (head) =>
    /<SCAN\s[^>]{0,200}value="scan\//.test(head) ||
    /<!DOCTYPE SCAN SYSTEM "[^"]{0,200}scan-1\.dtd"/.test(head),
  async *read(bytes) {
    const walker = new ScanWalker();
    const truncated = yield* walkXml(bytes, walker);
    return walker.head(truncated);
  },
};

/** The elements that are detections; the latter two only inform. */
const DETECTIONS: readonly string[] = ['VULN', 'PRACTICE', 'INFO', 'SERVICE'];

class ScanWalker implements XmlWalker {
  #facts: Fact[] = [];
  #started = false;
  #key = '';
  readonly #header = new Map<string, string>();
  #failed = false;
  /** `silent`: what is not reported here may count. */
  #visit: { readonly id: string; silent: boolean } | null = null;
  #visits = 0;
  #category: XmlAttributes = {};
  #detection: { attributes: XmlAttributes; texts: Map<string, string>; line: number } | null = null;
  readonly #explanations = new Explanations();

  open(name: string, attributes: XmlAttributes, line: number): boolean {
    if (!this.#started && name !== 'SCAN') refuse(name);
    this.#started = true;
    if (name === 'KEY') this.#key = attributes['value'] ?? '';
    else if (name === 'ERROR') this.#failed = true;
    else if (name === 'IP') this.#openAsset(attributes, line);
    else if (name === 'CAT') this.#category = attributes;
    else if (DETECTIONS.includes(name)) this.#detection = { attributes, texts: new Map(), line };
    if (this.#detection === null) return name === 'KEY';
    const { number } = this.#detection.attributes;
    return name === 'TITLE' || (WORDS.includes(name) && !this.#explanations.has(`qualys:${number}`));
  }

  close(name: string, text: string): void {
    if (name === 'KEY') this.#header.set(this.#key, text.trim());
    else if (name === 'IP') this.#closeAsset();
    else if (DETECTIONS.includes(name)) this.#closeDetection(name);
    else if (text !== '') this.#detection?.texts.set(name, text.trim());
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  head(truncated: boolean): ScanHead {
    return {
      tool: { name: 'qualys', version: null, feed: null },
      ...this.#times(),
      complete: !truncated && !this.#failed && this.#header.get('STATUS') === 'FINISHED',
      truncated,
    };
  }

  #openAsset({ value = '', name = '', status = '' }: XmlAttributes, line: number): void {
    const identifiers = identifiersOf({ ip: value, dns: name.includes(' ') ? '' : name, tracking: 'IP' });
    this.#visit = null;
    if (identifiers.length === 0) return this.#warn('an IP without an address was left out', line);
    this.#visits += 1;
    const down = /down|not alive|dead/i.test(status);
    this.#visit = { id: `a${this.#visits}`, silent: !down };
    this.#facts.push({
      record: 'asset',
      id: this.#visit.id,
      identifiers,
      reached: !down,
      ...this.#times(),
      credential: 'none',
      ...(down ? { reason: 'NO_HOST' } : {}),
    });
  }

  #closeAsset(): void {
    const { id, silent } = this.#visit ?? { id: '', silent: false };
    this.#visit = null;
    const assumed = { checks: { all: true }, local: false, assumptions: ['A-scan'] } as const;
    if (silent) this.#facts.push(...assumedSilence(id, assumed));
  }

  #closeDetection(name: string): void {
    if (this.#detection === null) return;
    const { attributes, texts, line } = this.#detection;
    this.#detection = null;
    const said = (text: string): string => texts.get(text) ?? '';
    const visit = this.#visit;
    const qid = attributes['number'] ?? '';
    const { port = '', protocol = '', fqdn = '' } = this.#category;
    const service = serviceOf(port, protocol);
    if (visit === null || service === null || !/^\d{1,9}$/.test(qid)) {
      if (visit !== null) visit.silent = false;
      return this.#warn('a detection without a usable address, port or QID was left out', line);
    }
    if (ABOUT_THE_SCAN.has(qid)) return;
    const informs = name === 'INFO' || name === 'SERVICE';
    const severity = informs ? 'info' : severityOfLevel(attributes['severity'] ?? '');
    const text = { title: said('TITLE'), severity, cve: cveIds(attributes['cveid']), cwe: [], cvss: [] };
    const place = { asset: visit.id, ...service, locus: locusOf(fqdn, ''), local: false };
    const presence = presenceOf({ ...place, qid, at: null }, text);
    this.#facts.push(presence, ...this.#explanations.of(presence.check, () => wordsOf(said)));
  }

  /** The header stands in front of the assets: the launch, and "04:29:11" later the end. */
  #times(): { startedAt: Instant | null; finishedAt: Instant | null } {
    const startedAt = zonedInstant(this.#header.get('DATE'));
    const [, hours, minutes, seconds] =
      /^(\d{1,4}):(\d{2}):(\d{2})$/.exec(this.#header.get('DURATION') ?? '') ?? [];
    if (startedAt === null || hours === undefined) return { startedAt, finishedAt: null };
    const lasted = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
    return { startedAt, finishedAt: new Date(Date.parse(startedAt) + lasted * 1000).toISOString() };
  }

  #warn(message: string, line: number): void {
    this.#facts.push({ record: 'warning', code: 'BAD_RECORD', message, line });
  }
}

/** Only reached when a user names the format of a file that is of another. */
function refuse(name: string): never {
  throw new UnreadableScan('UNKNOWN_FORMAT', `scan results of Qualys begin with SCAN, not with ${name}`, 1);
}
