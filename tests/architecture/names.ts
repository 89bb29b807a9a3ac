import { isCode } from './source-file.ts';

/** Names that say nothing: whatever is put there, nobody finds it by guessing. */
const EMPTY_NAMES = /^(utils?|helpers?|common|lib|misc|managers?|services?|base|data|info|shared)$/;
const EMPTY_WORDS = /(^|-)(utils?|helpers?|common|misc|managers?)(-|$)/;

/** Folders and files of ours: kebab-case, React components PascalCase, and no name that says nothing. */
export function nameBreaches(path: string): string[] {
  if (!/^(packages\/[^/]+\/(src|migrations)|tests|scripts|bench)\//.test(path)) return [];
  const parts = path.replace(/^packages\/[^/]+\//, '').split('/');
  const file = parts.pop() ?? '';
  const stem = file.split('.')[0] ?? '';
  const empty = [...parts, stem].find((name) => EMPTY_NAMES.test(name) || EMPTY_WORDS.test(name));
  if (empty !== undefined) return [`${path}: the name "${empty}" says nothing`];
  return isCode(path) && !isWellFormed(file, stem)
    ? [`${path}: file names are kebab-case, components PascalCase`]
    : [];
}

function isWellFormed(file: string, stem: string): boolean {
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem);
  return kebab || (file.endsWith('.tsx') && /^[A-Z][A-Za-z0-9]*$/.test(stem));
}

/** Written in parts, so that this file does not find itself. */
const MACHINE_PATHS = new RegExp(`(?<![\\w.@*-])/(${['work', 'root', 'tmp'].join('|')})/[\\w.-]`);
const REGISTRY_HOSTS = new RegExp(
  ['registry\\.npm', 'npmmirror\\.', 'registry\\.yarn', 'deb\\.debian', 'pypi\\.']
    .map((host) => `${host}\\w+`)
    .join('|'),
);

/** What is true of one machine only has no place in the project. */
export function machineBreaches(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const found = MACHINE_PATHS.exec(line) ?? REGISTRY_HOSTS.exec(line);
    return found === null ? [] : [`${path}:${index + 1} ${found[0]}`];
  });
}
