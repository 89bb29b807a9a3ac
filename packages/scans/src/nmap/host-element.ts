import type { XmlAttributes } from '../xml.ts';
import type { Element } from './element.ts';

/** Characters kept of one host. All 65,535 ports with their scripts need about a quarter of it. */
const MAX_SIZE = 64 * 1024 * 1024;
const ELEMENT_SIZE = 200;

/** Scripts that only inform, and large: bytes of banners and whole certificates chains that no rule reads. */
const SKIPPED_SCRIPTS = new Set(['fingerprint-strings']);
const KEPT = new Set([
  'status',
  'address',
  'hostnames',
  'hostname',
  'ports',
  'extraports',
  'extrareasons',
  'port',
  'state',
  'service',
  'hostscript',
  'script',
  'table',
  'elem',
]);

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
    this.root = { name: 'host', attributes: { ...attributes }, children: [], text: '' };
    this.#stack = [this.root];
  }

  /** True when the text of this element is wanted. */
  open(name: string, attributes: XmlAttributes): boolean {
    const parent = this.#stack.at(-1);
    const skip = !KEPT.has(name) || SKIPPED_SCRIPTS.has(attributes['id'] ?? '');
    if (this.#skipped > 0 || skip || this.overfull || parent === undefined) {
      this.#skipped += 1;
      return false;
    }
    const element: Element = { name, attributes: kept(name, attributes), children: [], text: '' };
    parent.children.push(element);
    this.#stack.push(element);
    this.#grow(ELEMENT_SIZE + Object.values(element.attributes).join('').length);
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

/** Of a script's printed text only the beginning is read (does it say ERROR); its tables hold the rest. */
function kept(name: string, attributes: XmlAttributes): XmlAttributes {
  if (name === 'service') return { name: attributes['name'] };
  if (name === 'script') return { id: attributes['id'], output: attributes['output']?.slice(0, 80) };
  return { ...attributes };
}
