import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseSync } from 'oxc-parser';

export const ROOT = join(import.meta.dirname, '..', '..');

/** Not ours: what the project's `.gitignore` names, and what git keeps for itself. */
const NOT_OURS = new Set(['node_modules', 'data', 'dist', '.vite', 'coverage', '.git']);

/** A node of the ESTree syntax tree. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** `path` is relative to the project with forward slashes: `packages/core/src/index.ts`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly program: Node;
  /** What it imports or re-exports from, with the place of each. */
  readonly imports: readonly { readonly from: string; readonly start: number }[];
}

/** Every file of the project. */
export function allPaths(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (NOT_OURS.has(entry.name)) return [];
    if (entry.isDirectory()) return allPaths(path);
    return entry.isFile() ? [path] : [];
  });
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path.replaceAll('/', sep)), 'utf8');
}

export function isCode(path: string): boolean {
  return /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith('fixtures/');
}

/** Tests, and what only tests use: code that ships may not import any of it. */
export function isTest(path: string): boolean {
  return (
    /\.(test|fixture)\.tsx?$/.test(path) ||
    path.startsWith('tests/') ||
    /^packages\/[^/]+\/src\/testing\//.test(path)
  );
}

export function parseSource(path: string, text: string): SourceFile {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const requests = [
    ...module.staticImports.map((one) => one.moduleRequest),
    ...module.staticExports.flatMap((one) => one.entries.map((entry) => entry.moduleRequest)),
    ...module.dynamicImports.map((one) => one.moduleRequest),
  ].filter((request) => request !== null && request !== undefined);
  const imports = requests.map(({ start, end }) => ({ from: text.slice(start + 1, end - 1), start }));
  // The parser's own types name each kind of node; the rules here look at a few by name.
  return { path, text, program: program as unknown as Node, imports };
}

/** Every node with its parent, outside in. */
export function* nodesOf(node: Node, parent?: Node): Generator<{ node: Node; parent: Node | undefined }> {
  yield { node, parent };
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) yield* nodesOf(child, node);
    }
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** `path:line what` */
export function at(file: SourceFile, offset: number, what: string): string {
  return `${file.path}:${lineOf(file.text, offset)} ${what}`;
}
