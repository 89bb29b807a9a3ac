import type { XmlAttributes } from '../xml.ts';

const BLOCKS: ReadonlySet<string> = new Set([
  'description',
  'solution',
  'ContainerBlockElement',
  'Paragraph',
  'ListItem',
]);
const MAX_LINES = 500;

/** The `<description>` and `<solution>` of one check: a line for each block in them, and for each link its address. */
export class DefinitionWords {
  readonly #lines: Record<string, string[]> = {};
  /** Those of the text that is open. */
  #open: string[] | undefined;
  /** Of each open block its line: a block's own words stand before those of the blocks inside of it. */
  readonly #places: number[] = [];

  /** True when the text of this element is wanted. */
  open(name: string, { LinkURL = '' }: XmlAttributes): boolean {
    if (name === 'description' || name === 'solution') {
      this.#open = [];
      this.#lines[name] = this.#open;
    }
    const lines = this.#open;
    if (lines === undefined) return false;
    const fits = lines.length < MAX_LINES;
    if (name === 'URLLink' && fits) lines.push(LinkURL);
    if (!BLOCKS.has(name)) return false;
    this.#places.push(lines.length);
    if (fits) lines.push('');
    return fits;
  }

  close(name: string, text: string): void {
    const lines = this.#open;
    if (lines === undefined || !BLOCKS.has(name)) return;
    const place = this.#places.pop();
    const line = text.replace(/\s+/g, ' ').trim();
    if (place !== undefined && line !== '') lines[place] = name === 'ListItem' ? `- ${line}` : line;
    if (this.#places.length === 0) this.#open = undefined;
  }

  get description(): string {
    return this.#text('description');
  }

  get advice(): string {
    return this.#text('solution');
  }

  #text(name: string): string {
    return (this.#lines[name] ?? []).filter((line) => line !== '').join('\n');
  }
}
