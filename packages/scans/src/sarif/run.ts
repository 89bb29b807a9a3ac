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
import { repositoryIdentifiers } from '../repository-line.ts';
import { zonedInstant } from '../zoned-instant.ts';
import type { Place, SarifResult } from './result.ts';
import { type Rule, Rules, severityOf } from './rules.ts';

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
  readonly #invocations: readonly unknown[];
  readonly #notifications: readonly unknown[];
  /** The files that each warning names: what could not be analysed. */
  readonly #unread: readonly (readonly string[])[];
  readonly #identifiers: readonly Identifier[];
  /** The repository and its branch are both named. */
  readonly #located: boolean;

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
    this.#invocations = invocations;
    this.#notifications = invocations.flatMap((one) => [
      ...listAt(one, 'toolExecutionNotifications'),
      ...listAt(one, 'toolConfigurationNotifications'),
    ]);
    this.startedAt = inOrder(invocations.map((one) => zonedInstant(textAt(one, 'startTimeUtc'))))[0] ?? null;
    this.finishedAt =
      inOrder(invocations.map((one) => zonedInstant(textAt(one, 'endTimeUtc')))).at(-1) ?? null;
    this.complete = this.#isComplete();
    const warnings = this.#notifications.filter((one) => (textAt(one, 'level') ?? 'warning') === 'warning');
    this.#unread = warnings.map((one) => this.#filesOf(one));
    this.#identifiers = identifiersOf(run, this.tool);
    this.#located = this.#identifiers.length > 1;
  }

  facts(): Fact[] {
    const asset: AssetRecord = {
      record: 'asset',
      id: this.#asset,
      identifiers: this.#identifiers,
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

  /** What the rule of the result says of itself. */
  wordsOf(result: SarifResult): Partial<Rule['words']> {
    return this.#rules.of(result)?.words ?? {};
  }

  /**
   * Section 3.27.9. `open`, `review` and `notApplicable` say that the tool came to no verdict: that is an error here,
   * because it must not pass for silence. `baselineState: absent` counts when the baseline is named (section 3.27.24)
   * and nothing was left out: it is the silence of this run, compared.
   */
  #verdictOf({ kind, baseline }: SarifResult): Verdict | null {
    if (baseline === 'absent') {
      const compared = textAt(this.#run, 'baselineGuid') !== undefined;
      const whole = this.complete && this.#unread.every((names) => names.length > 0);
      return compared && whole ? 'absent' : null;
    }
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
  #isComplete(): boolean {
    if (!Array.isArray(valueAt(this.#run, 'results'))) return false;
    if (!Array.isArray(valueAt(this.#run, 'invocations') ?? [])) return false;
    if (listAt(this.#run, 'externalPropertyFileReferences', 'results').length > 0) return false;
    if (this.#invocations.some((one) => valueAt(one, 'executionSuccessful') !== true)) return false;
    return this.#notifications.every((one) => textAt(one, 'level') !== 'error');
  }

  #coverage(): CoverageRecord[] {
    const ids = this.#rules.ids(this.#invocations).map((id) => `${this.tool}:${id}`);
    if (ids.length === 0) return [];
    const base = {
      record: 'coverage',
      asset: this.#asset,
      transport: 'none',
      ports: '0',
      checks: { ids },
      method: 'local',
    } as const;
    const records: CoverageRecord[] = [];
    const within = [...new Set(this.#unread.flat())];
    if (within.length > 0) {
      records.push({ ...base, evidence: 'E0', assumptions: [], within, reason: 'INCOMPLETE' });
    }
    const assumptions = this.#assumptions();
    const files = [...new Set(this.#artifacts.map((uri) => this.#fileOf(uri)).filter((file) => file !== ''))];
    const placeless = this.#unread.some((names) => names.length === 0);
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
      ...(this.#located && this.#revision !== undefined ? [] : ['A-revision']),
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
}

/**
 * The repository and its branch, because the clean state of one branch says nothing about another. Without
 * provenance the category of the run (section 3.17.3: `id` up to its last "/"), which only tells runs of one
 * tool apart; without that an asset that stands for "whatever this tool was run on".
 */
function identifiersOf(run: unknown, tool: string): Identifier[] {
  const source = valueAt(run, 'versionControlProvenance', 0);
  const uri = textAt(source, 'repositoryUri') ?? '';
  if (uri.trim() !== '') return repositoryIdentifiers(uri, textAt(source, 'branch'));
  const id = textAt(run, 'automationDetails', 'id');
  const category = id?.slice(0, id.lastIndexOf('/') + 1).replace(/\/+$/, '');
  const name = category === undefined || category === '' ? `unnamed:${tool}` : `category:${tool}:${category}`;
  return [{ kind: 'repository', value: name }];
}

/** Absolute folders in front of file names, which differ from one build machine to the next. */
function rootsOf(run: unknown): string[] {
  const bases = valueAt(run, 'originalUriBaseIds');
  const named = typeof bases === 'object' && bases !== null ? Object.values(bases) : [];
  const folders = listAt(run, 'invocations').map((one) => valueAt(one, 'workingDirectory'));
  const uris = [...named, ...folders].map((one) => textAt(one, 'uri') ?? '');
  return uris.filter((uri) => /^file:\/\/\/./.test(uri)).sort((a, b) => b.length - a.length);
}

/** Empty when any is missing: an invocation without a start may have begun before all others. */
function inOrder(times: readonly (Instant | null)[]): Instant[] {
  const known = times.filter((time) => time !== null);
  return known.length < times.length ? [] : known.sort();
}
