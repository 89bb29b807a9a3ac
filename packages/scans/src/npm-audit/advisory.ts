import type { ObservationRecord } from '@backcheck/core';
import { countAt, listAt, textAt, valueAt } from '../json-value.ts';
import { packageLocus } from '../package-locus.ts';
import { packageNamed } from '../package-named.ts';
import { severityOfWord } from '../severity.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';

export type Advisory = Pick<
  ObservationRecord,
  'check' | 'locus' | 'title' | 'severity' | 'cve' | 'cwe' | 'cvss'
> & {
  /** Only npm 6 has texts. */
  readonly words: { readonly description: string; readonly advice: string };
};

/**
 * Each advisory that strikes a package; null for one without an id or a package. Since npm 7 a package that is
 * struck only through another names that one in `via`: the advisory stands there, and only there.
 */
export function* advisoriesOf(document: unknown): Generator<Advisory | null> {
  for (const advisory of valuesOf(valueAt(document, 'advisories'))) {
    yield advisoryOf(advisory, textAt(advisory, 'module_name'));
  }
  for (const entry of valuesOf(valueAt(document, 'vulnerabilities'))) {
    const struck = valueAt(entry, 'via');
    if (!Array.isArray(struck)) yield null;
    for (const via of listAt(entry, 'via')) {
      if (typeof via === 'string') continue;
      yield advisoryOf(via, textAt(via, 'name') ?? textAt(entry, 'name'));
    }
  }
}

function valuesOf(object: unknown): unknown[] {
  return typeof object === 'object' && object !== null ? Object.values(object) : [];
}

function advisoryOf(value: unknown, name: string | undefined): Advisory | null {
  const id = idOf(value);
  if (id === undefined || !name) return null;
  const cwe = valueAt(value, 'cwe');
  const vector = textAt(value, 'cvss', 'vectorString');
  return {
    check: `npm-audit:${id}`,
    locus: packageLocus('', packageNamed('npm', name)),
    title: textAt(value, 'title') ?? id,
    severity: severityOfWord(textAt(value, 'severity')),
    cve: cveIds(...listAt(value, 'cves')),
    cwe: cweIds(...(Array.isArray(cwe) ? cwe : [cwe]).filter((one) => typeof one === 'string')),
    cvss: vector === undefined || vector === '' ? [] : [vector],
    words: { description: textAt(value, 'overview') ?? '', advice: textAt(value, 'recommendation') ?? '' },
  };
}

/** The number of an advisory changes with each edit of it; its GHSA id does not. Old ones have only a number. */
function idOf(value: unknown): string | undefined {
  const written = `${textAt(value, 'github_advisory_id') ?? ''} ${textAt(value, 'url') ?? ''}`;
  const number = countAt(value, 'source') ?? countAt(value, 'id');
  return /\bGHSA(?:-[0-9a-z]{4}){3}\b/i.exec(written)?.[0] ?? number?.toString();
}
