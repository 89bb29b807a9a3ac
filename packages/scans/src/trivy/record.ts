import { hash } from 'node:crypto';
import type { Severity, Verdict } from '@backcheck/core';
import { listAt, textAt, valueAt } from '../json-value.ts';
import { lookUp } from '../look-up.ts';
import { severityOfWord } from '../severity.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';

/** What is kept of one record until the result around it is known. */
export interface TrivyRecord {
  readonly check: string;
  /** The package, where the record is about one. */
  readonly package?: string;
  /** "config", "secret" or "license", and what tells records of one check in one file apart. */
  readonly group?: string;
  readonly detail?: string;
  /** `suppressed`: found, and taken out of the report by an ignore file, a policy or a VEX statement. */
  readonly verdict: Verdict | 'suppressed';
  readonly title: string;
  readonly severity: Severity;
  readonly cve: readonly string[];
  readonly cwe: readonly string[];
  readonly cvss: readonly string[];
}

/** The arrays of a result (pkg/types/report.go) and how their records are read. Undefined: the record has no id. */
const READ: Readonly<Record<string, (value: unknown) => TrivyRecord | undefined>> = {
  Vulnerabilities: vulnerability,
  Misconfigurations: misconfiguration,
  Secrets: secret,
  Licenses: license,
  ExperimentalModifiedFindings: suppressed,
};

export const RECORD_ARRAYS: readonly string[] = Object.keys(READ);

export function readRecord(array: string, value: unknown): TrivyRecord | undefined {
  return READ[array]?.(value);
}

/** Of a vulnerability or a misconfiguration; the fixed version is of one package. */
export const wordsOf = (value: unknown) => ({
  description: textAt(value, 'Description') ?? '',
  advice: textAt(value, 'Resolution') ?? '',
});

const NOTHING_MORE = { cve: [], cwe: [], cvss: [] } as const;

function vulnerability(value: unknown): TrivyRecord | undefined {
  const id = textAt(value, 'VulnerabilityID');
  const name = textAt(value, 'PkgName');
  if (!id || !name) return undefined;
  return {
    check: `trivy:${id}`,
    package: name,
    verdict: 'present',
    title: textAt(value, 'Title') ?? `${id} in ${name}`,
    severity: severityOfWord(textAt(value, 'Severity')),
    cve: cveIds(id, ...listAt(value, 'VendorIDs')),
    cwe: cweIds(...listAt(value, 'CweIDs')),
    cvss: vectors(valueAt(value, 'CVSS')),
  };
}

/** `CVSS` has one entry for each source ("nvd", "redhat"), each with up to three vectors. */
function vectors(cvss: unknown): string[] {
  const found = new Set<string>();
  const sources = typeof cvss === 'object' && cvss !== null ? Object.values(cvss) : [];
  for (const source of sources) {
    for (const key of ['V2Vector', 'V3Vector', 'V40Vector']) {
      const vector = textAt(source, key);
      if (vector !== undefined) found.add(vector);
    }
  }
  return [...found];
}

/** EXCEPTION: the check did not pass, and a rule of the user says not to mind. */
const VERDICTS: Readonly<Record<string, Verdict>> = { PASS: 'absent', EXCEPTION: 'error' };

/** The same check was "KSV116", then "AVD-KSV-0116", then "KSV-0116"; `AVDID` is there in all but the oldest. */
function misconfiguration(value: unknown): TrivyRecord | undefined {
  const id = (textAt(value, 'AVDID') || textAt(value, 'ID'))?.replace(/^AVD-/, '');
  if (!id) return undefined;
  return {
    check: `trivy:${id}`,
    group: 'config',
    detail: textAt(value, 'CauseMetadata', 'Resource') ?? '',
    verdict: lookUp(VERDICTS, textAt(value, 'Status') ?? '') ?? 'present',
    title: textAt(value, 'Title') ?? id,
    severity: severityOfWord(textAt(value, 'Severity')),
    ...NOTHING_MORE,
  };
}

/** `Match` is the line with the secret starred out: it tells two secrets apart and survives edits above it. */
function secret(value: unknown): TrivyRecord | undefined {
  const id = textAt(value, 'RuleID');
  if (!id) return undefined;
  return {
    check: `trivy-secret:${id}`,
    group: 'secret',
    detail: hash('sha256', textAt(value, 'Match') ?? '').slice(0, 24),
    verdict: 'present',
    title: textAt(value, 'Title') ?? id,
    severity: severityOfWord(textAt(value, 'Severity')),
    ...NOTHING_MORE,
  };
}

function license(value: unknown): TrivyRecord | undefined {
  const name = textAt(value, 'Name');
  if (!name) return undefined;
  const detail = textAt(value, 'PkgName') || textAt(value, 'FilePath') || '';
  return {
    check: `trivy-license:${name}`,
    group: 'license',
    detail,
    verdict: 'present',
    title: `License ${name} (${textAt(value, 'Category') ?? 'unknown'}) of ${detail}`,
    severity: severityOfWord(textAt(value, 'Severity')),
    ...NOTHING_MORE,
  };
}

const SUPPRESSED: Readonly<Record<string, (value: unknown) => TrivyRecord | undefined>> = {
  vulnerability,
  misconfiguration,
  secret,
  license,
};

/** Only with --show-suppressed. */
function suppressed(value: unknown): TrivyRecord | undefined {
  const record = lookUp(SUPPRESSED, textAt(value, 'Type') ?? '')?.(valueAt(value, 'Finding'));
  return record === undefined ? undefined : { ...record, verdict: 'suppressed' };
}
