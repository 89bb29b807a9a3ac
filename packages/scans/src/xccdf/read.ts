import type { Fact, Instant } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { addInstance, measured, observationOf, type RuleResult, startResult } from './rule-result.ts';
import { addIdent, addTitle, isRuleText, type Rule, Rules, wordsOf } from './rules.ts';
import { Target } from './target.ts';

/**
 * XCCDF 1.1 and 1.2 results, alone, in their benchmark or in an ARF 1.1 collection (OpenSCAP, SCC and others). Any
 * prefix. What it can prove and why: COVERAGE.md section 1, row "XCCDF/ARF".
 */
export const xccdfReader: Reader = {
  format: 'xccdf',
  detect: (head) =>
    /^\s*</.test(head) &&
    /<(?:[\w.-]+:)?(?:Benchmark|TestResult|asset-report-collection)\s[^>]*["']http:\/\/(?:checklists\.nist\.gov\/xccdf\/1\.[12]|scap\.nist\.gov\/schema\/asset-reporting-format\/1\.\d)["']/.test(
      head,
    ),
  async *read(bytes) {
    const walker = new XccdfWalker();
    const truncated = yield* walkXml(bytes, walker);
    const rest = walker.end(truncated);
    if (rest.length > 0) yield rest;
    return walker.head(truncated);
  },
};

/** Elements of a TestResult whose text is read. */
const RESULT_TEXTS: ReadonlySet<string> = new Set(['result', 'ident', 'instance', 'old-result']);
const HEADER_TEXTS: ReadonlySet<string> = new Set(['target', 'target-address', 'fact']);

interface TestResult {
  readonly id: string;
  readonly target: Target;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** The end of the test is stated. */
  readonly ended: boolean;
  /** The record of the asset was given out: the header stands in front of the results (section 6.6.2). */
  announced: boolean;
  named: boolean;
}

const BLOCKS: ReadonlySet<string> = new Set(['br', 'p', 'pre', 'div', 'ul', 'ol', 'li', 'tr']);

class XccdfWalker implements XmlWalker {
  #facts: Fact[] = [];
  readonly #rules = new Rules();
  readonly #explanations = new Explanations();
  #parents: string[] = [];
  #rule: Rule | undefined;
  #test: TestResult | undefined;
  #fact: string | undefined;
  #result: RuleResult | undefined;
  #tests = 0;
  #notApplicable = 0;
  #complete = true;
  #version: string | null | undefined;
  #benchmark: string | null | undefined;
  #startedAt: Instant | null = null;
  #finishedAt: Instant | null = null;

  open(name: string, attributes: XmlAttributes): boolean {
    const local = localName(name);
    const parent = this.#parents.at(-1);
    this.#parents.push(local);
    if (this.#result !== undefined) return RESULT_TEXTS.has(local);
    if (this.#test !== undefined) return this.#openInTest(this.#test, local, attributes);
    if (local === 'TestResult') this.#openTest(attributes);
    else if (local === 'Rule') this.#rule = this.#rules.open(attributes['id'] ?? '', attributes['severity']);
    return parent === 'Rule' && (local === 'title' || local === 'ident' || isRuleText(local));
  }

  /** Rules are written in XHTML; `sub` stands for a value that each site sets itself. */
  between(name: string): string {
    const local = localName(name);
    return BLOCKS.has(local) ? '\n' : local === 'sub' ? '…' : '';
  }

  close(name: string, text: string, line: number): void {
    const local = localName(name);
    this.#parents.pop();
    if (this.#result !== undefined) this.#closeInResult(this.#result, local, text, line);
    else if (this.#test !== undefined) this.#closeInTest(this.#test, local, text);
    else if (local === 'Rule') this.#rule = undefined;
    else if (this.#rule !== undefined && this.#parents.at(-1) === 'Rule') {
      if (local === 'title') addTitle(this.#rule, text);
      else if (local === 'ident') addIdent(this.#rule, text);
      else if (isRuleText(local)) this.#rules.addText(this.#rule, local, text);
    }
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  end(truncated: boolean): Fact[] {
    if (this.#tests === 0 && !truncated) {
      throw new UnreadableScan('UNKNOWN_FORMAT', 'the XCCDF file holds rules but no test result', 1);
    }
    if (this.#notApplicable > 0) {
      const message = `${this.#notApplicable} rules do not apply to what was tested: decide whether their findings are not applicable`;
      this.#facts.push({ record: 'warning', code: 'NOT_APPLICABLE', message });
    }
    return this.drain();
  }

  head(truncated: boolean): ScanHead {
    return {
      tool: { name: 'xccdf', version: this.#version ?? null, feed: this.#benchmark ?? null },
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
      complete: this.#complete && !truncated,
      truncated,
    };
  }

  #openTest(attributes: XmlAttributes): void {
    this.#tests += 1;
    const startedAt = zonedInstant(attributes['start-time']);
    const finishedAt = zonedInstant(attributes['end-time']);
    const ended = (attributes['end-time'] ?? '') !== '';
    this.#test = {
      id: `a${this.#tests}`,
      target: new Target(),
      startedAt,
      finishedAt,
      ended,
      announced: false,
      named: false,
    };
    if (!ended) this.#complete = false;
    this.#benchmark = agreed(this.#benchmark, attributes['version']?.trim());
    this.#version = agreed(this.#version, TEST_SYSTEM.exec(attributes['test-system'] ?? '')?.[1]);
    if (startedAt !== null && startedAt < (this.#startedAt ?? '~')) this.#startedAt = startedAt;
    if (finishedAt !== null && finishedAt > (this.#finishedAt ?? '')) this.#finishedAt = finishedAt;
  }

  #openInTest(test: TestResult, local: string, attributes: XmlAttributes): boolean {
    if (local === 'rule-result') {
      this.#announce(test);
      this.#result = startResult(attributes);
    } else if (local === 'identity') test.target.identity(attributes);
    else if (local === 'fact') this.#fact = attributes['name'];
    return HEADER_TEXTS.has(local);
  }

  #closeInTest(test: TestResult, local: string, text: string): void {
    if (local === 'target' || local === 'target-address') test.target.name(text);
    else if (local === 'fact') test.target.fact(this.#fact, text);
    else if (local === 'TestResult') {
      this.#announce(test);
      this.#test = undefined;
    }
  }

  #announce(test: TestResult): void {
    if (test.announced) return;
    test.announced = true;
    const named = test.target.identifiers;
    test.named = named.length > 0;
    this.#facts.push({
      record: 'asset',
      id: test.id,
      identifiers: test.named ? named : [{ kind: 'file', value: 'unnamed:xccdf' }],
      reached: true,
      startedAt: test.startedAt,
      finishedAt: test.finishedAt,
      credential: test.target.credential,
      ...(test.ended ? {} : { reason: 'INCOMPLETE' as const }),
    });
    if (test.named) return;
    const message = 'the target is not named: its results cannot close anything';
    this.#facts.push({ record: 'warning', code: 'NO_TARGET', message });
  }

  #closeInResult(result: RuleResult, local: string, text: string, line: number): void {
    // What a check printed may hold elements of any name.
    if (local === 'result' && this.#parents.at(-1) === 'rule-result') result.result = text.trim();
    else if (local === 'old-result') result.overridden ||= text.trim();
    else if (local === 'ident') addIdent(result, text);
    else if (local === 'instance') addInstance(result, text);
    else if (local === 'rule-result') this.#closeResult(result, line);
  }

  #closeResult(result: RuleResult, line: number): void {
    this.#result = undefined;
    const test = this.#test;
    if (test === undefined) return;
    if (result.rule === '') {
      this.#complete = false;
      const message = 'a rule-result without a rule was left out';
      this.#facts.push({ record: 'warning', code: 'BAD_RECORD', message, line });
      return;
    }
    if (measured(result) === 'notapplicable') this.#notApplicable += 1;
    const rule = this.#rules.of(result.rule);
    const observation = observationOf(result, test.id, rule);
    if (observation === null) return;
    const older = result.at !== null && test.startedAt !== null && result.at < test.startedAt;
    if (observation.verdict === 'absent' && (older || !test.named || !test.ended)) return;
    this.#facts.push(observation);
    if (rule === undefined || observation.verdict !== 'present') return;
    this.#facts.push(...this.#explanations.of(observation.check, () => wordsOf(rule)));
  }
}

/** The version in "cpe:/a:redhat:openscap:1.3.9" or "cpe:2.3:a:redhat:openscap:1.3.9:*". */
const TEST_SYSTEM = /^cpe:(?:\/a|2\.3:a):[^:]*:[^:]*:([\w.-]+)/;

/** What all tests of the file state; null where they differ, so that the older does not pass for the newer. */
function agreed(known: string | null | undefined, stated: string | undefined): string | null {
  const value = stated || null;
  return known === undefined || known === value ? value : null;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
