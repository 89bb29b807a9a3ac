import type { AssetRecord, Identifier, IdentifierKind, Instant, Reason } from '@backcheck/core';

/** What the rows of a file, in whatever order they come, say of one asset. */
export class Visit {
  readonly number: number;
  readonly id: string;
  reached = false;
  reason: Reason | undefined;
  /** Milliseconds since 1970. */
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  /** Identifiers besides the one that was addressed; written as in `VisitLog`, because there are millions. */
  others = '';

  constructor(number: number) {
    this.number = number;
    this.id = `a${number}`;
  }

  /** `at` in milliseconds since 1970. */
  seenAt(at: number | null): void {
    if (at === null) return;
    this.first = Math.min(this.first, at);
    this.last = Math.max(this.last, at);
  }
}

const BATCH = 1000;

/**
 * The assets of a format whose rows name the asset each time and in no order: one visit per asset, told at the
 * end of the file. Keeps about 200 bytes for an asset, nothing for a row.
 */
export class VisitLog {
  readonly #visits = new Map<string, Visit>();

  /** The visit to the asset that the tool addressed by `addressed`. The first `others` named for it are kept. */
  visit(addressed: Identifier, others: readonly Identifier[] = []): Visit {
    const key = `${addressed.kind} ${addressed.value}`;
    const known = this.#visits.get(key);
    const visit = known ?? new Visit(this.#visits.size + 1);
    if (known === undefined) this.#visits.set(key, visit);
    if (visit.others === '' && others.length > 0)
      visit.others = others.map(({ kind, value }) => `${kind} ${value}`).join('\n');
    return visit;
  }

  get startedAt(): Instant | null {
    let first = Number.POSITIVE_INFINITY;
    for (const visit of this.#visits.values()) first = Math.min(first, visit.first);
    return instant(first);
  }

  get finishedAt(): Instant | null {
    let last = Number.NEGATIVE_INFINITY;
    for (const visit of this.#visits.values()) last = Math.max(last, visit.last);
    return instant(last);
  }

  *assets(): Generator<AssetRecord[]> {
    let batch: AssetRecord[] = [];
    for (const [key, visit] of this.#visits) {
      batch.push(assetOf(key, visit));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  }
}

function assetOf(key: string, visit: Visit): AssetRecord {
  const texts = visit.others === '' ? [key] : [key, ...visit.others.split('\n')];
  return {
    record: 'asset',
    id: visit.id,
    identifiers: texts.map(identifierOf),
    reached: visit.reached,
    startedAt: instant(visit.first),
    finishedAt: instant(visit.last),
    credential: 'none',
    ...(visit.reason === undefined ? {} : { reason: visit.reason }),
  };
}

/** Reads what `VisitLog.visit` wrote. */
function identifierOf(text: string): Identifier {
  const space = text.indexOf(' ');
  return { kind: text.slice(0, space) as IdentifierKind, value: text.slice(space + 1) };
}

function instant(time: number): Instant | null {
  return Number.isFinite(time) ? new Date(time).toISOString() : null;
}
