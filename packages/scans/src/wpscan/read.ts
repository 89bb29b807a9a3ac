import type { Fact } from '@backcheck/core';
import { HeldRows } from '../held-rows.ts';
import { type JsonElement, walkJson } from '../json.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { type Row, rowOf } from './row.ts';
import { Site } from './site.ts';

/** What WPScan lists: findings about the site, and weaknesses of WordPress, of the theme, of each plugin. */
const PATHS = [
  'interesting_findings',
  'version.vulnerabilities',
  'main_theme.vulnerabilities',
  'main_theme.parents.*.vulnerabilities',
  'themes.*.vulnerabilities',
  'plugins.*.vulnerabilities',
  'timthumbs.*.vulnerabilities',
];

/**
 * The JSON of WPScan 3. What it does not list is assumed at most: a plugin that it did not find may still be
 * there, and one that its database did not answer for has an empty list as well (wpscan lib/wpscan/db/vuln_api.rb).
 * Where a component lies stands beside its list, so the lists wait until the file was read.
 */
export const wpscanReader: Reader = {
  format: 'wpscan',
  detect: (head) =>
    /^\s*\{/.test(head) &&
    (/"WordPress Security Scanner\b/.test(head) ||
      (/"target_url"\s*:/.test(head) && /"(interesting_findings|scan_aborted)"\s*:/.test(head))),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const rows = new HeldRows<Row>();
    let damaged = false;
    try {
      const walk = walkJson(bytes, PATHS);
      for (;;) {
        const step = await walk.next();
        if (step.done !== true) {
          const bad = step.value.elements.flatMap((element) => keep(element, rows));
          damaged ||= bad.length > 0;
          yield bad;
          continue;
        }
        const { document, truncated, warnings } = step.value;
        const site = new Site(document);
        yield [...warnings, ...site.facts(!truncated && !damaged)];
        for (const batch of rows.batches()) yield batch.flatMap((row) => site.observations(row));
        return { ...site.head, complete: site.finished && !truncated && !damaged, truncated };
      }
    } finally {
      rows.close();
    }
  },
};

function keep({ keys, value, line }: JsonElement, rows: HeldRows<Row>): Fact[] {
  const row = rowOf(keys, value);
  if (row !== undefined) {
    rows.add(row);
    return [];
  }
  return [{ record: 'warning', code: 'BAD_RECORD', message: 'a record without a name was left out', line }];
}
