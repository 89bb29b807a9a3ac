import type { AssetRecord, Identifier, Instant } from '@backcheck/core';

/** More visits than this are given a second id each time; what they are called decides, not the id. */
const MAX_KNOWN = 50_000;

/** The visits of a file whose records each name an asset and a time: one for each pair. */
export class DatedVisits {
  readonly #known = new Map<string, string>();
  #count = 0;

  /** The id of the visit, and its record where it is new. `identifiers` has one at least. */
  at(
    identifiers: readonly Identifier[],
    startedAt: Instant | null,
    finishedAt = startedAt,
  ): { id: string; facts: AssetRecord[] } {
    const name = JSON.stringify([identifiers, startedAt, finishedAt]);
    const known = this.#known.get(name);
    if (known !== undefined) return { id: known, facts: [] };
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#count += 1;
    const id = `a${this.#count}`;
    this.#known.set(name, id);
    const times = { startedAt, finishedAt };
    return { id, facts: [{ record: 'asset', id, identifiers, reached: true, ...times, credential: 'none' }] };
  }
}
