import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Engine, Order } from '../engine.ts';
import { installed, type Search } from '../tool/find-tool.ts';
import { runPinned, type ToolPlan } from '../tool/run-for-file.ts';
import { withWebTarget } from '../tool/web-target.ts';

const SEARCH: Search = {
  commands: ['nuclei'],
  args: ['-version', '-disable-update-check'],
  version: /Nuclei Engine Version: v?(\d[\w.-]*)/,
  install: 'nuclei (github.com/projectdiscovery/nuclei)',
};

/** Nuclei's own variable; its usual folder otherwise. */
const templates = (): string => process.env['NUCLEI_TEMPLATES_DIR'] ?? join(homedir(), 'nuclei-templates');

export const nucleiEngine: Engine = {
  name: 'nuclei',
  find: () => installed(SEARCH),
  // What the proxy does not lead is a look-up at most, and that is answered from a file.
  run: (order, context) =>
    withWebTarget(order, context, ({ origin, proxy }) => {
      const plan = nucleiPlan(order, { origin, proxy: proxy.url, templates: templates() });
      return runPinned(plan, order, context);
    }),
};

const TIMEOUT = 15 * 60_000;

/** One line for each template and input, whether it matched or not; no host is given up on (COVERAGE.md section 1). */
const SAYS_ALL = ['-matcher-status', '-jsonl', '-scan-strategy', 'template-spray', '-no-mhe'];
/** Nothing but the requests of the templates: no updates, no probing for a scheme, no callbacks from outside. */
const NOTHING_ELSE = ['-disable-update-check', '-no-httpx', '-no-interactsh', '-no-color', '-silent'];

export interface NucleiMeans {
  readonly origin: string;
  readonly proxy: string;
  readonly templates: string;
}

/** Only templates that speak HTTP (`-type http`): others would not go through the proxy. */
export function nucleiPlan({ questions, rate }: Order, means: NucleiMeans): ToolPlan {
  const ids = new Set(questions.map(({ check }) => check.replace(/^nuclei:/, '')));
  const paths = new Set(questions.map(({ locus }) => locus.split('#', 1)[0] ?? '/'));
  const file = 'nuclei.jsonl';
  const args = [
    ...[...paths].sort().flatMap((path) => ['-target', `${means.origin}${path}`]),
    '-templates',
    means.templates,
    '-template-id',
    [...ids].sort().join(','),
    '-type',
    'http',
    ...SAYS_ALL,
    ...NOTHING_ELSE,
    '-rate-limit',
    String(Math.max(1, Math.floor(rate))),
    '-proxy',
    means.proxy,
    '-output',
    file,
  ];
  return { command: 'nuclei', args, fileName: file, timeoutMs: TIMEOUT };
}
