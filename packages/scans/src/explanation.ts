import type { ExplanationRecord } from '@backcheck/core';
import { compile } from 'html-to-text';

/** Hostile files name checks without end; beyond so many the rest stays unexplained. */
const MAX_CHECKS = 100_000;
const MAX_TEXT = 50_000;

type Words = Partial<Pick<ExplanationRecord, 'description' | 'harm' | 'advice'>>;

/**
 * What a file says of its checks. Files repeat the same words for every asset: `of` gives a record for the first that
 * says anything, else nothing, and calls `words` only until then.
 */
export class Explanations {
  readonly #explained = new Set<string>();

  has(check: string): boolean {
    return this.#explained.has(check) || this.#explained.size >= MAX_CHECKS;
  }

  of(check: string, words: () => Words): ExplanationRecord[] {
    if (this.has(check)) return [];
    const { description = '', harm = '', advice = '' } = words();
    const said = { description: meant(description), harm: meant(harm), advice: meant(advice) };
    if (Object.values(said).join('') === '') return [];
    this.#explained.add(check);
    return [{ record: 'explanation', check, ...said }];
  }
}

/** What tools write where they have nothing to say. */
const NOTHING = /^(?:n\/?a|none|-+|see (?:the )?references?)\.?$/i;

function meant(text: string): string {
  const words = text.trim();
  return NOTHING.test(words) ? '' : words;
}

/** Lines that were broken to a width are one again; paragraphs stay, and so do the lines of a list. */
export function unbroken(text: string): string {
  let joined = '';
  for (const padded of text.slice(0, MAX_TEXT).split(/\r\n?|\n/)) {
    const line = padded.trim();
    const starts = joined === '' || joined.endsWith('\n');
    if (line === '') joined += starts ? '' : '\n\n';
    else joined += `${starts ? '' : LISTED.test(line) ? '\n' : ' '}${line}`;
  }
  return joined.trimEnd();
}

const LISTED = /^(?:[-*•]|\d{1,2}[.)]\s)/;

const toPlain = compile({
  wordwrap: false,
  limits: { maxDepth: 30, maxInputLength: MAX_TEXT },
  selectors: [
    { selector: 'img', format: 'skip' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/** html-to-text looks names up in a plain object, where it finds this one by inheritance and falls over it. */
const INHERITED = /<(\/?)constructor/gi;

/** The words of a piece of HTML, as some tools write their texts: paragraphs, lists and links as plain lines. */
export function plainOfHtml(html: string): string {
  if (!/[<&]/.test(html)) return html;
  return toPlain(html.slice(0, MAX_TEXT).replace(INHERITED, '<$1x-constructor'));
}
