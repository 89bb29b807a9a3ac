import {
  type AssetRecord,
  type CoverageRecord,
  formatPorts,
  type Identifier,
  type Instant,
  portSet,
  type Reason,
  unionPorts,
} from '@backcheck/core';
import type { TenableRow } from './csv-row.ts';
import {
  LAUNCHED_PLUGINS,
  LOGIN_TROUBLE,
  PING,
  parseLaunchedPlugins,
  parseScanInformation,
  SCAN_INFORMATION,
  type ScanInformation,
  saysDead,
  scanTimes,
} from './scan-information.ts';
import { silence } from './silence.ts';

/** What the rows of one asset say of the visit to it; they stand anywhere in the file. */
export class CsvVisit {
  readonly id: string;
  readonly identifiers: readonly Identifier[];
  information: ScanInformation | null = null;
  startedAt: Instant | null = null;
  finishedAt: Instant | null = null;
  /** A row could not be read, so that the silence about it is none. */
  damaged = false;
  readonly #ports = { tcp: new Set<number>(), udp: new Set<number>() };
  #launched: string | null = null;
  #dead = false;
  #answered = false;
  #loginTrouble = false;
  #aggregated = false;

  constructor(id: string, identifiers: readonly Identifier[]) {
    this.id = id;
    this.identifiers = identifiers;
  }

  get loggedIn(): boolean {
    return this.information !== null && this.information.login !== 'none';
  }

  note({ item, output, aggregated }: TenableRow): void {
    this.#aggregated ||= aggregated;
    if (item.plugin !== PING) this.#answered = true;
    if (item.transport === 'tcp' || item.transport === 'udp') this.#ports[item.transport].add(item.port);
    if (LOGIN_TROUBLE.has(item.plugin)) this.#loginTrouble = true;
    if (item.plugin === LAUNCHED_PLUGINS) this.#launched = parseLaunchedPlugins(output);
    else if (item.plugin === SCAN_INFORMATION) {
      this.information = parseScanInformation(output);
      const { start, end } = scanTimes(output);
      this.during(start, end);
    } else if (item.plugin === PING) {
      this.#dead ||= saysDead(output);
      this.#answered ||= !saysDead(output);
    }
  }

  /** Several rows may give several times: the visit lasted from the first to the last. */
  during(start: Instant | null, end: Instant | null): void {
    if (start !== null && start < (this.startedAt ?? '~')) this.startedAt = start;
    if (end !== null && end > (this.finishedAt ?? '')) this.finishedAt = end;
  }

  facts(): [AssetRecord, ...CoverageRecord[]] {
    const reason = this.#gap();
    const asset: AssetRecord = {
      record: 'asset',
      id: this.id,
      identifiers: this.identifiers,
      reached: this.#answered && !this.#dead,
      startedAt: this.startedAt,
      finishedAt: this.finishedAt,
      credential: this.information?.login ?? 'none',
      ...(reason === null ? {} : { reason }),
    };
    return reason === null ? [asset, ...this.#coverage()] : [asset];
  }

  /** COVERAGE.md section 1, rows "Nessus CSV" and "Tenable VM/SC CSV". */
  #gap(): Reason | null {
    if (this.#dead) return 'NO_HOST';
    if (this.#aggregated || this.information === null || this.damaged) return 'INCOMPLETE';
    return this.information.timed ? null : 'TIMEOUT';
  }

  /** Rows may have been filtered out of the export, and only the list of launched plugins shows what ran. */
  #coverage(): CoverageRecord[] {
    const planned = this.information?.ports?.tcp ?? [];
    const ports = {
      tcp: formatPorts(unionPorts(planned, portSet(this.#ports.tcp))),
      udp: formatPorts(portSet(this.#ports.udp)),
    };
    const launched = this.#launched;
    return silence(ports, {
      asset: this.id,
      checks: launched === null ? { all: true } : { ranges: launched },
      method: this.loggedIn && !this.#loginTrouble ? 'local' : 'remote',
      evidence: 'E1',
      assumptions: launched === null ? ['A-launched', 'A-filter'] : ['A-filter'],
    });
  }
}
