import {
  type AssetRecord,
  type CoverageRecord,
  formatPorts,
  type Identifier,
  type Instant,
  unionPorts,
} from '@backcheck/core';
import type { TenableRow } from './csv-row.ts';
import { ScanAccount } from './scan-account.ts';
import { SCAN_INFORMATION, type ScanInformation, scanTimes } from './scan-information.ts';
import { silence } from './silence.ts';

/** What the rows of one asset say of the visit to it; they stand anywhere in the file. */
export class CsvVisit {
  readonly id: string;
  readonly identifiers: readonly Identifier[];
  startedAt: Instant | null = null;
  finishedAt: Instant | null = null;
  readonly #account = new ScanAccount();
  #aggregated = false;

  constructor(id: string, identifiers: readonly Identifier[]) {
    this.id = id;
    this.identifiers = identifiers;
  }

  get information(): ScanInformation | null {
    return this.#account.information;
  }

  get loggedIn(): boolean {
    return this.#account.login !== 'none';
  }

  /** A row could not be read. */
  spoil(): void {
    this.#account.damaged = true;
  }

  note({ item, output, aggregated }: TenableRow): void {
    this.#aggregated ||= aggregated;
    this.#account.item(item);
    this.#account.output(item.plugin, output);
    if (item.plugin !== SCAN_INFORMATION) return;
    const { start, end } = scanTimes(output);
    this.during(start, end);
  }

  /** Several rows may give several times: the visit lasted from the first to the last. */
  during(start: Instant | null, end: Instant | null): void {
    if (start !== null && start < (this.startedAt ?? '~')) this.startedAt = start;
    if (end !== null && end > (this.finishedAt ?? '')) this.finishedAt = end;
  }

  facts(): [AssetRecord, ...CoverageRecord[]] {
    const reason = this.#account.gap(!this.#aggregated, false);
    const asset: AssetRecord = {
      record: 'asset',
      id: this.id,
      identifiers: this.identifiers,
      reached: this.#account.reached(false),
      startedAt: this.startedAt,
      finishedAt: this.finishedAt,
      credential: this.#account.login,
      ...(reason === null ? {} : { reason }),
    };
    return reason === null ? [asset, ...this.#coverage()] : [asset];
  }

  /** Rows may have been filtered out of the export, and only the list of launched plugins shows what ran. */
  #coverage(): CoverageRecord[] {
    const { launched, ports: seen, inside } = this.#account;
    const planned = this.information?.ports?.tcp ?? [];
    const ports = { tcp: formatPorts(unionPorts(planned, seen.tcp)), udp: formatPorts(seen.udp) };
    return silence(ports, {
      asset: this.id,
      checks: launched === null ? { all: true } : { ranges: launched },
      method: inside ? 'local' : 'remote',
      evidence: 'E1',
      assumptions: launched === null ? ['A-launched', 'A-filter'] : ['A-filter'],
    });
  }
}
