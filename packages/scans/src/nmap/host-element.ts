import type { XmlAttributes } from '../xml.ts';
import type { Element } from './element.ts';

/** What may be kept of one host: characters, and a charge for each element. 65,535 open ports need 41 million. */
const MAX_SIZE = 44 * 1024 * 1024;
const ELEMENT_CHARGE = 200;

/** Scripts that only inform, and large: the bytes of every banner that was not recognized. */
const SKIPPED_SCRIPTS = new Set(['fingerprint-strings']);
const HOST = ['starttime', 'endtime', 'timedout'];

/** Elements that rules read, and their attributes. */
const KEPT: ReadonlyMap<string, readonly string[]> = new Map([
  ['status', ['state', 'reason']],
  ['address', ['addr', 'addrtype']],
  ['hostnames', []],
  ['hostname', ['name', 'type']],
  ['ports', []],
  ['extraports', ['state', 'count']],
  ['extrareasons', ['count', 'proto', 'ports']],
  ['port', ['protocol', 'portid']],
  ['state', ['state']],
  ['service', ['name']],
  ['hostscript', []],
  ['script', ['id', 'output']],
  ['table', ['key']],
  ['elem', ['key']],
]);

/** Of a script's printed text only the beginning is read (does it say ERROR). */
const OUTPUT_START = 80;

/** Gathers one `<host>` element; what no rule reads is not kept. */
export class HostElement {
  readonly root: Element;
  /** The host is too large to be real: only the part that was kept can be used. */
  overfull = false;
  readonly #stack: Element[];
  #size = 0;
  /** Depth inside a skipped element. */
  #skipped = 0;

  constructor(attributes: XmlAttributes) {
    this.root = { name: 'host', attributes: pick(HOST, attributes), children: [], text: '' };
    this.#stack = [this.root];
  }

  /** True when the text of this element is wanted. */
  open(name: string, attributes: XmlAttributes): boolean {
    const parent = this.#stack.at(-1);
    const names = KEPT.get(name);
    const skip = this.#skipped > 0 || this.overfull || SKIPPED_SCRIPTS.has(attributes['id'] ?? '');
    if (skip || names === undefined || parent === undefined) {
      this.#skipped += 1;
      return false;
    }
    const element: Element = { name, attributes: pick(names, attributes), children: [], text: '' };
    parent.children.push(element);
    this.#stack.push(element);
    this.#grow(ELEMENT_CHARGE + Object.values(element.attributes).join('').length);
    return name === 'elem';
  }

  /** True when this closes the host itself. */
  close(text: string): boolean {
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      return false;
    }
    const element = this.#stack.pop();
    if (element !== undefined) element.text = text;
    this.#grow(text.length);
    return this.#stack.length === 0;
  }

  #grow(size: number): void {
    this.#size += size;
    this.overfull ||= this.#size > MAX_SIZE;
  }
}

function pick(names: readonly string[], attributes: XmlAttributes): XmlAttributes {
  const value = (name: string): string | undefined =>
    name === 'output' ? attributes[name]?.slice(0, OUTPUT_START) : attributes[name];
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}
