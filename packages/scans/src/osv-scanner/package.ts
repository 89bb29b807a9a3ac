import type { ExplanationRecord, ObservationRecord, Severity } from '@backcheck/core';
import type { Explanations } from '../explanation.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import { lookUp } from '../look-up.ts';
import { packageLocus } from '../package-locus.ts';
import { packageNamed } from '../package-named.ts';
import { severityOfScore, severityOfWord } from '../severity.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';

/** Ecosystems of the OSV schema by purl type and namespace, where they are not the type itself in lower case. */
const ECOSYSTEMS: Readonly<Record<string, readonly [type: string, namespace?: string]>> = {
  'crates.io': ['cargo'],
  Go: ['golang'],
  Packagist: ['composer'],
  RubyGems: ['gem'],
  Debian: ['deb', 'debian'],
  Ubuntu: ['deb', 'ubuntu'],
  Alpine: ['apk', 'alpine'],
};

/** The complaints about a package. */
const LISTS = ['vulnerabilities', 'license_violations'] as const;

/** What the file says about one package (pkg/models/results.go). Undefined: a record in it has no id or is none. */
export function observationsOf(asset: string, value: unknown): ObservationRecord[] | undefined {
  const name = textAt(value, 'package', 'name') ?? '';
  const place = {
    record: 'observation',
    asset,
    transport: 'none',
    port: 0,
    locus: locusOf(name, textAt(value, 'package', 'ecosystem') ?? ''),
    verdict: 'present',
    at: null,
    method: 'local',
  } as const;
  if (LISTS.some((key) => !Array.isArray(valueAt(value, key) ?? []))) return undefined;
  const found: ObservationRecord[] = [];
  for (const weakness of listAt(value, 'vulnerabilities')) {
    const id = textAt(weakness, 'id');
    if (!id) return undefined;
    const title = textAt(weakness, 'summary') || `${id} in ${name}`;
    const severity = severityOf(id, weakness, listAt(value, 'groups'));
    found.push({ ...place, check: `osv-scanner:${id}`, title, severity, ...idsOf(id, weakness) });
  }
  for (const license of listAt(value, 'license_violations')) {
    if (typeof license !== 'string') return undefined;
    const title = `License ${license} of ${name} is not allowed`;
    const check = `osv-scanner-license:${license}`;
    found.push({ ...place, check, title, severity: 'info', cve: [], cwe: [], cvss: [] });
  }
  return found;
}

/** The words of its advisories. Where the long text does not begin with the short one, the short one leads. */
export function explanationsOf(value: unknown, explanations: Explanations): ExplanationRecord[] {
  return listAt(value, 'vulnerabilities').flatMap((weakness) => {
    const [summary = '', details = ''] = ['summary', 'details'].map((key) => textAt(weakness, key)?.trim());
    const description = details.startsWith(summary) ? details : `${summary}\n\n${details}`;
    return explanations.of(`osv-scanner:${textAt(weakness, 'id')}`, () => ({ description }));
  });
}

/** A package that nothing speaks against stands in the file only with --all-packages. */
export function isOnlyListed(value: unknown): boolean {
  const reasons = LISTS.flatMap((key) => listAt(value, key));
  const named = textAt(value, 'package', 'name') !== undefined;
  return named && reasons.length === 0 && valueAt(value, 'package', 'deprecated') !== true;
}

/** The release behind the ecosystem ("Debian:12") is left out: the finding stays itself after an upgrade. */
function locusOf(name: string, ecosystem: string): string {
  if (name === '') return ''; // code of a git repository, known by its commit
  const family = ecosystem.replace(/:.*$/s, '');
  const [type, namespace] = lookUp(ECOSYSTEMS, family) ?? [family.toLowerCase() || 'generic'];
  return packageLocus('', namespace === undefined ? packageNamed(type, name) : { type, namespace, name });
}

function idsOf(id: string, weakness: unknown): Pick<ObservationRecord, 'cve' | 'cwe' | 'cvss'> {
  const named = listAt(weakness, 'affected').flatMap((one) => listAt(one, 'database_specific', 'cwes'));
  const cwes = [
    ...listAt(weakness, 'database_specific', 'cwe_ids'),
    ...named.map((one) => textAt(one, 'cweId')),
  ];
  const vectors = listAt(weakness, 'severity').map((one) => textAt(one, 'score'));
  return {
    cve: cveIds(id, ...listAt(weakness, 'aliases')),
    cwe: cweIds(...cwes.filter((one) => typeof one === 'string')),
    cvss: vectors.filter((one) => one !== undefined),
  };
}

/** The score of the group of aliases, else the word of the advisory. */
function severityOf(id: string, weakness: unknown, groups: readonly unknown[]): Severity {
  const group = groups.find((one) => listAt(one, 'ids').includes(id));
  const score = Number(textAt(group, 'max_severity') || Number.NaN);
  if (score >= 0) return severityOfScore(score);
  return severityOfWord(textAt(weakness, 'database_specific', 'severity'));
}
