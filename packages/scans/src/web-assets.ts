import type { AssetRecord, Identifier } from '@backcheck/core';

/** More origins than this are given a second id each time; what they are called decides, not the id. */
const MAX_KNOWN = 50_000;

/** The assets of a file whose records each name the address where they were found. */
export class WebAssets {
  readonly #known = new Map<string, string>();
  #count = 0;

  /** The id of the asset called so, and its record where it is new. */
  at(identifier: Identifier, ...more: readonly Identifier[]): { id: string; facts: AssetRecord[] } {
    const name = `${identifier.kind}:${identifier.value}`;
    const known = this.#known.get(name);
    if (known !== undefined) return { id: known, facts: [] };
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#count += 1;
    const id = `a${this.#count}`;
    this.#known.set(name, id);
    const record = { record: 'asset', id, identifiers: [identifier, ...more], reached: true } as const;
    return { id, facts: [{ ...record, startedAt: null, finishedAt: null, credential: 'none' }] };
  }
}
