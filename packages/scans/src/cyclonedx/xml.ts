import type { Fact } from '@backcheck/core';
import { listAt } from '../json-value.ts';
import { lookUp } from '../look-up.ts';
import type { Reader } from '../reader.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { CycloneDxDocument } from './document.ts';

/**
 * CycloneDX XML, 1.4 to 1.7, and the vulnerability extension 1.0 that came before. Any prefix.
 * What it can prove and why: COVERAGE.md section 1, row "CycloneDX VEX / OpenVEX / CSAF".
 */
export const cycloneDxXmlReader: Reader = {
  format: 'cyclonedx-xml',
  detect: (head) =>
    /^\s*</.test(head) &&
    /<(?:[\w.-]+:)?bom\s[^>]*["']http:\/\/cyclonedx\.org\/schema\/bom\/1\.\d+["']/.test(head),
  async *read(bytes) {
    const document = new CycloneDxDocument();
    try {
      const truncated = yield* walkXml(bytes, new BomWalker(document));
      yield* document.facts();
      return document.head(truncated);
    } finally {
      document.close();
    }
  },
};

type Element = Record<string, unknown>;

/** Texts that are kept, as "parent/element". */
const TEXTS: ReadonlySet<string> = new Set([
  ...['name', 'group', 'version', 'purl'].flatMap((name) => [`component/${name}`, `service/${name}`]),
  ...['id', 'description', 'detail', 'recommendation'].map((name) => `vulnerability/${name}`),
  ...['severity', 'score', 'method', 'vector'].map((name) => `rating/${name}`),
  ...['state', 'justification'].map((name) => `analysis/${name}`),
  'metadata/timestamp',
  'reference/id',
  'score/base',
  'cwes/cwe',
  'target/ref',
  'version/status',
]);

/** Elements that are gathered into a list of the vulnerability, under the name that the JSON format has for it. */
const LISTS: Readonly<Record<string, string | undefined>> = {
  'references/reference': 'references',
  'ratings/rating': 'ratings',
  'affects/target': 'affects',
};

/** Builds components and vulnerabilities in the shape of the JSON format. */
class BomWalker implements XmlWalker {
  readonly #document: CycloneDxDocument;
  readonly #names: string[] = [];
  /** The components around the place where the walk stands. */
  readonly #components: Element[] = [];
  #vulnerability: { readonly element: Element; readonly line: number } | undefined;
  /** The rating, reference or target that is being read. */
  #part: Element = {};
  #facts: Fact[] = [];

  constructor(document: CycloneDxDocument) {
    this.#document = document;
  }

  open(name: string, attributes: XmlAttributes, line: number): boolean {
    const local = localName(name);
    const parent = this.#names.at(-1) ?? '';
    this.#names.push(local);
    if (this.#vulnerability !== undefined) this.#openPart(this.#vulnerability.element, `${parent}/${local}`);
    else if (local === 'vulnerability') {
      const { ref } = attributes;
      this.#vulnerability = { element: ref === undefined ? {} : { affects: [{ ref }] }, line };
    } else if (local === 'component' || local === 'service') {
      this.#components.push({ 'bom-ref': attributes['bom-ref'], type: attributes['type'] });
    }
    return TEXTS.has(`${parent}/${local}`);
  }

  close(name: string, text: string): void {
    this.#names.pop();
    const local = localName(name);
    const parent = this.#names.at(-1) ?? '';
    if (TEXTS.has(`${parent}/${local}`)) this.#setText(parent, local, text.trim());
    if (this.#vulnerability === undefined) {
      if (local === 'component' || local === 'service') this.#closeComponent(parent);
    } else if (local === 'vulnerability') {
      this.#facts.push(
        ...this.#document.vulnerability(this.#vulnerability.element, this.#vulnerability.line),
      );
      this.#vulnerability = undefined;
    }
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  #openPart(vulnerability: Element, path: string): void {
    const list = lookUp(LISTS, path);
    if (list !== undefined) {
      this.#part = {};
      addTo(vulnerability, list, this.#part);
    } else if (path === 'versions/version') addTo(this.#part, 'versions', {});
  }

  #setText(parent: string, local: string, text: string): void {
    const vulnerability = this.#vulnerability?.element;
    if (parent === 'metadata') this.#document.timestamp(text);
    else if (vulnerability === undefined) Object.assign(this.#components.at(-1) ?? {}, { [local]: text });
    else if (parent === 'vulnerability') vulnerability[local] = text;
    else if (parent === 'analysis')
      vulnerability['analysis'] = { ...analysisOf(vulnerability), [local]: text };
    else if (local === 'cwe') addTo(vulnerability, 'cwes', text);
    else if (local === 'status') Object.assign(listAt(this.#part, 'versions').at(-1) ?? {}, { status: text });
    else if (local === 'base') this.#part['score'] = text;
    // The extension has elements inside "score"; its own text is blank then.
    else if (text !== '') this.#part[local] ??= text;
  }

  #closeComponent(parent: string): void {
    const component = this.#components.pop();
    if (component === undefined) return;
    if (parent === 'metadata') this.#document.subject(component);
    else this.#document.component(component);
  }
}

function addTo(element: Element, list: string, item: unknown): void {
  const items = element[list];
  if (Array.isArray(items)) items.push(item);
  else element[list] = [item];
}

function analysisOf(vulnerability: Element): object {
  const { analysis } = vulnerability;
  return typeof analysis === 'object' && analysis !== null ? analysis : {};
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
