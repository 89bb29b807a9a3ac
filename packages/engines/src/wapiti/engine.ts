import type { Engine, Order } from '../engine.ts';
import { installed, type Search } from '../tool/find-tool.ts';
import { noAnswer, runPinned, type ToolPlan } from '../tool/run-for-file.ts';
import { withWebTarget } from '../tool/web-target.ts';

const SEARCH: Search = {
  commands: ['wapiti'],
  args: ['--version'],
  version: /Wapiti[- ](\d[\w.]*)/,
  install: 'wapiti',
};

/** Shows that something is still there; its silence proves nothing (COVERAGE.md section 1). */
export const wapitiEngine: Engine = {
  name: 'wapiti',
  find: () => installed(SEARCH),
  run: (order, context) =>
    withWebTarget(order, context, async ({ origin, proxy }) => {
      const plan = wapitiPlan(order, origin, proxy.url);
      return plan === null
        ? noAnswer('NO_ENGINE', 'no module of Wapiti looks for this')
        : await runPinned(plan, order, context);
    }),
};

/** Classes of weaknesses, as our reader calls them, and the module that looks for each (Wapiti 3.0.4). */
const MODULES: Readonly<Record<string, string>> = {
  'backup-file': 'backup',
  'blind-sql-injection': 'blindsql',
  'command-execution': 'exec',
  'content-security-policy-configuration': 'csp',
  'crlf-injection': 'crlf',
  'cross-site-request-forgery': 'csrf',
  'cross-site-scripting': 'xss',
  'htaccess-bypass': 'htaccess',
  'http-secure-headers': 'http_headers',
  'httponly-flag-cookie': 'cookieflags',
  'open-redirect': 'redirect',
  'path-traversal': 'file',
  'secure-flag-cookie': 'cookieflags',
  'server-side-request-forgery': 'ssrf',
  'sql-injection': 'sql',
  'xml-external-entity': 'xxe',
};

const TIMEOUT = 15 * 60_000;
/** Nothing is remembered, reported or asked; any certificate will do. */
const QUIET = ['--flush-session', '--no-bugreport', '--verify-ssl', '0', '-v', '0'];
/** Only the pages given, and what stands on them. */
const HERE = ['--scope', 'folder', '--depth', '0'];

/** A check has whatever name a file gave it. */
const modulesFor = (id: string) => (Object.hasOwn(MODULES, id) ? (MODULES[id] ?? []) : []);

/** Null where no module looks for what is asked. */
export function wapitiPlan({ questions }: Order, origin: string, proxy: string): ToolPlan | null {
  const modules = questions.flatMap(({ check }) => modulesFor(check.replace(/^wapiti:/, '')));
  if (modules.length === 0) return null;
  const pages = [...new Set(questions.map(({ locus }) => `${origin}${pageOf(locus)}`))].sort();
  const file = 'wapiti.json';
  const args = [
    '--url',
    `${origin}/`,
    ...pages.flatMap((page) => ['--start', page]),
    ...HERE,
    '--module',
    [...new Set(modules)].sort().join(','),
    '--proxy',
    proxy,
    '--store-session',
    '.',
    '--store-config',
    '.',
    ...QUIET,
    '--format',
    'json',
    '--output',
    file,
  ];
  return { command: 'wapiti', args, fileName: file, timeoutMs: TIMEOUT };
}

/** "/search#GET q" -> "/search?q=1": a parameter is only attacked where the page is asked for with it. */
function pageOf(locus: string): string {
  const [path = '/', detail = ''] = locus.split('#', 2);
  const [, parameter] = /^GET ([\w[\].-]{1,100})$/.exec(detail) ?? [];
  return parameter === undefined ? path : `${path}?${encodeURIComponent(parameter)}=1`;
}
