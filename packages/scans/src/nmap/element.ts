import type { XmlAttributes } from '../xml.ts';

/** One XML element with all that is in it. */
export interface Element {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly children: Element[];
  text: string;
}

/** The first child of that name, for data written `<name …/>`. */
export function child(element: Element, name: string): Element | undefined {
  return element.children.find((one) => one.name === name);
}

export function childrenOf(element: Element, name: string): Element[] {
  return element.children.filter((one) => one.name === name);
}

/** NSE writes a Lua table as `<table key="…">` and `<elem key="…">`; entries of a list have no key. */
export function tableAt(element: Element, key: string): Element | undefined {
  return element.children.find((one) => one.name === 'table' && one.attributes['key'] === key);
}

export function elemAt(element: Element, key: string): string | undefined {
  return element.children.find((one) => one.name === 'elem' && one.attributes['key'] === key)?.text;
}

export function listOf(element: Element | undefined): string[] {
  return element === undefined ? [] : childrenOf(element, 'elem').map((one) => one.text);
}
