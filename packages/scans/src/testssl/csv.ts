import type { Fact } from '@backcheck/core';
import { type Cell, type CsvRow, columnsOf, headerNames, walkCsv } from '../csv.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { TestsslRun } from './run.ts';

const COLUMNS = ['id', 'fqdn/ip', 'port', 'severity', 'finding'];

/**
 * The CSV of testssl.sh (`--csvfile`): the rows of the flat JSON, each a verdict of its own. It has neither a time,
 * so that it closes nothing until somebody says when it was made, nor the row "scanTime" that shows a finished run:
 * it never counts as complete.
 */
export const testsslCsvReader: Reader = {
  format: 'testssl-csv',
  detect: (head) => {
    const names = headerNames(head);
    return COLUMNS.every((name) => names.includes(name));
  },
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const run = new TestsslRun();
    const walk = walkCsv(bytes);
    let cell: Cell | undefined;
    for (;;) {
      const step = await walk.next();
      if (step.done === true) {
        const { truncated, warnings } = step.value;
        const rest = [...run.finish(undefined), ...warnings];
        if (rest.length > 0) yield rest;
        return run.head(undefined, truncated);
      }
      for (const row of step.value) {
        if (cell === undefined) {
          cell = columnsOf(row);
          continue;
        }
        run.take({ keys: [row.line], value: flatRow(cell, row), line: row.line }, () => undefined);
      }
      const facts = run.drain();
      if (facts.length > 0) yield facts;
    }
  },
};

/** A row as the flat JSON has it. */
function flatRow(cell: Cell, row: CsvRow): Record<string, string> {
  const names = ['id', 'port', 'severity', 'finding', 'cve', 'cwe'];
  return { ip: cell(row, 'fqdn/ip'), ...Object.fromEntries(names.map((name) => [name, cell(row, name)])) };
}
