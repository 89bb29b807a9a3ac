import type { Fact, Identifier } from '@backcheck/core';
import { DatedVisits } from '../dated-visits.ts';
import { Explanations } from '../explanation.ts';
import { HeldRows } from '../held-rows.ts';
import { walkJson } from '../json.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import type { Reader } from '../reader.ts';
import { Machine } from './machine.ts';
import { distill, type KubeBenchResult, verdictOf } from './result.ts';

/**
 * kube-bench JSON, with totals, without, or one section alone. What it can prove and why: COVERAGE.md section 1, row
 * "kube-bench". It states no time and, but for some command lines, no machine.
 */
export const kubeBenchReader: Reader = {
  format: 'kube-bench',
  detect: (head) =>
    /^\s*[[{]/.test(head) &&
    /"(test_number|Controls)"\s*:/.test(head) &&
    /"(node_type|total_pass)"\s*:/.test(head),
  async *read(bytes) {
    const run = new KubeBenchRun();
    try {
      const walk = walkJson(bytes, ['Controls.*.tests.*.results', '*.tests.*.results', 'tests.*.results']);
      for (;;) {
        const step = await walk.next();
        if (step.done === true) {
          const { document, truncated, warnings } = step.value;
          yield [...warnings];
          yield* run.facts(document);
          const tool = { name: 'kube-bench', version: null, feed: null };
          return { tool, startedAt: null, finishedAt: null, complete: !truncated && !run.bad, truncated };
        }
        for (const { keys, value, line } of step.value.elements) {
          if (run.result(value, keys)) continue;
          yield [
            { record: 'warning', code: 'BAD_RECORD', message: 'a check without a number was left out', line },
          ];
        }
      }
    } finally {
      run.close();
    }
  },
};

class KubeBenchRun {
  bad = false;
  readonly #held = new HeldRows<KubeBenchResult>();
  readonly #machine = new Machine();
  readonly #visits = new DatedVisits();
  readonly #explanations = new Explanations();
  #answers = false;

  /** False where it is none. `keys` lead to it: those in front of "tests" to its controls. */
  result(value: unknown, keys: readonly (string | number)[]): boolean {
    const result = distill(value, keys.slice(0, -4));
    if (result === null) {
      this.bad = true;
      return false;
    }
    this.#answers ||= result.answered;
    this.#machine.note(value);
    this.#held.add(result);
    return true;
  }

  *facts(document: unknown): Generator<Fact[]> {
    const machine = isOfOneNode(document) ? this.#machine.identifiers : [];
    for (const rows of this.#held.batches())
      yield rows.flatMap((row) => this.#factsOf(row, document, machine));
  }

  close(): void {
    this.#held.close();
  }

  #factsOf(result: KubeBenchResult, document: unknown, machine: readonly Identifier[]): Fact[] {
    const { controls, test, title, remediation } = result;
    const nodeType = textAt(document, ...controls, 'node_type') || 'node';
    const benchmark = textAt(document, ...controls, 'version') || 'unknown';
    const unnamed: Identifier = { kind: 'file', value: `unnamed:kube-bench:${nodeType}` };
    const { id, facts } = this.#visits.at(machine.length > 0 ? machine : [unnamed], null);
    const about = { asset: id, transport: 'none', method: 'local' } as const;
    // Test numbers mean something else in another version of the benchmark.
    const check = `kube-bench:${benchmark}/${test}`;
    const verdict = verdictOf(result, this.#answers);
    if (verdict === 'absent' && machine.length === 0) {
      const claim = { evidence: 'E1', assumptions: ['A-node'], checks: { ids: [check] } } as const;
      return [...facts, { record: 'coverage', ...about, ports: '0', ...claim }];
    }
    // kube-bench grades nothing.
    const severity = 'medium';
    const ids = { cve: [], cwe: [], cvss: [] };
    const words = verdict === 'present' ? this.#explanations.of(check, () => ({ advice: remediation })) : [];
    return [
      ...facts,
      {
        record: 'observation',
        ...about,
        port: 0,
        check,
        locus: '',
        verdict,
        title,
        severity,
        ...ids,
        at: null,
      },
      ...words,
    ];
  }
}

/** A run writes each section once. A file in which one stands twice was put together from several nodes. */
function isOfOneNode(document: unknown): boolean {
  const controls = Array.isArray(document) ? document : listAt(document, 'Controls');
  const sections = controls.map((one) => JSON.stringify([valueAt(one, 'id'), valueAt(one, 'node_type')]));
  return new Set(sections).size === sections.length;
}
