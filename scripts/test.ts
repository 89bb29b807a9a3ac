/**
 * `npm test [-- PATH…]`: everything, or only the tests whose path contains PATH.
 * The last line is `N passed, N failed`, where each step before the tests counts as one.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FORMAT_AND_LINT, runStep, typeSteps, webBuildSteps } from './steps.ts';
import { installSystemPackages } from './system-packages.ts';
import { type Counts, countTests, describeCounts, type TestReport } from './test-counts.ts';

function runTests(paths: readonly string[]): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-report-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const finished = runStep({ title: 'tests', command: ['vitest', 'run', ...reporters, ...paths] });
    // The shape is vitest's; only counts are read from it.
    const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TestReport) : undefined;
    return countTests(report, finished);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const paths = process.argv.slice(2);
const outcomes = [installSystemPackages()];
if (paths.length === 0) {
  outcomes.push(...[FORMAT_AND_LINT, ...typeSteps(), ...webBuildSteps()].map(runStep));
}
const tests = runTests(paths);
const total: Counts = {
  passed: tests.passed + outcomes.filter((passed) => passed).length,
  failed: tests.failed + outcomes.filter((passed) => !passed).length,
  skipped: tests.skipped,
};
process.stdout.write(`\n${describeCounts(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
