import { at, isNode, isTest, lineOf, type Node, nodesOf, type SourceFile } from './source-file.ts';

const FILE_LINES = 400;
const FUNCTION_LINES = 60;
const COMPONENT_LINES = 150;
const PARAMETERS = 4;

const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

export function fileLengthBreaches({ path, text }: Pick<SourceFile, 'path' | 'text'>): string[] {
  const lines = text.trimEnd().split('\n').length;
  return lines > FILE_LINES ? [`${path} has ${lines} lines, the ceiling is ${FILE_LINES}`] : [];
}

/** A test file may hold one long `describe`; what it calls may not be long. */
export function functionBreaches(file: SourceFile): string[] {
  return [...nodesOf(file.program)]
    .filter(({ node }) => FUNCTIONS.includes(node.type))
    .flatMap(({ node, parent }) => [
      ...(/\.test\.tsx?$/.test(file.path) ? [] : lengthProblem(file, node, parent)),
      ...parameterProblem(file, node),
    ]);
}

function lengthProblem(file: SourceFile, node: Node, parent: Node | undefined): string[] {
  const lines = lineOf(file.text, node.end) - lineOf(file.text, node.start) + 1;
  const ceiling = isComponent(file, node, parent) ? COMPONENT_LINES : FUNCTION_LINES;
  return lines > ceiling
    ? [at(file, node.start, `function of ${lines} lines, the ceiling is ${ceiling}`)]
    : [];
}

/** React tells components from functions in the same way: by the capital letter. */
function isComponent(file: SourceFile, node: Node, parent: Node | undefined): boolean {
  const id = isNode(node['id']) ? node['id'] : parent?.['id'];
  const name = isNode(id) ? String(id['name']) : '';
  return file.path.startsWith('packages/web/') && file.path.endsWith('.tsx') && /^[A-Z]/.test(name);
}

function parameterProblem(file: SourceFile, node: Node): string[] {
  const count = Array.isArray(node['params']) ? node['params'].length : 0;
  return count > PARAMETERS
    ? [at(file, node.start, `${count} parameters, the ceiling is ${PARAMETERS}`)]
    : [];
}

/** Each of these switches the type checker off where it is needed most. */
export function typeHoleBreaches(file: SourceFile): string[] {
  return [...nodesOf(file.program)].flatMap(({ node }) => {
    if (node.type === 'TSAnyKeyword') return [at(file, node.start, 'any')];
    if (node.type === 'TSNonNullExpression') return [at(file, node.start, 'non-null !')];
    return [];
  });
}

export function defaultExportBreaches(file: SourceFile): string[] {
  if (!file.path.startsWith('packages/') || !file.path.includes('/src/') || isTest(file.path)) return [];
  return [...nodesOf(file.program)].flatMap(({ node }) =>
    node.type === 'ExportDefaultDeclaration' ? [at(file, node.start, 'default export')] : [],
  );
}
