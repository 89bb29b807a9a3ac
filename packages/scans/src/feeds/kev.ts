import { walkJson } from '../json.ts';
import { countAt, textAt, valueAt } from '../json-value.ts';
import { zonedInstant } from '../zoned-instant.ts';
import type { FeedWalk, KevEntry } from './feed-entry.ts';
import { flaw, refuseDamage } from './feed-flaw.ts';
import { cveAt, dayAt, Ids, shortText } from './feed-values.ts';

/**
 * CISA's catalogue as JSON (known_exploited_vulnerabilities_schema.json). A list that was cut on its way would
 * silently make findings less pressing, so its `count` must be the number of its entries.
 */
export async function* walkKev(bytes: AsyncIterable<Uint8Array>): FeedWalk<KevEntry> {
  const walk = walkJson(bytes, ['vulnerabilities']);
  const ids = new Ids();
  for (;;) {
    const step = await walk.next();
    if (step.done === true) {
      refuseDamage(step.value.warnings);
      return headOf(step.value.document, ids.size);
    }
    yield step.value.elements.map(({ value, line }) => {
      const entry = entryOf(value, line);
      ids.add(line, entry.cve);
      return entry;
    });
  }
}

function entryOf(value: unknown, line: number): KevEntry {
  const due = valueAt(value, 'dueDate');
  const ransomware = textAt(value, 'knownRansomwareCampaignUse');
  return {
    cve: cveAt(line, valueAt(value, 'cveID')),
    addedOn: dayAt(line, 'dateAdded', valueAt(value, 'dateAdded')),
    dueOn: due === undefined || due === null || due === '' ? null : dayAt(line, 'dueDate', due),
    name: shortText(valueAt(value, 'vulnerabilityName')),
    requiredAction: shortText(valueAt(value, 'requiredAction'), 2000),
    ransomware: ransomware === undefined ? null : ransomware === 'Known',
  };
}

function headOf(document: unknown, entries: number) {
  const version = shortText(valueAt(document, 'catalogVersion'), 100);
  const publishedAt = zonedInstant(textAt(document, 'dateReleased'));
  if (version === null || publishedAt === null)
    throw flaw(
      undefined,
      '不是 CISA 的 KEV 目录：缺少 catalogVersion 或 dateReleased',
      "it is not CISA's catalogue: catalogVersion or dateReleased is missing",
    );
  const count = countAt(document, 'count');
  if (count !== entries)
    throw flaw(
      undefined,
      `count 为 ${count ?? '空'}，实际有 ${entries} 个条目`,
      `count says ${count ?? 'nothing'}, but there are ${entries} entries`,
    );
  if (entries === 0) throw flaw(undefined, '目录中没有条目', 'there is no entry in the catalogue');
  return { version, publishedAt };
}
