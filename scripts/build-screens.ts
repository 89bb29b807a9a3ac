import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runStep, webBuildSteps } from './steps.ts';

const SOURCES = ['packages/web', 'packages/contract/src', 'packages/core/src'].map((path) =>
  join(ROOT, path),
);
/** The screens, and the page that strangers verify certificates with. */
const BUILT = ['index.html', 'verify/page.html'].map((path) => join(ROOT, 'packages/web/dist', path));

/** Whether they are there and as young as what they are made of. */
export function areScreensBuilt(): boolean {
  if (!BUILT.every(existsSync)) return false;
  const oldest = Math.min(...BUILT.map((path) => statSync(path).mtimeMs));
  return SOURCES.every((path) => newest(path) <= oldest);
}

/** Builds the screens when they are missing or older than what they are made of. False when that failed. */
export const buildScreens = (): boolean => areScreensBuilt() || webBuildSteps().every(runStep);

function newest(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== 'dist' && name !== 'node_modules');
  return Math.max(0, ...inside.map((name) => newest(join(path, name))));
}
