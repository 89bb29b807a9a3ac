import { walkJson } from '../json.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import { cweIds } from '../weakness-ids.ts';
import { zonedInstant } from '../zoned-instant.ts';
import type { FeedWalk, VulnerabilityEntry } from './feed-entry.ts';
import { flaw, refuseDamage } from './feed-flaw.ts';
import { cveAt, description, Ids, vectorsOf } from './feed-values.ts';

/** The newest version of CVSS first. */
const METRICS = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2'];

/** A file or an answer of NVD's CVE API 2.0: `{format: "NVD_CVE", version: "2.0", vulnerabilities: [{cve}]}`. */
export async function* walkNvd(bytes: AsyncIterable<Uint8Array>): FeedWalk<VulnerabilityEntry> {
  const walk = walkJson(bytes, ['vulnerabilities']);
  const ids = new Ids();
  for (;;) {
    const step = await walk.next();
    if (step.done === true) {
      refuseDamage(step.value.warnings);
      return headOf(step.value.document);
    }
    yield step.value.elements.map(({ value, line }) => {
      const entry = entryOf(valueAt(value, 'cve'), line);
      ids.add(line, entry.cve);
      return entry;
    });
  }
}

function entryOf(record: unknown, line: number): VulnerabilityEntry {
  const weaknesses = listAt(record, 'weaknesses').flatMap((one) => listAt(one, 'description'));
  return {
    cve: cveAt(line, valueAt(record, 'id')),
    title: description(record, 'descriptions'),
    rejected: textAt(record, 'vulnStatus') === 'Rejected',
    cvss: vectorsOf(
      METRICS.flatMap((name) => primaryFirst(listAt(record, 'metrics', name))),
      'cvssData',
    ),
    cwe: cweIds(...weaknesses.map((one) => textAt(one, 'value'))),
    ssvc: null,
  };
}

const primaryFirst = (metrics: readonly unknown[]): unknown[] =>
  [...metrics].sort((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)));

const isPrimary = (metric: unknown): boolean => textAt(metric, 'type') === 'Primary';

function headOf(document: unknown) {
  const format = textAt(document, 'format');
  if (format !== 'NVD_CVE' || textAt(document, 'version') !== '2.0')
    throw flaw(
      undefined,
      '不是 NVD 的 JSON 2.0 文件（format 应为 NVD_CVE，version 应为 2.0）',
      'it is no NVD JSON 2.0: format must be NVD_CVE and version 2.0',
    );
  // NVD writes UTC and no zone (its API's "timestamp").
  const publishedAt = zonedInstant(textAt(document, 'timestamp')?.replace(/(\d)$/, '$1Z'));
  return { version: publishedAt, publishedAt };
}
