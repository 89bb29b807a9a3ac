import type { AssetRecord, Identifier, Instant } from '@backcheck/core';

/** What an asset report says of one host. */
export class AssetVisit {
  readonly id: string;
  readonly identifiers: readonly Identifier[];
  readonly local: boolean;
  /** A detection could not be read: the silence about the asset is none. */
  damaged = false;
  /** Of the newest scan, from QID 45038 "Host Scan Time". */
  scanStart: Instant | null = null;
  #newestInformation: Instant | null = null;
  #newest: Instant | null = null;

  constructor(id: string, identifiers: readonly Identifier[], local: boolean) {
    this.id = id;
    this.identifiers = identifiers;
    this.local = local;
  }

  /** The report gathers many scans; information is found anew by each, so its newest is the newest scan. */
  found(at: Instant | null, information: boolean): void {
    if (at === null) return;
    if (at > (this.#newest ?? '')) this.#newest = at;
    if (information && at > (this.#newestInformation ?? '')) this.#newestInformation = at;
  }

  get answers(): boolean {
    return this.#startedAt !== null && !this.damaged;
  }

  asset(): AssetRecord {
    return {
      record: 'asset',
      id: this.id,
      identifiers: this.identifiers,
      reached: true,
      startedAt: this.#startedAt,
      finishedAt: this.#newest,
      credential: 'none',
      ...(this.answers ? {} : { reason: 'INCOMPLETE' as const }),
    };
  }

  get #startedAt(): Instant | null {
    return this.scanStart ?? this.#newestInformation;
  }
}
