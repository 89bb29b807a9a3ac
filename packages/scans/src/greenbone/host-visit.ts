import type { AssetRecord, CoverageRecord, Credential, Identifier, Instant, Reason } from '@backcheck/core';
import { hostIdentifier } from '../host-identifier.ts';

const MOST_IDENTIFIERS = 100;

/** What a report says of one host: in its `<host>` element, and beside the results. */
export class HostVisit {
  readonly id: string;
  readonly address: Identifier;
  startedAt: Instant | null = null;
  finishedAt: Instant | null = null;
  /** Of the latest result. */
  seenAt: Instant | null = null;
  /** An error of the whole host, or a result that could not be read: its silence is none. */
  damaged = false;
  credential: Credential = 'none';
  feed: string | null = null;
  scanner: string | null = null;
  readonly #more: Identifier[] = [];

  constructor(id: string, address: Identifier) {
    this.id = id;
    this.address = address;
  }

  /** Each result repeats the name. */
  called(name: string): void {
    const identifier = hostIdentifier(name);
    if (identifier !== undefined) this.#know(identifier);
  }

  /** `<host><detail>`, with details=1. */
  detail(name: string, value: string): void {
    if (name === 'hostname') this.called(value);
    else if (name === 'MAC') this.#know({ kind: 'mac', value: value.toLowerCase() });
    else if (name === 'scanned_with_feedversion') this.feed = value;
    else if (name === 'scanned_with_scanner') this.scanner = /\d+(?:\.\d+)+/.exec(value)?.[0] ?? null;
    else if (/^Auth-\w+-Success$/.test(name)) this.#signedIn(value);
  }

  /** Whether the scan of this host came to its end, and nothing went wrong with the host as such. */
  get finished(): boolean {
    return this.startedAt !== null && this.finishedAt !== null && !this.damaged;
  }

  /** `gap`: why no host of the report is answered for. `scan`: the times of the whole scan, for a report without the times of its hosts. */
  asset(gap: Reason | null, scan: { start: Instant | null; end: Instant | null }): AssetRecord {
    const reason = this.finished ? gap : 'INCOMPLETE';
    return {
      record: 'asset',
      id: this.id,
      identifiers: [this.address, ...this.#more],
      reached: true,
      startedAt: this.startedAt ?? scan.start,
      finishedAt: this.finishedAt ?? scan.end ?? this.seenAt,
      credential: this.credential,
      ...(reason === null ? {} : { reason }),
    };
  }

  /** Which tests ran and which ports were looked at is in the scan configuration, which no report contains. */
  claims(assumptions: readonly string[]): CoverageRecord[] {
    const methods = this.credential === 'none' ? (['active'] as const) : (['active', 'local'] as const);
    const claim = { record: 'coverage', asset: this.id, checks: { all: true }, evidence: 'E1' } as const;
    return methods.flatMap((method) => [
      { ...claim, transport: 'none', ports: '0', method, assumptions },
      { ...claim, transport: 'tcp', ports: '1-65535', method, assumptions: [...assumptions, 'A-ports'] },
      { ...claim, transport: 'udp', ports: '1-65535', method, assumptions: [...assumptions, 'A-ports'] },
    ]);
  }

  #know(identifier: Identifier): void {
    const known = this.#more.some((one) => one.value === identifier.value);
    if (!known && this.#more.length < MOST_IDENTIFIERS) this.#more.push(identifier);
  }

  #signedIn(value: string): void {
    const privileged = /\bUser (?:root|administrator)\b/i.test(value);
    if (privileged || this.credential === 'none') this.credential = privileged ? 'privileged' : 'user';
  }
}
