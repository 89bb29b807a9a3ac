import type { ExplanationRecord } from '@backcheck/core';
import { Explanations } from './explanation.ts';

const FIELDS = ['description', 'harm', 'advice'] as const;
type Field = (typeof FIELDS)[number];

/** Characters of one text; `tidyFact` keeps fewer. */
const MAX_TEXT = 5000;
/** Characters of all texts together; checks that come after that stay unexplained. */
const MAX_TEXTS = 8_000_000;

/**
 * The words of formats that do not say whether they speak of the check or of what was found at one place: a text
 * counts as said of the check where all records of the check that have one say the same.
 */
export class AgreedWords {
  readonly #said = new Map<string, Map<Field, string | null>>();
  #room = MAX_TEXTS;

  /** "" where the record says nothing; null where its text is known to be of one place only. */
  add(check: string, words: Readonly<Partial<Record<Field, string | null>>>): void {
    const said = this.#said.get(check) ?? new Map<Field, string | null>();
    for (const field of FIELDS) {
      const text = words[field]?.slice(0, MAX_TEXT).trim() ?? words[field];
      if (text === undefined || text === '') continue;
      if (said.has(field)) {
        if (said.get(field) !== text) said.set(field, null);
      } else if (this.#room > 0) {
        this.#room -= check.length + (text?.length ?? 0);
        this.#said.set(check, said.set(field, text));
      }
    }
  }

  /** `nameOf` gives the full name of a check from what `add` was given. */
  explanations(nameOf = (check: string): string => check): ExplanationRecord[] {
    const explanations = new Explanations();
    return [...this.#said].flatMap(([check, said]) => {
      const agreed = [...said].filter(([, text]) => text !== null);
      return explanations.of(nameOf(check), () => Object.fromEntries(agreed));
    });
  }
}
