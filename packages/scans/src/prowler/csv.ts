import { type Cell, columnsOf, headerNames, walkCsv } from '../csv.ts';
import type { Reader } from '../reader.ts';
import { ProwlerResults } from './results.ts';
import { rowOfCsv } from './row.ts';

/**
 * Prowler 3 and later, CSV. What it can prove and why: COVERAGE.md section 1, row "Prowler OCSF". Its TIMESTAMP is the
 * clock of the machine without its zone, unless Prowler ran with `--unix-timestamp`.
 */
export const prowlerCsvReader: Reader = {
  format: 'prowler-csv',
  detect: (head) => {
    const names = headerNames(head);
    return SIGNS.every((alternatives) => alternatives.some((name) => names.includes(name)));
  },
  async *read(bytes) {
    const results = new ProwlerResults();
    let cell: Cell | undefined;
    const walk = walkCsv(bytes);
    for (;;) {
      const step = await walk.next();
      if (step.done === true) {
        yield [...step.value.warnings];
        yield* results.silence();
        return results.head(step.value.truncated);
      }
      const rows = cell === undefined ? step.value.slice(1) : step.value;
      const [header] = step.value;
      if (header !== undefined) cell ??= columnsOf(header);
      const read = cell;
      if (read !== undefined) yield rows.flatMap((row) => results.row(rowOfCsv(row, read), row.line));
    }
  },
};

const SIGNS = [
  ['finding_uid', 'finding_unique_id'],
  ['check_id'],
  ['status_extended'],
  ['resource_uid', 'resource_id'],
];
