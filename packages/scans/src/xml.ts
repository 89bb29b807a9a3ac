import type { Fact, WarningRecord } from '@backcheck/core';
import { SaxesParser } from 'saxes';
import { decodeText, wrongBytes } from './decode.ts';
import { UnreadableScan } from './reader.ts';

export type XmlAttributes = Readonly<Record<string, string | undefined>>;

/** What a reader does with the elements of an XML file. `line` counts from 1. */
export interface XmlWalker {
  /** Return true to be given the text of this element when it closes. All other text is skipped unread. */
  open(name: string, attributes: XmlAttributes, line: number): boolean;
  /** `text` is '' unless `open` asked for it; the text of children that did not ask themselves is part of it. */
  close(name: string, text: string, line: number): void;
  /** What stands for the start of a child that did not ask for its own text: "\n" for a paragraph of HTML. */
  between?(name: string): string;
  /** The facts gathered since the last call; called after each piece of the file. */
  drain(): Fact[];
}

/** No scanner nests deeper than about ten; a file of open tags must not fill the memory. */
const MAX_DEPTH = 200;
/** Characters that may pass between two tags or around one tag: one attribute, comment or text of an attacker. */
const MAX_SILENCE = 32 * 1024 * 1024;

/** Leaves the parser at the first damage; never seen outside of this file. */
class Damage extends Error {}

/**
 * Walks an XML file once, with memory that does not grow with it.
 * Gives true when the file is damaged (cut, not well-formed): what stands before the damage was yielded,
 * and a warning TRUNCATED with the line was added. Damage before the first element throws `UnreadableScan`.
 * Entities of a document type are never expanded and nothing is fetched: such a reference is damage.
 */
export async function* walkXml(
  bytes: AsyncIterable<Uint8Array>,
  walker: XmlWalker,
): AsyncGenerator<Fact[], boolean> {
  const walk = new XmlWalk(walker);
  for await (const piece of decodeText(bytes)) {
    walk.write(piece);
    const facts = walker.drain();
    if (facts.length > 0) yield facts;
    if (walk.damage !== undefined) break;
  }
  walk.end();
  const { damage, started } = walk;
  if (damage !== undefined && !started) throw new UnreadableScan('DAMAGED', damage.message, damage.line);
  const facts: Fact[] = [...walker.drain(), ...walk.warnings()];
  if (facts.length > 0) yield facts;
  return damage !== undefined;
}

class XmlWalk {
  damage: { message: string; line: number } | undefined;
  started = false;
  readonly #parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  readonly #walker: XmlWalker;
  #depth = 0;
  /** Depth of the innermost element whose text is wanted; 0 when none is. */
  #wanted = 0;
  #text = '';
  /** The elements around it whose text is wanted too. */
  readonly #outer: { readonly wanted: number; readonly text: string }[] = [];
  #silence = 0;
  #replaced: WarningRecord | undefined;

  constructor(walker: XmlWalker) {
    this.#walker = walker;
    const parser = this.#parser;
    parser.on('error', (error) => this.#fail(error.message));
    parser.on('opentag', (tag) => this.#open(tag.name, tag.attributes));
    parser.on('closetag', (tag) => this.#close(tag.name));
    parser.on('cdata', (text) => {
      if (this.#wanted > 0) this.#append(text);
    });
  }

  write(piece: string): void {
    this.#silence += piece.length;
    this.#replaced ??= wrongBytes(piece, this.#parser.line);
    this.#guarded(() => {
      this.#parser.write(piece);
      if (this.#silence > MAX_SILENCE) this.#fail('one value is longer than 32 million characters');
    });
  }

  end(): void {
    if (this.damage === undefined) this.#guarded(() => this.#parser.close());
  }

  warnings(): Fact[] {
    const facts: Fact[] = [];
    if (this.#replaced !== undefined) facts.push(this.#replaced);
    if (this.damage !== undefined) facts.push({ record: 'warning', code: 'TRUNCATED', ...this.damage });
    return facts;
  }

  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      this.damage = { message: error.message, line: this.#parser.line };
    }
  }

  #fail(detail: string): never {
    throw new Damage(`the XML is cut or not well-formed: ${detail.replace(/\.$/, '')}`);
  }

  #open(name: string, attributes: XmlAttributes): void {
    this.started = true;
    this.#silence = 0;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail(`elements are nested more than ${MAX_DEPTH} deep`);
    if (!this.#walker.open(name, attributes, this.#parser.line)) {
      if (this.#wanted > 0) this.#append(this.#walker.between?.(name) ?? '');
      return;
    }
    // saxes builds no strings for text while nobody listens, and most text of a report is not needed.
    if (this.#wanted === 0) this.#parser.on('text', (text) => this.#append(text));
    else this.#outer.push({ wanted: this.#wanted, text: this.#text });
    this.#text = '';
    this.#wanted = this.#depth;
  }

  #append(text: string): void {
    this.#text += text;
    if (this.#text.length > MAX_SILENCE) this.#fail('one value is longer than 32 million characters');
  }

  #close(name: string): void {
    this.#silence = 0;
    const wanted = this.#wanted === this.#depth;
    this.#depth -= 1;
    this.#walker.close(name, wanted ? this.#text : '', this.#parser.line);
    if (!wanted) return;
    const outer = this.#outer.pop();
    this.#text = outer?.text ?? '';
    this.#wanted = outer?.wanted ?? 0;
    if (outer === undefined) this.#parser.off('text');
  }
}
