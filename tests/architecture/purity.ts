import { at, isTest, type Node, nodesOf, type SourceFile } from './source-file.ts';

/** Names that stand for the world outside: input and output, the clock, chance, the environment. */
const WORLD = new Set([
  'process',
  'globalThis',
  'global',
  'window',
  'self',
  'console',
  'performance',
  'crypto',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'require',
  'eval',
  'Buffer',
]);

/** The rules must give the same answer anywhere and at any time: time is an argument. */
export function purityBreaches(file: SourceFile): string[] {
  if (!file.path.startsWith('packages/core/src/') || isTest(file.path)) return [];
  return [...nodesOf(file.program)].flatMap(({ node, parent }) => {
    const problem = worldProblem(node, parent) ?? clockProblem(node);
    return problem === undefined ? [] : [at(file, node.start, problem)];
  });
}

function worldProblem(node: Node, parent: Node | undefined): string | undefined {
  if (node.type !== 'Identifier' || typeof node['name'] !== 'string' || !WORLD.has(node['name']))
    return undefined;
  const isFieldName =
    (parent?.type === 'MemberExpression' && parent['property'] === node && parent['computed'] === false) ||
    (parent?.['key'] === node && parent['computed'] === false);
  return isFieldName ? undefined : `core uses ${node['name']}`;
}

function clockProblem(node: Node): string | undefined {
  if (node.type === 'MemberExpression') {
    const name = `${nameOf(node['object'])}.${nameOf(node['property'])}`;
    return ['Date.now', 'Math.random'].includes(name) ? `core uses ${name}` : undefined;
  }
  const isCall = node.type === 'NewExpression' || node.type === 'CallExpression';
  if (!isCall || nameOf(node['callee']) !== 'Date') return undefined;
  // `new Date(text)` reads a time; without an argument, or without `new`, it asks the clock.
  const args = Array.isArray(node['arguments']) ? node['arguments'] : [];
  return node.type === 'CallExpression' || args.length === 0 ? 'core asks the clock with Date' : undefined;
}

function nameOf(node: unknown): string {
  return typeof node === 'object' && node !== null && 'name' in node ? String(node.name) : '';
}
