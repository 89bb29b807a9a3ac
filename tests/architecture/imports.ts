import { posix } from 'node:path';
import { at, isTest, readText, type SourceFile } from './source-file.ts';

/** Who may import whom: what is before it in the walk, never what is after. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  scans: ['core'],
  contract: ['core'],
  db: ['core'],
  engines: ['core', 'scans'],
  server: ['core', 'scans', 'contract', 'db', 'engines'],
  web: ['core', 'contract'],
  cli: ['core', 'scans', 'contract', 'db', 'engines', 'server'],
};

/** These also run in a browser or must be provable alone. */
const WITHOUT_NODE = ['core', 'contract', 'web'];

/** The features of the server in the order of the walk. A new feature gets its place here. */
const WALK = [
  'platform',
  'organizations',
  'registers',
  'campaigns',
  'imports',
  'assets',
  'ownership',
  'defectdojo',
  'findings',
  'feeds',
  'deadlines',
  'evidence',
  'notices',
  'deliveries',
  'replies',
  'authorizations',
  'retests',
  'runners',
  'look-backs',
  'certificates',
  'fixes',
  'work',
  'advisories',
  'incidents',
  'drills',
  'reports',
];

/** A file of the server that belongs to no feature plugs them together; features may read only these. */
const OPEN_TO_FEATURES = ['config'];

/** Tests set up whatever they need, so only the code that ships is held to the table. */
export function importBreaches(file: SourceFile): string[] {
  const [, name = ''] = /^packages\/([^/]+)\/src\//.exec(file.path) ?? [];
  if (name === '' || isTest(file.path)) return [];
  return file.imports.flatMap(({ from, start }) => {
    const problem = from.startsWith('.') ? relativeProblem(file.path, from) : outsideProblem(name, from);
    return problem === undefined ? [] : [at(file, start, problem)];
  });
}

function outsideProblem(name: string, from: string): string | undefined {
  if (from.startsWith('node:')) {
    return WITHOUT_NODE.includes(name) ? `${name} may not use ${from}` : undefined;
  }
  const [, scope, sibling = ''] = /^(@backcheck)\/(.+)$/.exec(from) ?? [];
  if (scope === undefined) {
    return declared(name).has(packageOf(from))
      ? undefined
      : `${from} is not named in packages/${name}/package.json`;
  }
  if (sibling === name) return `${name} imports itself by name: use a relative path`;
  return MAY_IMPORT[name]?.includes(sibling) ? undefined : `${name} may not import ${from}`;
}

function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

function declared(name: string): Set<string> {
  const manifest = JSON.parse(readText(`packages/${name}/package.json`));
  return new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));
}

function relativeProblem(path: string, from: string): string | undefined {
  const target = posix.join(posix.dirname(path), from);
  const home = path.split('/').slice(0, 3).join('/');
  if (!target.startsWith(`${home}/`)) return `leaves its package: ${from}`;
  if (isTest(target)) return `code that ships imports a test: ${from}`;
  return home === 'packages/server/src' ? walkProblem(path, target) : undefined;
}

function walkProblem(path: string, target: string): string | undefined {
  const [mine, theirs] = [featureOf(path), featureOf(target)];
  if (mine === undefined || mine === theirs) return undefined;
  const place = WALK.indexOf(mine);
  if (place < 0) return `the feature ${mine} has no place in the walk (tests/architecture/imports.ts)`;
  if (theirs === undefined) {
    const name = posix.basename(target, '.ts');
    return OPEN_TO_FEATURES.includes(name)
      ? undefined
      : `a feature may not import ${name}, which plugs them together`;
  }
  return WALK.indexOf(theirs) < place ? undefined : `${mine} may not import ${theirs}, which comes after it`;
}

/** Undefined for a file directly in packages/server/src. */
function featureOf(path: string): string | undefined {
  const parts = path.split('/').slice(3);
  return parts.length > 1 ? parts[0] : undefined;
}

/** One way into each package, and none inside. */
export function indexBreaches(paths: readonly string[]): string[] {
  const isIndex = (path: string) => /(^|\/)index\.tsx?$/.test(path);
  return paths.filter((path) => isIndex(path) && !/^packages\/[^/]+\/src\/index\.ts$/.test(path));
}
