/** What the address of the list of accounts holds. */
export interface PeopleSearch {
  /** Part of a name or of an e-mail address. */
  readonly text?: string;
}

/** Reads an address that anyone may have typed: what is not understood is left out. */
export function readPeopleSearch({ text }: Readonly<Record<string, unknown>>): PeopleSearch {
  const trimmed = typeof text === 'string' ? text.trim().slice(0, 200) : '';
  return trimmed === '' ? {} : { text: trimmed };
}
