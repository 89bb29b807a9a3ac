import { createHash } from 'node:crypto';
import { countAt, listAt, textAt, valueAt } from '../json-value.ts';
import { cweIds } from '../weakness-ids.ts';

/** Where a result points to: a file or, where the tool names none, a place in the program. */
export interface Place {
  readonly uri?: string | undefined;
  /** Index into `run.artifacts`, for results that name the file only there. */
  readonly artifact?: number | undefined;
  readonly logical?: string | undefined;
  /** Tells results of one rule in one file apart and survives edits elsewhere in the file. */
  readonly print?: string | undefined;
  /** "12:4": line and column; moves with every edit above it. */
  readonly region?: string | undefined;
}

/** What is kept of one `result` (SARIF 2.1.0 section 3.27) until the whole run is known. */
export interface SarifResult {
  readonly ruleId?: string | undefined;
  readonly ruleIndex?: number | undefined;
  /** Index into `tool.extensions` when the rule is not the driver's. */
  readonly extension?: number | undefined;
  readonly kind: string;
  readonly level?: string | undefined;
  readonly baseline?: string | undefined;
  readonly message: string;
  readonly severity?: number | undefined;
  readonly cwe: readonly string[];
  readonly places: readonly Place[];
}

/**
 * One place per location of a result, because each place can be mended alone, unless the tool
 * gave the result as a whole a fingerprint.
 */
export function distill(result: unknown): SarifResult {
  const print = fingerprintOf(result);
  const places = listAt(result, 'locations').map((location) => placeOf(location, print));
  const first = places[0] ?? { print };
  return {
    ruleId: textAt(result, 'ruleId') ?? textAt(result, 'rule', 'id'),
    ruleIndex: countAt(result, 'ruleIndex') ?? countAt(result, 'rule', 'index'),
    extension: countAt(result, 'rule', 'toolComponent', 'index'),
    kind: textAt(result, 'kind') ?? 'fail',
    level: textAt(result, 'level'),
    baseline: textAt(result, 'baselineState'),
    message: (textAt(result, 'message', 'text') ?? '').slice(0, 500),
    severity: score(valueAt(result, 'properties', 'security-severity')),
    cwe: cweIds(...listOf(valueAt(result, 'properties', 'cwe'))),
    places: print === undefined && places.length > 0 ? distinct(places) : [first],
  };
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** `security-severity` is a CVSS-like score, as text or number, from 0 to 10. */
export function score(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= 10 ? number : undefined;
}

/**
 * `fingerprints` before `partialFingerprints` (sections 3.27.16, 3.27.17). Of several the line hash that CodeQL
 * and GitHub use, else the first by name. A column or a hash of the whole file changes with text elsewhere;
 * "requires login" is what the free Semgrep writes in place of a fingerprint, the same for all results.
 */
function fingerprintOf(result: unknown): string | undefined {
  for (const name of ['fingerprints', 'partialFingerprints']) {
    const prints = valueAt(result, name);
    const keys = typeof prints === 'object' && prints !== null ? Object.keys(prints).sort() : [];
    const lineHash = keys.filter((key) => /^primaryLocationLineHash\b/.test(key));
    const others = keys.filter((key) => !/StartColumn|file.?hash/i.test(key));
    for (const key of [...lineHash, ...others]) {
      const print = textAt(prints, key);
      if (print !== undefined && print !== '' && print !== 'requires login') return print;
    }
  }
  return undefined;
}

/** Without the tool's own fingerprint the code that stands there tells places apart. */
function placeOf(location: unknown, fingerprint: string | undefined): Place {
  const physical = valueAt(location, 'physicalLocation');
  const snippet = textAt(physical, 'region', 'snippet', 'text')?.trim();
  const line = countAt(physical, 'region', 'startLine');
  const column = countAt(physical, 'region', 'startColumn');
  const logical = listAt(location, 'logicalLocations')[0] ?? valueAt(location, 'logicalLocation');
  return {
    uri: textAt(physical, 'artifactLocation', 'uri'),
    artifact: countAt(physical, 'artifactLocation', 'index'),
    logical: textAt(logical, 'fullyQualifiedName') ?? textAt(logical, 'name'),
    print: fingerprint ?? (snippet === undefined || snippet === '' ? undefined : digest(snippet)),
    region: line === undefined ? undefined : column === undefined ? `${line}` : `${line}:${column}`,
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}
