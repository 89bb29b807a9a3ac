import type { Verdict } from '@backcheck/core';
import { textAt } from '../json-value.ts';

/** What is kept of one check of kube-bench until all of the file is known. */
export interface KubeBenchResult {
  /** The keys from the root to the controls that the check belongs to. */
  readonly controls: readonly (string | number)[];
  readonly test: string;
  readonly title: string;
  readonly status: string;
  /** The audit command printed something. */
  readonly answered: boolean;
  /** The audit command itself failed. */
  readonly failed: boolean;
  /** What the benchmark says to do; only of a FAIL. */
  readonly remediation: string;
}

/** Null where the test has no number. */
export function distill(result: unknown, controls: KubeBenchResult['controls']): KubeBenchResult | null {
  const test = textAt(result, 'test_number')?.trim() ?? '';
  if (test === '') return null;
  const status = textAt(result, 'status') ?? '';
  return {
    controls,
    test,
    title: (textAt(result, 'test_desc') ?? '').slice(0, 500),
    status,
    answered: (textAt(result, 'actual_value') ?? '').trim() !== '',
    failed: (textAt(result, 'reason') ?? '').startsWith('failed to run'),
    remediation: status === 'FAIL' ? (textAt(result, 'remediation') ?? '').slice(0, 5000) : '',
  };
}

/**
 * WARN asks for a look by hand, INFO was skipped. FAIL or PASS without an answer is "could not read": a file that this
 * distribution does not have or that the tool's container was not given, a process that does not run here. Unless no
 * command of the file has an answer (`answers` is false), which early versions wrote so.
 */
export function verdictOf({ status, answered, failed }: KubeBenchResult, answers: boolean): Verdict {
  if (failed || (answers && !answered)) return 'error';
  if (status === 'PASS') return 'absent';
  return status === 'FAIL' ? 'present' : 'error';
}
