import type { Severity } from '@backcheck/core';
import { countAt, listAt, textAt, valueAt } from '../json-value.ts';
import { lookUp } from '../look-up.ts';
import { severityOfScore } from '../severity.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';
import { listOf, type SarifResult, score } from './result.ts';

/** What a rule adds to its results (SARIF 2.1.0 section 3.49). */
export interface Rule {
  readonly id: string;
  readonly title: string | undefined;
  readonly level: string | undefined;
  /** Off unless the run says otherwise (section 3.50.2). */
  readonly off: boolean;
  readonly severity: number | undefined;
  readonly cve: readonly string[];
  readonly cwe: readonly string[];
  readonly words: { readonly description: string; readonly advice: string };
}

/** The rules of one run's tool and of its extensions. */
export class Rules {
  readonly #driver: readonly Rule[];
  readonly #extensions: readonly (readonly Rule[])[];
  readonly #byId = new Map<string, Rule>();

  constructor(tool: unknown) {
    this.#driver = listAt(tool, 'driver', 'rules').map(ruleOf);
    this.#extensions = listAt(tool, 'extensions').map((extension) => listAt(extension, 'rules').map(ruleOf));
    for (const rule of [...this.#driver, ...this.#extensions.flat()]) {
      if (rule.id !== '' && !this.#byId.has(rule.id)) this.#byId.set(rule.id, rule);
    }
  }

  /** Rules that may have run, each once, in the order of the file. */
  ids(invocations: readonly unknown[]): string[] {
    const overrides = invocations.flatMap((one) => listAt(one, 'ruleConfigurationOverrides'));
    const off = overrides.filter((one) => valueAt(one, 'configuration', 'enabled') === false);
    const switchedOff = new Set(off.map((one) => this.of(referenceOf(valueAt(one, 'descriptor')))));
    return [...this.#byId.values()].filter((rule) => !rule.off && !switchedOff.has(rule)).map(({ id }) => id);
  }

  /** "CA1000/1" is a part of rule "CA1000" (section 3.27.5). */
  of({ ruleId, ruleIndex, extension }: RuleReference): Rule | undefined {
    const list = extension === undefined ? this.#driver : (this.#extensions[extension] ?? []);
    const byIndex = ruleIndex === undefined ? undefined : list[ruleIndex];
    if (ruleId === undefined) return byIndex;
    const byId =
      this.#byId.get(ruleId) ?? this.#byId.get(ruleId.slice(0, Math.max(0, ruleId.lastIndexOf('/'))));
    return byIndex !== undefined && (byIndex.id === ruleId || byId === undefined) ? byIndex : byId;
  }
}

type RuleReference = Pick<SarifResult, 'ruleId' | 'ruleIndex' | 'extension'>;

/** A reportingDescriptorReference (section 3.52). */
function referenceOf(descriptor: unknown): RuleReference {
  return {
    ruleId: textAt(descriptor, 'id'),
    ruleIndex: countAt(descriptor, 'index'),
    extension: countAt(descriptor, 'toolComponent', 'index'),
  };
}

function ruleOf(rule: unknown): Rule {
  const id = textAt(rule, 'id') ?? '';
  const tags = listAt(rule, 'properties', 'tags');
  const targets = listAt(rule, 'relationships').map(relatedWeakness);
  return {
    id,
    title:
      textAt(rule, 'shortDescription', 'text') ??
      textAt(rule, 'fullDescription', 'text') ??
      textAt(rule, 'name'),
    level: textAt(rule, 'defaultConfiguration', 'level'),
    off: valueAt(rule, 'defaultConfiguration', 'enabled') === false,
    severity: score(valueAt(rule, 'properties', 'security-severity')),
    words: wordsOf(rule),
    cve: cveIds(id, ...tags),
    // A bare number is a CWE in the property of that name only.
    cwe: cweIds(...[...tags, ...targets].filter(isWord), ...listOf(valueAt(rule, 'properties', 'cwe'))),
  };
}

/** Trivy and Grype put the facts of one package into the help of a rule. */
const OF_ONE_PACKAGE = /^(?:Package|Fixed Version|Fix Version): /m;
/** A section of a help text in Markdown, up to the next one; CodeQL has it in nearly each. */
const RECOMMENDATION = /^#+ *(?:recommendations?|remediation|how to fix)\b.*\n([\s\S]*?)(?=^#|$(?![\s\S]))/im;

/** `help` is all the documentation of the rule (section 3.49.12): where it begins as the description, it is that. */
function wordsOf(rule: unknown): Rule['words'] {
  const [full, short, help] = ['fullDescription', 'shortDescription', 'help'].map(
    (key) => textAt(rule, key, 'text')?.trim() ?? '',
  );
  const description = full || short || '';
  if (help === undefined || OF_ONE_PACKAGE.test(help)) return { description, advice: '' };
  const recommended = RECOMMENDATION.exec(help)?.[1]?.trim();
  if (recommended) return { description, advice: recommended };
  return help.startsWith(description) ? { description: help, advice: '' } : { description, advice: help };
}

const isWord = (one: unknown): boolean => typeof one === 'string' && !/^\s*\d*\s*$/.test(one);

/** A relationship into the taxonomy "CWE" names its target "CWE-79" or just "79". */
function relatedWeakness(relationship: unknown): string {
  const taxonomy = textAt(relationship, 'target', 'toolComponent', 'name') ?? '';
  const id = textAt(relationship, 'target', 'id') ?? '';
  return /^cwe$/i.test(taxonomy) && /^\d+$/.test(id) ? `CWE-${id}` : id;
}

const BY_LEVEL: Readonly<Record<string, Severity>> = {
  error: 'high',
  warning: 'medium',
  note: 'low',
  none: 'info',
};

/**
 * The score `security-severity` wins over the level, in the bands that GitHub documents for it.
 * A level that is not given is the rule's, else "warning" (section 3.27.10).
 */
export function severityOf(result: SarifResult, rule: Rule | undefined): Severity {
  const points = result.severity ?? rule?.severity;
  if (result.kind === 'informational') return 'info';
  if (points === undefined) return lookUp(BY_LEVEL, result.level ?? rule?.level ?? 'warning') ?? 'medium';
  return severityOfScore(points);
}
