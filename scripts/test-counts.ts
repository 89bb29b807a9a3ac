/** The part of vitest's JSON report that the last line of `npm test` is made of. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * A test file that could not be loaded has no failed test of its own, yet it failed.
 * `finished` is whether vitest ended with success: an error outside any test counts once.
 * No report at all means that the run crashed.
 */
export function countTests(report: TestReport | undefined, finished: boolean): Counts {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !finished ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** `N passed, N failed`, and the skipped ones when there are any. */
export function describeCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
