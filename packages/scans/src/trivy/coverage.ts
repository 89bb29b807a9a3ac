import type { CoverageRecord } from '@backcheck/core';
import { lookUp } from '../look-up.ts';
import { type PackageName, packageLocus } from '../package-locus.ts';
import { isSupportedOs, packageName } from './package-name.ts';
import type { TrivyRecord } from './record.ts';

/** One entry of `Results`: a lockfile, the packages of an operating system, a configuration file. */
export interface TrivyResult {
  readonly asset: string;
  /** "os-pkgs", "lang-pkgs", "config", "secret" …; '' in reports of schema 1. */
  readonly class: string;
  readonly type: string;
  readonly target: string;
  readonly listsPackages: boolean;
}

/** What the silence of a report about one asset rests on, whatever the result. */
export interface Ground {
  readonly asset: string;
  /** What the silence of all of its results rests on. */
  readonly assumptions: readonly string[];
  /** No advisories are published for the operating system any more. */
  readonly endOfLife: boolean;
  /** At least one vulnerability stands in the report, so they were scanned for. */
  readonly scanned: boolean;
}

export const isOs = (result: TrivyResult): boolean =>
  result.class === 'os-pkgs' || (result.class === '' && isSupportedOs(result.type));

const GROUPS: Readonly<Record<string, string>> = {
  config: 'config',
  secret: 'secret',
  license: 'license',
  'license-file': 'license',
};

/**
 * For packages the target; of an operating system its family, because the target has the release and the name of
 * the image. Other records stand under "config:", "secret:" and "license:" in front of the target: a package list
 * says nothing about a secret in the same file. "#" ends the place in a locus.
 */
function placeOf(result: TrivyResult, group = lookUp(GROUPS, result.class)): string {
  const name = (group === undefined && isOs(result) ? result.type : result.target).replaceAll('#', '%23');
  return group === undefined ? name : `${group}:${name}`;
}

export function locusOf(result: TrivyResult, record: TrivyRecord): string {
  if (record.package !== undefined) {
    const name: PackageName = packageName(result.type, isOs(result), record.package);
    return packageLocus(placeOf(result), name);
  }
  const place = placeOf(result, record.group);
  return record.detail ? `${place}#${record.detail}` : place;
}

/** A record about the silence of the whole asset; the rest is for the caller to narrow. */
export function silenceOf(asset: string) {
  return { record: 'coverage', asset, transport: 'none', ports: '0', method: 'local' } as const;
}

/**
 * COVERAGE.md section 1, row "Trivy JSON", and 5.12. A package list shows what was looked at; that a package is no
 * longer complained about may still be the work of a filter (--severity, --ignore-unfixed, an ignore file, VEX) or, in
 * a report without one vulnerability, of --scanners: Trivy lists packages then too. No field tells of either, so
 * silence is assumed, and a registered profile of the scan rules A-filter and A-scanners out.
 */
export function coverageOf(results: readonly TrivyResult[], ground: Ground): CoverageRecord[] {
  const records = new Map<string, Pick<CoverageRecord, 'assumptions'> & { within: Set<string> }>();
  for (const result of results) {
    const assumptions = assumptionsOf(result, ground);
    const key = assumptions.join(' ');
    const record = records.get(key) ?? { assumptions, within: new Set<string>() };
    records.set(key, record);
    record.within.add(placeOf(result));
  }
  return [...records.values()].map(({ within, ...record }) => ({
    ...silenceOf(ground.asset),
    ...record,
    evidence: 'E1',
    checks: { all: true },
    within: [...within],
  }));
}

function assumptionsOf(result: TrivyResult, { assumptions, endOfLife, scanned }: Ground): string[] {
  const silent = scanned ? [] : ['A-scanners'];
  if (lookUp(GROUPS, result.class) !== undefined) return [...assumptions, 'A-filter', 'A-rules'];
  const unlisted = result.listsPackages ? [] : ['A-db'];
  const doubtful = isOs(result) && (endOfLife || !isSupportedOs(result.type)) ? ['A-os'] : [];
  return [...assumptions, ...unlisted, ...doubtful, 'A-filter', ...silent];
}
