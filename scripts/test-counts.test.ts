import { expect, it } from 'vitest';
import { countTests, describeCounts, type TestReport } from './test-counts.ts';

const report: TestReport = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 0,
  testResults: [
    { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
  ],
};

it('the last line counts what passed, failed and was skipped', () => {
  expect(describeCounts(countTests(report, false))).toBe('5 passed, 1 failed, 2 skipped');
  expect(describeCounts({ passed: 7, failed: 0, skipped: 0 })).toBe('7 passed, 0 failed');
});

it('a test file that cannot be loaded counts as failed', () => {
  const testResults = [...report.testResults, { status: 'failed', assertionResults: [] }];
  expect(countTests({ ...report, testResults }, false).failed).toBe(2);
});

it('an error outside every test counts as failed, and so does a run without a report', () => {
  expect(countTests({ ...report, numFailedTests: 0, testResults: [] }, false).failed).toBe(1);
  expect(countTests({ ...report, numFailedTests: 0, testResults: [] }, true).failed).toBe(0);
  expect(countTests(undefined, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
