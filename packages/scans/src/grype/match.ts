import type { ObservationRecord } from '@backcheck/core';
import { listAt, textAt, valueAt } from '../json-value.ts';
import { packageLocus, purlLocus } from '../package-locus.ts';
import { severityOfWord } from '../severity.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';

type Match = Pick<ObservationRecord, 'check' | 'locus' | 'title' | 'severity' | 'cve' | 'cwe' | 'cvss'>;

/** One element of `matches` or `ignoredMatches` (grype/presenter/models/match.go); undefined without its keys. */
export function matchOf(value: unknown): Match | undefined {
  const weakness = valueAt(value, 'vulnerability');
  const id = textAt(weakness, 'id');
  const name = textAt(value, 'artifact', 'name');
  if (!id || !name) return undefined;
  // A match by a GHSA id has its CVE, often with the only vectors, among the related ones.
  const all = [weakness, ...listAt(value, 'relatedVulnerabilities')];
  const vectors = all.flatMap((one) => listAt(one, 'cvss').map((score) => textAt(score, 'vector')));
  const cwes = all.flatMap((one) => listAt(one, 'cwes').map((cwe) => textAt(cwe, 'cwe')));
  return {
    check: `grype:${id}`,
    locus: locusOf(valueAt(value, 'artifact'), name),
    title: `${id} in ${name}`,
    severity: severityOfWord(textAt(weakness, 'severity')),
    cve: cveIds(...all.map((one) => textAt(one, 'id'))),
    cwe: cweIds(...cwes.filter((cwe) => cwe !== undefined)),
    cvss: [...new Set(vectors.filter((vector) => vector !== undefined && vector !== ''))] as string[],
  };
}

/** A match by a GHSA id or of a distribution may have its text among the related ones only. */
export function descriptionOf(value: unknown): string {
  const all = [valueAt(value, 'vulnerability'), ...listAt(value, 'relatedVulnerabilities')];
  return all.map((one) => textAt(one, 'description')).find((text) => text?.trim()) ?? '';
}

/** Their files (/var/lib/dpkg/status, a licence text) tell nothing apart and differ between versions of Grype. */
const OS_PACKAGES: readonly string[] = ['deb', 'apk', 'rpm', 'alpm', 'portage'];

/** The first file of the package, unless its path has the version in it: that would be another place after a fix. */
function locusOf(artifact: unknown, name: string): string {
  const type = textAt(artifact, 'type') || 'generic';
  const version = textAt(artifact, 'version') ?? '';
  const path = textAt(artifact, 'locations', 0, 'path') ?? '';
  const moves = OS_PACKAGES.includes(type) || (version !== '' && path.includes(version));
  const place = moves ? '' : path.replaceAll('#', '%23');
  return purlLocus(place, textAt(artifact, 'purl') ?? '') ?? packageLocus(place, { type, name });
}
