import type {
  AssetRecord,
  CoverageRecord,
  Fact,
  Identifier,
  Instant,
  ObservationRecord,
  Verdict,
} from '@backcheck/core';
import { countAt, listAt, textAt, valueAt } from '../json-value.ts';
import type { Place, SarifResult } from './result.ts';
import { Rules, severityOf } from './rules.ts';

/** Tools whose `rules` are known to list every rule that was evaluated, whether or not it found something. */
const LISTS_ALL_RULES: ReadonlySet<string> = new Set(['codeql']);

/** "CodeQL" -> "codeql", "Semgrep OSS" -> "semgrep-oss": the prefix of the tool's checks. */
export function toolPrefix(name: string | undefined): string {
  const plain = (name ?? '').toLowerCase().replace(/[^a-z0-9._-]+/g, '-');
  return plain.replace(/^-+|-+$/g, '').slice(0, 60) || 'unnamed-tool';
}

/**
 * One run of a SARIF file (section 3.14), its results and artifacts apart. Silence is judged by COVERAGE.md
 * section 1, row "SARIF 2.1.0".
 */
export class SarifRun {
  readonly tool: string;
  readonly version: string | null;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly complete: boolean;
  readonly #asset: string;
  readonly #run: unknown;
  readonly #rules: Rules;
  readonly #artifacts: readonly string[];
  readonly #roots: readonly string[];
  readonly #notifications: readonly unknown[];

  constructor(asset: string, run: unknown, artifacts: readonly string[]) {
    this.#asset = asset;
    this.#run = run;
    const driver = valueAt(run, 'tool', 'driver');
    this.tool = toolPrefix(textAt(driver, 'name'));
    this.version = textAt(driver, 'semanticVersion') ?? textAt(driver, 'version') ?? null;
    this.#rules = new Rules(valueAt(run, 'tool'));
    this.#roots = rootsOf(run);
    this.#artifacts = artifacts;
    const invocations = listAt(run, 'invocations');
    this.#notifications = invocations.flatMap((one) => [
      ...listAt(one, 'toolExecutionNotifications'),
      ...listAt(one, 'toolConfigurationNotifications'),
    ]);
    this.startedAt = inOrder(invocations.map((one) => instant(textAt(one, 'startTimeUtc'))))[0] ?? null;
    this.finishedAt = inOrder(invocations.map((one) => instant(textAt(one, 'endTimeUtc')))).at(-1) ?? null;
    this.complete = this.#isComplete(invocations);
  }

  facts(): Fact[] {
    const asset: AssetRecord = {
      record: 'asset',
      id: this.#asset,
      identifiers: this.#identifiers(),
      reached: Array.isArray(valueAt(this.#run, 'results')),
      startedAt: this.startedAt,
      finishedAt: this.finishedAt,
      credential: 'none',
      ...(this.complete ? {} : { reason: 'INCOMPLETE' as const }),
    };
    return [asset, ...(this.complete ? this.#coverage() : [])];
  }

  observations(result: SarifResult): ObservationRecord[] {
    const verdict = this.#verdictOf(result);
    if (verdict === null) return [];
    const rule = this.#rules.of(result);
    const id = result.ruleId ?? rule?.id ?? '';
    const places = result.places.length === 0 ? [{}] : result.places;
    return places.map((place) => ({
      record: 'observation',
      asset: this.#asset,
      transport: 'none',
      port: 0,
      check: `${this.tool}:${id === '' ? 'no-rule' : id}`,
      locus: this.#locusOf(place),
      verdict,
      title: rule?.title ?? result.message,
      severity: severityOf(result, rule),
      cve: rule?.cve ?? [],
      cwe: [...new Set([...(rule?.cwe ?? []), ...result.cwe])],
      cvss: [],
      at: this.finishedAt,
      method: 'local',
    }));
  }

  /**
   * Section 3.27.9. `open`, `review` and `notApplicable` say that the tool came to no verdict: that is an error here,
   * because it must not pass for silence. `baselineState: absent` counts when the baseline is named (section 3.27.24).
   */
  #verdictOf({ kind, baseline }: SarifResult): Verdict | null {
    if (baseline === 'absent') return textAt(this.#run, 'baselineGuid') === undefined ? null : 'absent';
    if (kind === 'pass') return 'absent';
    return kind === 'fail' || kind === 'informational' ? 'present' : 'error';
  }

  /**
   * `file#fingerprint`, else `file#hash of the snippet`, else `file#line:column`. A line number moves when the text
   * above it changes, so for tools whose silence can close the finding is then the rule in the whole file.
   */
  #locusOf(place: Place): string {
    const file = this.#fileOf(place.uri ?? this.#artifacts[place.artifact ?? -1]);
    const where = file === '' ? (place.logical ?? '') : file;
    if (place.print !== undefined) return `${where}#${place.print}`;
    if (place.region === undefined || LISTS_ALL_RULES.has(this.tool)) return where;
    return `${where}#${place.region}`;
  }

  #fileOf(uri: string | undefined): string {
    if (uri === undefined) return '';
    const root = this.#roots.find((one) => uri.startsWith(one));
    // "#" ends the place in a locus; in a URI path it could only stand as a stray sign.
    return (root === undefined ? uri : uri.slice(root.length))
      .replace(/^(\.?\/)+/, '')
      .replaceAll('#', '%23');
  }

  /**
   * Null or absent results mean that the tool did not begin (section 3.14.23); a failed invocation or an error
   * notification, that it did not end; results in another file, that this one is a part.
   */
  #isComplete(invocations: readonly unknown[]): boolean {
    if (!Array.isArray(valueAt(this.#run, 'results'))) return false;
    if (listAt(this.#run, 'externalPropertyFileReferences', 'results').length > 0) return false;
    if (invocations.some((one) => valueAt(one, 'executionSuccessful') !== true)) return false;
    return this.#notifications.every((one) => textAt(one, 'level') !== 'error');
  }

  #coverage(): CoverageRecord[] {
    const ids = this.#rules.ids.map((id) => `${this.tool}:${id}`);
    if (ids.length === 0) return [];
    const base = {
      record: 'coverage',
      asset: this.#asset,
      transport: 'none',
      ports: '0',
      checks: { ids },
      method: 'local',
    } as const;
    const warnings = this.#notifications.filter((one) => (textAt(one, 'level') ?? 'warning') === 'warning');
    const unread = warnings.map((one) => this.#filesOf(one));
    const records: CoverageRecord[] = [];
    const within = [...new Set(unread.flat())];
    if (within.length > 0) {
      records.push({ ...base, evidence: 'E0', assumptions: [], within, reason: 'INCOMPLETE' });
    }
    const assumptions = this.#assumptions();
    const files = [...new Set(this.#artifacts.map((uri) => this.#fileOf(uri)).filter((file) => file !== ''))];
    const placeless = unread.some((names) => names.length === 0);
    if (assumptions.length === 0 && files.length > 0 && !placeless) {
      records.push({ ...base, evidence: 'E2', assumptions: [], within: files });
    }
    // A list of artifacts may hold "any subset" of the files that were examined (section 3.14.15).
    records.push({ ...base, evidence: 'E1', assumptions: [...assumptions, 'A-files'] });
    return records;
  }

  #assumptions(): string[] {
    return [
      ...(LISTS_ALL_RULES.has(this.tool) ? [] : ['A-rules']),
      ...(this.#revision === undefined ? ['A-revision'] : []),
    ];
  }

  get #revision(): string | undefined {
    return textAt(this.#run, 'versionControlProvenance', 0, 'revisionId');
  }

  #filesOf(notification: unknown): string[] {
    const locations = listAt(notification, 'locations').map((one) =>
      valueAt(one, 'physicalLocation', 'artifactLocation'),
    );
    const uris = locations.map((one) => textAt(one, 'uri') ?? this.#artifacts[countAt(one, 'index') ?? -1]);
    return uris.map((uri) => this.#fileOf(uri)).filter((file) => file !== '');
  }

  /**
   * The repository and its branch, because the clean state of one branch says nothing about another. Without
   * provenance the category of the run (section 3.17.3: `id` up to its last "/"), which only tells runs of one
   * tool apart; without that an asset that stands for "whatever this tool was run on".
   */
  #identifiers(): Identifier[] {
    const source = valueAt(this.#run, 'versionControlProvenance', 0);
    const uri = repositoryOf(textAt(source, 'repositoryUri'));
    if (uri !== undefined) {
      const branch = textAt(source, 'branch')?.replace(/^refs\/heads\//, '');
      const whole = { kind: 'repository', value: uri } as const;
      return branch === undefined || branch === ''
        ? [whole]
        : [{ kind: 'repository', value: `${uri}@${branch}` }, whole];
    }
    const id = textAt(this.#run, 'automationDetails', 'id');
    const category = id?.slice(0, id.lastIndexOf('/') + 1).replace(/\/+$/, '');
    const name =
      category === undefined || category === ''
        ? `unnamed:${this.tool}`
        : `category:${this.tool}:${category}`;
    return [{ kind: 'repository', value: name }];
  }
}

/** Without a trailing ".git" or "/", and without a password that a build left in the address. */
function repositoryOf(uri: string | undefined): string | undefined {
  if (uri === undefined || uri.trim() === '') return undefined;
  return uri
    .trim()
    .replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}

/** Absolute folders in front of file names, which differ from one build machine to the next. */
function rootsOf(run: unknown): string[] {
  const bases = valueAt(run, 'originalUriBaseIds');
  const named = typeof bases === 'object' && bases !== null ? Object.values(bases) : [];
  const folders = listAt(run, 'invocations').map((one) => valueAt(one, 'workingDirectory'));
  const uris = [...named, ...folders].map((one) => textAt(one, 'uri') ?? '');
  return uris.filter((uri) => /^file:\/\/\/./.test(uri)).sort((a, b) => b.length - a.length);
}

/** SARIF dates are UTC and end in "Z" (section 3.9); anything else has no place in time. */
function instant(text: string | undefined): Instant | null {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(text)) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Empty when any is missing: an invocation without a start may have begun before all others. */
function inOrder(times: readonly (Instant | null)[]): Instant[] {
  const known = times.filter((time) => time !== null);
  return known.length < times.length ? [] : known.sort();
}
