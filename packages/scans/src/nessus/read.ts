import type { Fact, Instant } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { oldestVersion } from '../oldest-version.ts';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { parsePluginSet, parsePortRange, parseTargets } from './policy.ts';
import { HOST_TAGS, HostVisit, identifierOf, type Policy } from './report-host.ts';
import { addText, explanationOf, ITEM_TEXTS, ITEM_WORDS, type ReportItem, startItem } from './report-item.ts';
import { READ_OUTPUT } from './scan-information.ts';

/**
 * Nessus v2 XML (".nessus"), as Nessus, Tenable Vulnerability Management and Security Center export it.
 * What it can prove and why: COVERAGE.md section 1, row "Nessus v2".
 */
export const nessusReader: Reader = {
  format: 'nessus',
  detect: (head) => head.trimStart().startsWith('<') && /<NessusClientData_v2[\s>]/.test(head),
  async *read(bytes) {
    const walker = new NessusWalker();
    const truncated = yield* walkXml(bytes, walker);
    const rest = walker.end(truncated);
    if (rest.length > 0) yield rest;
    return walker.head(truncated);
  },
};

/** Items held back so that the asset, known only at the end of its element, comes before its observations. */
const HELD_BACK = 1000;

class NessusWalker implements XmlWalker {
  #root: string | undefined;
  #facts: Fact[] = [];
  #held: Fact[] = [];
  readonly #policy: { -readonly [K in keyof Policy]: Policy[K] } = {
    plugins: null,
    ports: null,
    udpScanner: false,
    pinged: true,
  };
  #targets: string[] = [];
  #preference: string | null = null;
  #pluginPreference = '';
  readonly #pings: boolean[] = [];
  #visit: HostVisit | null = null;
  #item: ReportItem | null = null;
  #tag = '';
  #visits = 0;
  readonly #names = new Set<string>();
  readonly #explanations = new Explanations();
  #compliance = false;
  #version: string | null = null;
  #feed: string | null = null;
  #startedAt: Instant | null = null;
  #finishedAt: Instant | null = null;

  open(name: string, attributes: XmlAttributes, line: number): boolean {
    this.#root ??= rootOf(name);
    if (this.#item !== null) return this.#openInItem(this.#item, name);
    switch (name) {
      case 'name':
      case 'value':
        return this.#preference !== null;
      case 'fullName':
      case 'selectedValue':
        return this.#visit === null;
      case 'preference':
        this.#preference = '';
        return false;
      case 'ReportHost':
        this.#openHost(attributes['name'] ?? '', line);
        return false;
      case 'tag':
        this.#tag = attributes['name'] ?? '';
        return this.#visit !== null && HOST_TAGS.has(this.#tag);
      case 'ReportItem':
        this.#openItem(attributes, line);
        return false;
      default:
        return false;
    }
  }

  close(name: string, text: string): void {
    if (this.#item !== null) this.#closeInItem(this.#item, name, text);
    else if (name === 'name' && this.#preference !== null) this.#preference = text.trim();
    else if (name === 'value' && this.#preference !== null) this.#setPreference(this.#preference, text);
    else if (name === 'preference') this.#preference = null;
    else if (name === 'fullName') this.#pluginPreference = text.trim();
    else if (name === 'selectedValue') this.#setPluginPreference(text.trim());
    else if (name === 'tag' && text !== '') this.#visit?.tag(this.#tag, text);
    else if (name === 'ReportHost') this.#closeHost(true);
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  /** Closes what a cut left open and names the targets that the report is silent about. */
  end(truncated: boolean): Fact[] {
    this.#closeHost(false);
    const missed = truncated ? [] : this.#targets.filter((target) => !this.#names.has(target.toLowerCase()));
    for (const target of missed) {
      this.#visits += 1;
      this.#facts.push({
        record: 'asset',
        id: `a${this.#visits}`,
        identifiers: [identifierOf(target)],
        reached: false,
        startedAt: this.#startedAt,
        finishedAt: this.#finishedAt,
        credential: 'none',
        reason: 'NO_HOST',
      });
    }
    return this.drain();
  }

  head(truncated: boolean): ScanHead {
    const tool = { name: 'nessus', version: this.#version, feed: this.#feed };
    return {
      tool,
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
      complete: !truncated,
      truncated,
    };
  }

  #setPreference(name: string, value: string): void {
    if (name === 'plugin_set') this.#policy.plugins = parsePluginSet(value);
    else if (name === 'port_range') this.#policy.ports = parsePortRange(value);
    else if (name === 'network_scanners.udp') this.#policy.udpScanner = value.trim() === 'yes';
    else if (name === 'TARGET') this.#targets = parseTargets(value);
  }

  /** Of plugin 10180: "Do an ARP ping", "Do a TCP ping", "Do an ICMP ping". All switched off means no ping at all. */
  #setPluginPreference(value: string): void {
    if (!/^Ping the remote host\[checkbox\]:Do an? .* ping$/.test(this.#pluginPreference)) return;
    this.#pings.push(value === 'yes');
    this.#policy.pinged = this.#pings.includes(true);
  }

  #openHost(name: string, line: number): void {
    this.#closeHost(false);
    if (name.trim() === '') {
      this.#warn('BAD_RECORD', 'a ReportHost without a name was left out', line);
      return;
    }
    this.#visits += 1;
    this.#visit = new HostVisit(`a${this.#visits}`, name.trim());
  }

  #closeHost(whole: boolean): void {
    const visit = this.#visit;
    if (visit === null) return;
    this.#visit = null;
    this.#item = null;
    const [asset, ...coverage] = visit.facts(this.#policy, whole);
    if (asset?.record === 'asset') {
      for (const { value } of asset.identifiers) this.#names.add(value.toLowerCase());
      this.#facts.push(asset);
    }
    for (const fact of coverage) this.#facts.push(fact);
    this.#releaseHeld();
    this.#noteScan(visit);
  }

  #noteScan({ information, startedAt, finishedAt }: HostVisit): void {
    if (startedAt !== null && startedAt < (this.#startedAt ?? '~')) this.#startedAt = startedAt;
    if (finishedAt !== null && finishedAt > (this.#finishedAt ?? '')) this.#finishedAt = finishedAt;
    this.#feed = oldestVersion([this.#feed, information?.feed ?? null]);
    this.#version = oldestVersion([this.#version, information?.version ?? null]);
  }

  #openItem(attributes: XmlAttributes, line: number): void {
    if (this.#visit === null) return;
    this.#item = startItem(attributes);
    if (this.#item !== null) return;
    this.#visit.spoil();
    const plugin = attributes['pluginID'] ?? 'no plugin';
    this.#warn(
      'BAD_RECORD',
      `a ReportItem of ${this.#visit.name} (${plugin}) has no usable plugin, port or severity`,
      line,
    );
  }

  #openInItem(item: ReportItem, name: string): boolean {
    if (ITEM_TEXTS.has(name)) return true;
    if (ITEM_WORDS.has(name)) return !this.#explanations.has(`nessus:${item.plugin}`);
    if (name === 'plugin_output') return READ_OUTPUT.has(item.plugin);
    if (name === 'cm:compliance-result') item.compliance = true;
    return false;
  }

  #closeInItem(item: ReportItem, name: string, text: string): void {
    if (name === 'ReportItem') this.#closeItem(item);
    else if (name === 'plugin_output') this.#visit?.output(item.plugin, text);
    else if (text !== '') addText(item, name, text);
  }

  #closeItem(item: ReportItem): void {
    this.#item = null;
    if (item.compliance && !this.#compliance) {
      this.#compliance = true;
      this.#warn('NOT_READ', 'results of an audit policy (compliance) are not read from this format');
    }
    const observation = this.#visit?.item(item) ?? null;
    if (observation === null) return;
    this.#held.push(observation, ...this.#explanations.of(observation.check, () => explanationOf(item)));
    if (this.#held.length >= HELD_BACK) this.#releaseHeld();
  }

  #releaseHeld(): void {
    for (const fact of this.#held) this.#facts.push(fact);
    this.#held = [];
  }

  #warn(code: string, message: string, line?: number): void {
    this.#facts.push({ record: 'warning', code, message, ...(line === undefined ? {} : { line }) });
  }
}

/** Only reached when a user names the format of a file that is of another. */
function rootOf(name: string): string {
  if (name === 'NessusClientData_v2') return name;
  throw new UnreadableScan(
    'UNKNOWN_FORMAT',
    `a Nessus v2 report begins with NessusClientData_v2, not with ${name}`,
    1,
  );
}
