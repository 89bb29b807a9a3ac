import type { Fact, Instant } from '@backcheck/core';
import { type Cell, type CsvRow, columnsOf, headerNames, walkCsv } from '../csv.ts';
import { DatedVisits } from '../dated-visits.ts';
import { Explanations, unbroken } from '../explanation.ts';
import { hostIdentifier } from '../host-identifier.ts';
import type { Reader } from '../reader.ts';
import { cveIds } from '../weakness-ids.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { meaningOf, methodOf, serviceOf, severityOf } from './result.ts';

/**
 * "CSV Results" of Greenbone. It lists results and nothing else: no host without a result, no filter, no status,
 * no end. So it shows what is there and never that something is gone.
 */
export const greenboneCsvReader: Reader = {
  format: 'greenbone-csv',
  detect(head) {
    const names = headerNames(head);
    return ['ip', 'port protocol', 'nvt oid', 'result id'].every((name) => names.includes(name));
  },
  async *read(bytes) {
    const sheet = new Sheet();
    const rows = walkCsv(bytes);
    for (;;) {
      const step = await rows.next();
      if (step.done === true) {
        const { truncated, warnings } = step.value;
        yield [...warnings];
        const tool = { name: 'greenbone', version: null, feed: null };
        const { startedAt, finishedAt } = sheet;
        return { tool, startedAt, finishedAt, complete: false, truncated };
      }
      yield step.value.flatMap((row) => sheet.take(row));
    }
  },
};

class Sheet {
  startedAt: Instant | null = null;
  finishedAt: Instant | null = null;
  #cell: Cell | null = null;
  readonly #visits = new DatedVisits();
  readonly #explanations = new Explanations();

  take(row: CsvRow): Fact[] {
    if (this.#cell !== null) return this.#result(this.#cell, row);
    this.#cell = columnsOf(row);
    return [];
  }

  #result(cell: Cell, row: CsvRow): Fact[] {
    const text = (name: string): string => cell(row, name);
    const address = hostIdentifier(text('ip')) ?? hostIdentifier(text('hostname'));
    const protocol = text('port protocol');
    const service = serviceOf(text('port') === '' ? '' : `${text('port')}/${protocol}`);
    const oid = text('nvt oid');
    if (address === undefined || service === null || oid === '') {
      const message = 'a row without a usable address, port or test was left out';
      return [{ record: 'warning', code: 'BAD_RECORD', message, line: row.line }];
    }
    const at = zonedInstant(text('timestamp'));
    this.#during(at);
    const name = hostIdentifier(text('hostname'));
    const visit = this.#visits.at([address, ...(name === undefined ? [] : [name])], at);
    const method = methodOf(oid, '', '');
    const presence: Fact = {
      record: 'observation',
      asset: visit.id,
      ...service,
      check: `greenbone:${oid}`,
      locus: '',
      verdict: 'present',
      title: text('nvt name'),
      severity: severityOf(text('cvss'), '', text('severity')),
      cve: cveIds(text('cves'), oid),
      cwe: [],
      cvss: [],
      at,
      ...(method === 'remote' ? {} : { method }),
    };
    const words = () => ({
      description: meaningOf(text('summary'), text('vulnerability insight')),
      harm: unbroken(text('impact')),
      advice: unbroken(text('solution')),
    });
    return [...visit.facts, presence, ...this.#explanations.of(presence.check, words)];
  }

  #during(at: Instant | null): void {
    if (at === null) return;
    if (at < (this.startedAt ?? '~')) this.startedAt = at;
    if (at > (this.finishedAt ?? '')) this.finishedAt = at;
  }
}
