import { walkJsonRecords } from '../json-lines.ts';
import type { Reader } from '../reader.ts';
import { ProwlerResults } from './results.ts';
import { rowOfJson } from './row.ts';

/**
 * Prowler, JSON: OCSF (Prowler 4 and later) and the JSON of Prowler 3.
 * What it can prove and why: COVERAGE.md section 1, row "Prowler OCSF".
 */
export const prowlerReader: Reader = {
  format: 'prowler',
  detect: (head) => /^\s*[[{]/.test(head) && (isOcsf(head) || isVersion3(head)),
  async *read(bytes) {
    const results = new ProwlerResults();
    const walk = walkJsonRecords(bytes);
    for (;;) {
      const step = await walk.next();
      if (step.done === true) {
        yield [...step.value.warnings];
        yield* results.silence();
        return results.head(step.value.truncated);
      }
      yield step.value.flatMap(({ value, line }) => results.row(rowOfJson(value), line));
    }
  },
};

function isOcsf(head: string): boolean {
  return /"vendor_name"\s*:\s*"Prowler"/.test(head) && /"event_code"\s*:/.test(head);
}

function isVersion3(head: string): boolean {
  return /"CheckID"\s*:/.test(head) && /"FindingUniqueId"\s*:\s*"prowler-/.test(head);
}
