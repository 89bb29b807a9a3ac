import type { CoverageRecord, Method, Reason, Transport } from '@backcheck/core';
import { LineSpool } from '../line-spool.ts';

/** What lines without a match say of one asset, port and path: the same for many templates. */
export interface Silence {
  readonly asset: string;
  readonly transport: Transport;
  readonly ports: string;
  readonly path: string | null;
  readonly method: Method;
  readonly doubts: readonly string[];
  /** The request failed, or was not sent: no answer. */
  readonly failure: Reason | null;
}

/** What the rest of the file says of an asset. */
export interface Afterwards {
  /** An error came after the silence that was taken `number`th. */
  erredAfter(asset: string, number: number): boolean;
  /** Too many of the answers were refusals. */
  refused(asset: string): boolean;
  /** A match of this template stands in the file without a place. */
  unplaced(template: string): boolean;
}

interface Group {
  readonly silence: Silence;
  readonly number: number;
  readonly templates: Set<string>;
}

/** A group as it stands in the spool. */
type Waiting = Omit<Group, 'templates'> & { readonly templates: readonly string[] };

/** Templates that wait in memory for others of the same place. */
const MAX_WAITING = 100_000;
const BATCH = 50;

/**
 * The lines without a match, gathered into one claim for all templates of a place. Whether a claim stands shows
 * only at the end of the file, so they wait in a spool.
 */
export class Silences {
  readonly #spool = new LineSpool();
  readonly #groups = new Map<string, Map<Silence, Group>>();
  #waiting = 0;
  #number = 0;

  /** The same silence should come as the same object: it is looked up by its identity. */
  add(silence: Silence, template: string): void {
    const group = this.#groupOf(silence);
    const before = group.templates.size;
    this.#waiting += group.templates.add(template).size - before;
    if (this.#waiting < MAX_WAITING) return;
    for (const asset of [...this.#groups.keys()]) this.#close(asset);
  }

  #groupOf(silence: Silence): Group {
    const ofAsset = this.#groups.get(silence.asset) ?? new Map<Silence, Group>();
    const known = ofAsset.get(silence);
    if (known !== undefined) return known;
    const group = { silence, number: this.#number, templates: new Set<string>() };
    this.#groups.set(silence.asset, ofAsset.set(silence, group));
    return group;
  }

  /** An error of this asset: what is added from here on comes after it. Gives the number to compare with. */
  mark(asset: string): number {
    this.#close(asset, ({ silence }) => silence.failure === null);
    this.#number += 1;
    return this.#number;
  }

  /** Every claim, as the end of the file leaves it. */
  *coverage(afterwards: Afterwards): Generator<CoverageRecord[]> {
    for (const asset of [...this.#groups.keys()]) this.#close(asset);
    let batch: CoverageRecord[] = [];
    for (const lines of this.#spool.batches()) {
      for (const line of lines) {
        const { silence, number, templates } = JSON.parse(line) as Waiting; // written by `#close`
        const ids = templates.filter((one) => !afterwards.unplaced(one)).map((one) => `nuclei:${one}`);
        if (ids.length > 0) batch.push(claimOf(silence, ids, doubtsOf(silence, number, afterwards)));
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
    }
    yield batch;
  }

  close(): void {
    this.#spool.close();
  }

  #close(asset: string, which: (group: Group) => boolean = () => true): void {
    const groups = this.#groups.get(asset) ?? new Map<Silence, Group>();
    for (const group of groups.values()) {
      if (!which(group)) continue;
      const { silence, number, templates } = group;
      this.#waiting -= templates.size;
      const waiting: Waiting = { silence, number, templates: [...templates] };
      this.#spool.add(JSON.stringify(waiting));
      groups.delete(silence);
    }
    if (groups.size === 0) this.#groups.delete(asset);
  }
}

/** COVERAGE.md section 1: an error line that comes later takes the certainty from all lines before it. */
function doubtsOf({ asset, doubts }: Silence, number: number, afterwards: Afterwards): string[] {
  return [
    ...doubts,
    ...(afterwards.refused(asset) && !doubts.includes('A-waf') ? ['A-waf'] : []),
    ...(afterwards.erredAfter(asset, number) ? ['A-answering'] : []),
  ];
}

function claimOf(silence: Silence, ids: readonly string[], doubts: readonly string[]): CoverageRecord {
  const { asset, transport, ports, path, method, failure } = silence;
  const where = { record: 'coverage', asset, transport, ports, checks: { ids }, method } as const;
  const within = path === null ? {} : { within: [path] };
  if (failure !== null) return { ...where, evidence: 'E0', assumptions: [], ...within, reason: failure };
  return { ...where, evidence: doubts.length === 0 ? 'E3' : 'E1', assumptions: doubts, ...within };
}
