import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

export interface Step {
  readonly title: string;
  readonly command: readonly [string, ...string[]];
}

/** Runs a step with its output shown. A step that cannot start, or that a signal ends, has failed. */
export function runStep({ title, command: [program, ...args] }: Step): boolean {
  process.stdout.write(`\n── ${title}: ${[program, ...args].join(' ')}\n`);
  const started = performance.now();
  const result = spawnSync(program, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.error) process.stdout.write(`${program} could not run: ${result.error.message}\n`);
  const passed = result.status === 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`── ${title}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s\n`);
  return passed;
}

export const FORMAT_AND_LINT: Step = { title: 'format and lint', command: ['biome', 'ci', '.'] };

/** The web package has browser types and so its own project. */
export function typeSteps(): Step[] {
  const steps: Step[] = [{ title: 'types', command: ['tsc', '-p', 'tsconfig.json'] }];
  if (existsSync(join(ROOT, 'packages/web/tsconfig.json'))) {
    steps.push({ title: 'types of the screens', command: ['tsc', '-p', 'packages/web/tsconfig.json'] });
  }
  return steps;
}

export function webBuildSteps(): Step[] {
  if (!existsSync(join(ROOT, 'packages/web/index.html'))) return [];
  return [{ title: 'build of the screens', command: ['vite', 'build', 'packages/web'] }];
}
