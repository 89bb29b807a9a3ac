import type { Severity } from '@backcheck/core';
import { listAt, textAt, writtenAt } from '../json-value.ts';
import { severityOfScore } from '../severity.ts';
import { cveIds } from '../weakness-ids.ts';

/** What is kept of one record until the whole file is known. */
export interface Row {
  /** The keys of the component in the file: `['plugins', 'contact-form-7']`; of a finding about the site, []. */
  readonly component: readonly (string | number)[];
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
  readonly url?: string | undefined;
  readonly cve: readonly string[];
  readonly cvss: readonly string[];
}

const MAX_TITLE = 500;
const MAX_ID = 200;

/** Undefined when the record has no name. */
export function rowOf(keys: readonly (string | number)[], value: unknown): Row | undefined {
  return keys[0] === 'interesting_findings' ? findingOf(value) : weaknessOf(keys.slice(0, -2), value);
}

function findingOf(value: unknown): Row | undefined {
  const type = textAt(value, 'type') ?? '';
  if (type === '') return undefined;
  const title = (textAt(value, 'to_s') ?? type).slice(0, MAX_TITLE);
  const check = `wpscan:${type.slice(0, MAX_ID)}`;
  return { component: [], check, title, severity: 'info', url: textAt(value, 'url'), cve: [], cvss: [] };
}

/** Older versions give no id of their own, but the reference to the database of the tool. */
function weaknessOf(component: Row['component'], value: unknown): Row | undefined {
  const title = (textAt(value, 'title') ?? '').slice(0, MAX_TITLE);
  if (title === '') return undefined;
  // "2017-6814"
  const cve = cveIds(...listAt(value, 'references', 'cve').map((one) => `CVE-${writtenAt(one)}`));
  const reference = listAt(value, 'references', 'wpvulndb')[0];
  const id =
    textAt(value, 'uuid') ?? (typeof reference === 'string' ? reference : undefined) ?? cve[0] ?? title;
  const score = Number(writtenAt(value, 'cvss', 'score') || Number.NaN);
  const vector = textAt(value, 'cvss', 'vector');
  return {
    component,
    check: `wpscan:${id.slice(0, MAX_ID)}`,
    title,
    // Without a paid plan the database gives no score.
    severity: Number.isNaN(score) ? 'medium' : severityOfScore(score),
    cve,
    cvss: vector === undefined ? [] : [vector.slice(0, MAX_ID)],
  };
}
