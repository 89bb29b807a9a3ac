import { join } from 'node:path';
import { runTool, type ToolResult, type ToolRun } from './process.ts';

export interface ScanOrder {
  /** Existing folder; the tool runs in it, so that the file it writes repeats no path of this machine. */
  readonly folder: string;
  /** File name inside of `folder`. An old file of that name must not be there (testssl refuses). */
  readonly file: string;
  readonly namespace?: string;
  readonly options?: readonly string[];
  readonly timeoutMs?: number;
  readonly stop?: NonNullable<ToolRun['stop']>;
}

/** The scripts of the recommended profile; `vulns.showall` makes them say also "NOT VULNERABLE". */
export const NMAP_SCRIPTS =
  'ssl-enum-ciphers,ssl-cert,ssl-poodle,ssl-heartbleed,ssl-ccs-injection,ssl-dh-params,http-security-headers';

/** Runs nmap over `targets` and `ports`; gives the path of its XML file. Scripts run unless `scripts` is ''. */
export async function runNmap(
  order: ScanOrder & {
    readonly targets: readonly string[];
    readonly ports: string;
    readonly scripts?: string;
  },
): Promise<string> {
  const { scripts = NMAP_SCRIPTS, options = [], targets, ports, file } = order;
  const nse = scripts === '' ? [] : ['--script', scripts, '--script-args', 'vulns.showall'];
  return scan(order, 'nmap', ['-n', '-v', '-p', ports, ...nse, ...options, '-oX', file, ...targets]);
}

/**
 * Runs sslscan against "address:port"; gives the path of its XML file. Without the ignored signal it is killed,
 * and leaves an empty file, whenever a server without TLS closes the connection first (sslscan 2.0.7).
 */
export async function runSslscan(order: ScanOrder & { readonly target: string }): Promise<string> {
  const sslscan = ['sslscan', '--no-colour', ...(order.options ?? []), `--xml=${order.file}`, order.target];
  return scan(order, 'env', ['--ignore-signal=PIPE', ...sslscan]);
}

/**
 * Runs testssl.sh against "address:port"; gives the path of its JSON file. A full run takes about a minute of
 * one core: narrow it with `options` (`--protocols`, `-U`) where a test does not need all of it.
 */
export async function runTestssl(
  order: ScanOrder & { readonly target: string; readonly json?: 'flat' | 'pretty' },
): Promise<string> {
  const json = order.json === 'flat' ? '--jsonfile' : '--jsonfile-pretty';
  const quiet = ['--warnings', 'batch', '--quiet', '--color', '0', '--nodns', 'none'];
  return scan({ timeoutMs: 600_000, ...order }, 'testssl', [
    ...quiet,
    ...(order.options ?? []),
    json,
    order.file,
    order.target,
  ]);
}

/** The exit code says nothing about what was scanned (COVERAGE: "scan succeeded" is no coverage), so it is not looked at. */
async function scan(order: ScanOrder, command: string, args: readonly string[]): Promise<string> {
  const run: ToolRun = { command, args, cwd: order.folder, ...picked(order) };
  const { output }: ToolResult = await runTool(run);
  if (/illegal option|unrecognized option|usage:/i.test(output.slice(0, 2000)))
    throw new Error(output.slice(0, 2000));
  return join(order.folder, order.file);
}

function picked({ namespace, timeoutMs, stop }: ScanOrder): Partial<ToolRun> {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(stop === undefined ? {} : { stop }),
  };
}
