import type { CoverageRecord, Fact, Identifier, Instant } from '@backcheck/core';
import { type Cell, type CsvEnd, type CsvRow, columnsOf, headerNames, walkCsv } from '../csv.ts';
import { Explanations } from '../explanation.ts';
import { HeldRows } from '../held-rows.ts';
import { oldestVersion } from '../oldest-version.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { identifiersOf, readRow, type TenableRow, wordsOf } from './csv-row.ts';
import { CsvVisit } from './csv-visit.ts';
import { explanationOf, observationOf, type ReportItem } from './report-item.ts';
import { ABOUT_THE_SCAN } from './scan-information.ts';

/**
 * CSV of Nessus, Tenable Vulnerability Management, Security Center and Web App Scanning.
 * What it can prove and why: COVERAGE.md section 1, rows "Nessus CSV" and "Tenable VM/SC CSV". It never closes.
 */
export const nessusCsvReader: Reader = {
  format: 'nessus-csv',
  detect(head) {
    const names = new Set(headerNames(head));
    const has = (...any: readonly string[]): boolean => any.some((name) => names.has(name));
    return (
      has('port') &&
      has('protocol') &&
      ((has('plugin id') && has('host')) ||
        (has('plugin') && has('plugin name') && has('ip address', 'dns name')) ||
        (has('definition.id') && has('asset.name', 'asset.id', 'asset.display_ipv4_address')))
    );
  },
  async *read(bytes) {
    const sheet = new Sheet();
    try {
      const end = yield* walkRows(sheet, walkCsv(bytes));
      yield [...end.warnings];
      yield* sheet.facts();
      return sheet.head(end.truncated);
    } finally {
      sheet.close();
    }
  },
};

async function* walkRows(
  sheet: Sheet,
  rows: AsyncGenerator<readonly CsvRow[], CsvEnd>,
): AsyncGenerator<Fact[], CsvEnd> {
  for (;;) {
    const step = await rows.next();
    if (step.done === true) return step.value;
    const facts = step.value.flatMap((row) => sheet.take(row));
    if (facts.length > 0) yield facts;
  }
}

/** A row that waits until all is known of its asset: Nessus sorts by plugin, not by asset. */
interface HeldRow {
  readonly asset: string;
  readonly item: ReportItem;
  readonly at: Instant | null;
  readonly locus: string;
  readonly fixed: boolean;
}

/** A row for each CVE of a plugin is usual; more than these are none of a real plugin. */
const MOST_CVES = 500;

class Sheet {
  #cell: Cell | null = null;
  readonly #visits = new Map<string, CsvVisit>();
  readonly #held = new HeldRows<HeldRow>();
  readonly #explanations = new Explanations();
  #last: { key: string; row: HeldRow } | null = null;
  #sound = true;
  #startedAt: Instant | null = null;
  #finishedAt: Instant | null = null;

  /** Gives what the row explains, or a warning where it is no record. */
  take(row: CsvRow): Fact[] {
    const cell = this.#cell;
    if (cell === null) {
      this.#cell = columnsOf(row);
      return [];
    }
    if (row.cells.every((one) => one.trim() === '')) return [];
    const identifiers = identifiersOf(cell, row);
    const record = readRow(cell, row);
    const visit = this.#visitOf(identifiers, record);
    if (record !== null && visit !== null) {
      const words = () => explanationOf({ words: wordsOf(cell, row) });
      return this.#keep(visit, record) ? this.#explanations.of(`nessus:${record.item.plugin}`, words) : [];
    }
    if (visit === null) this.#sound = false;
    else visit.spoil();
    const message = 'a row without a usable plugin, port or asset was left out';
    return [{ record: 'warning', code: 'BAD_RECORD', message, line: row.line }];
  }

  *facts(): Generator<Fact[]> {
    if (this.#last !== null) this.#held.add(this.#last.row);
    const visits = new Map([...this.#visits.values()].map((visit) => [visit.id, visit]));
    for (const visit of visits.values()) {
      this.#during(visit.startedAt, visit.finishedAt);
      yield visit.facts();
    }
    for (const rows of this.#held.batches()) {
      yield rows.map((row) => (row.fixed ? vendorSays(row) : presence(row, visits.get(row.asset))));
    }
  }

  head(truncated: boolean): ScanHead {
    const about = [...this.#visits.values()].flatMap(({ information }) => information ?? []);
    return {
      tool: {
        name: 'nessus',
        version: oldestVersion(about.map((one) => one.version)),
        feed: oldestVersion(about.map((one) => one.feed)),
      },
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
      complete: this.#sound && !truncated,
      truncated,
    };
  }

  close(): void {
    this.#held.close();
  }

  /** A row of the vendor's data base has a time of its own, and so a visit of its own. */
  #visitOf(identifiers: readonly Identifier[], record: TenableRow | null): CsvVisit | null {
    const known = identifiers.find(({ kind }) => kind === 'agent') ?? identifiers[0];
    if (known === undefined) return null;
    const at = record?.at ?? null;
    const key = `${known.kind} ${known.value} ${at ?? ''}`;
    const visit = this.#visits.get(key) ?? new CsvVisit(`a${this.#visits.size + 1}`, identifiers);
    this.#visits.set(key, visit);
    visit.during(at, at);
    return visit;
  }

  /** False where the row is about the scan, or says nothing that has a time. */
  #keep(visit: CsvVisit, record: TenableRow): boolean {
    visit.note(record);
    const { item, at, locus, fixed } = record;
    if (ABOUT_THE_SCAN.has(item.plugin) || (fixed && at === null)) return false;
    const row = { asset: visit.id, item, at, locus, fixed };
    const key = [visit.id, item.plugin, item.transport, item.port, locus, fixed].join(' ');
    if (this.#last?.key === key) {
      const { cve } = this.#last.row.item;
      if (cve.length < MOST_CVES) cve.push(...item.cve.filter((id) => !cve.includes(id)));
      return true;
    }
    if (this.#last !== null) this.#held.add(this.#last.row);
    this.#last = { key, row };
    return true;
  }

  #during(start: Instant | null, end: Instant | null): void {
    if (start !== null && start < (this.#startedAt ?? '~')) this.#startedAt = start;
    if (end !== null && end > (this.#finishedAt ?? '')) this.#finishedAt = end;
  }
}

function presence({ asset, item, at, locus }: HeldRow, visit: CsvVisit | undefined): Fact {
  return { ...observationOf(item, { asset, at, loggedIn: visit?.loggedIn ?? false }), locus };
}

/** The vendor's own conclusion from its scans. */
function vendorSays({ asset, item, locus }: HeldRow): CoverageRecord {
  return {
    record: 'coverage',
    asset,
    transport: item.transport,
    ports: `${item.port}`,
    checks: { ids: [`nessus:${item.plugin}`] },
    within: [locus],
    method: item.pluginType === 'local' ? 'local' : 'remote',
    evidence: 'E1',
    assumptions: ['A-vendor'],
  };
}
