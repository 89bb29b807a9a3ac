/** Format, lint, types and architecture: what can be known without a database. */
import { FORMAT_AND_LINT, runStep, typeSteps } from './steps.ts';

const architecture = {
  title: 'architecture',
  command: ['vitest', 'run', 'tests/architecture.test.ts'],
} as const;

const outcomes = [FORMAT_AND_LINT, ...typeSteps(), architecture].map(runStep);
const failed = outcomes.filter((passed) => !passed).length;
process.stdout.write(`${outcomes.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
