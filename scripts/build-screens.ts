import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runStep, webBuildSteps } from './steps.ts';

const SOURCES = ['packages/web', 'packages/contract/src', 'packages/core/src'].map((path) =>
  join(ROOT, path),
);
const BUILT = join(ROOT, 'packages/web/dist/index.html');

/** Builds the screens when they are missing or older than what they are made of. False when that failed. */
export function buildScreens(): boolean {
  if (existsSync(BUILT) && SOURCES.every((path) => newest(path) <= statSync(BUILT).mtimeMs)) return true;
  return webBuildSteps().every(runStep);
}

function newest(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== 'dist' && name !== 'node_modules');
  return Math.max(0, ...inside.map((name) => newest(join(path, name))));
}
