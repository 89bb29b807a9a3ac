import type { Fact } from '@backcheck/core';
import { type Reader, UnreadableScan } from '../reader.ts';
import { cweIds } from '../weakness-ids.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { type RunInfo, WapitiReport } from './report.ts';

/** Wapiti's XML (3.0 and later). A detailed one holds the responses without the addresses, so its silence says nothing. */
export const wapitiXmlReader: Reader = {
  format: 'wapiti-xml',
  detect: (head) =>
    head.trimStart().startsWith('<') && /<info\s+name="generatorName"\s*>\s*wapiti\s*</i.test(head),
  async *read(bytes) {
    const walker = new WapitiWalker();
    try {
      const truncated = yield* walkXml(bytes, walker);
      const run = walker.run();
      yield* walker.report.facts(run, truncated);
      return walker.report.head(run, truncated);
    } finally {
      walker.report.close();
    }
  },
};

/** Elements that hold the entries of one class. */
const CLASSES = new Set(['vulnerability', 'anomaly', 'additional']);
const ENTRY = new Set(['method', 'path', 'level', 'parameter', 'info', 'curl_command']);
const INFOS = new Set(['generatorVersion', 'dateOfScan', 'target', 'crawledPages', 'logged_in']);

/** What a class means and what to do; the name of its references. */
const CLASS = new Set(['description', 'solution', 'title']);

const MAX_REFERENCES = 200;

class WapitiWalker implements XmlWalker {
  readonly report = new WapitiReport();
  #facts: Fact[] = [];
  #root = '';
  readonly #infos: Record<string, string> = {};
  #info = '';
  #category: string | null = null;
  #references: string[] = [];
  #words: Record<string, string> = {};
  #entry: Record<string, string> | null = null;

  open(name: string, attributes: XmlAttributes): boolean {
    if (this.#root === '') this.#root = rootOf(name);
    if (this.#entry !== null) return ENTRY.has(name);
    if (this.#category !== null) {
      if (name === 'entry') this.#entry = {};
      return CLASS.has(name);
    }
    if (CLASSES.has(name)) this.#category = attributes['name'] ?? '';
    else if (name === 'info') this.#info = attributes['name'] ?? '';
    else if (name === 'logged_in') this.#info = name;
    else return false;
    return INFOS.has(this.#info) && this.#category === null;
  }

  close(name: string, text: string, line: number): void {
    if (this.#entry !== null) {
      if (name === 'entry') this.#closeEntry(this.#entry, line);
      else if (text !== '') this.#entry[name] ??= text.trim();
    } else if (this.#category === null) {
      if (text !== '') this.#infos[this.#info] = text.trim();
    } else if (name === 'title') this.#addReference(text);
    else if (CLASSES.has(name)) this.#closeClass(this.#category);
    else if (CLASS.has(name)) this.#words[name] = text.trim();
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  run(): RunInfo {
    const { target, generatorVersion, dateOfScan, crawledPages, logged_in } = this.#infos;
    const pages = /^\d{1,9}$/.test(crawledPages ?? '') ? Number(crawledPages) : undefined;
    return { target, version: generatorVersion, date: dateOfScan, loggedIn: logged_in === 'true', pages };
  }

  #addReference(title: string): void {
    if (this.#references.length < MAX_REFERENCES) this.#references.push(title.slice(0, 200));
  }

  #closeEntry(entry: Record<string, string>, line: number): void {
    this.#entry = null;
    const { method, path, level, parameter, info, curl_command: curl } = entry;
    this.report.addEntry(
      { category: this.#category ?? '', method, path, level, parameter, info, curl },
      line,
    );
  }

  #closeClass(category: string): void {
    const { description, solution } = this.#words;
    const said = { cwe: cweIds(...this.#references), description, solution };
    this.#facts.push(...this.report.addClass(category, said));
    this.#category = null;
    this.#references = [];
    this.#words = {};
  }
}

/** Only reached when a user names the format of a file that is of another. */
function rootOf(name: string): string {
  if (name === 'report') return name;
  throw new UnreadableScan('UNKNOWN_FORMAT', `a Wapiti report begins with report, not with ${name}`, 1);
}
