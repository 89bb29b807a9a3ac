import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { formatPorts, portSet } from '@backcheck/core';
import type { Engine, Order } from '../engine.ts';
import { installed, type Search } from '../tool/find-tool.ts';
import { runPinned, type ToolPlan } from '../tool/run-for-file.ts';

const SEARCH: Search = {
  commands: ['nmap'],
  args: ['--version'],
  version: /Nmap version (\d[\w.]*)/,
  install: 'nmap',
};

export const nmapEngine: Engine = {
  name: 'nmap',
  find: () => installed(SEARCH),
  run: async (order, context) => await runPinned(nmapPlan(order, await mayUseRawSockets()), order, context),
};

const TIMEOUT = 15 * 60_000;

/**
 * Only the ports asked for: `-Pn`, for the search for live hosts knocks on ports of its own; the reader does not
 * take "up" for an answer then. A script is forced (`+`): it was this port where it found something, whatever
 * number that has. As root it looks by SYN and says which network card answered, else by connect().
 */
export function nmapPlan({ questions, host, address, rate }: Order, rawSockets: boolean): ToolPlan {
  const ports = formatPorts(portSet(questions.map(({ port }) => port)));
  const scripts = questions.flatMap(({ check }) => /^nmap-script:([\w-]+)$/.exec(check)?.[1] ?? []);
  const forced = [...new Set(scripts)].sort().map((script) => `+${script}`);
  const family = isIPv6(address) ? ['-6'] : [];
  const means = rawSockets ? [] : ['--unprivileged'];
  const run = scripts.length === 0 ? [] : ['--script', forced.join(','), '--script-args', 'vulns.showall'];
  const pace = ['--max-rate', String(Math.max(1, Math.floor(rate)))];
  const file = 'nmap.xml';
  return {
    command: 'nmap',
    args: ['-n', '-Pn', ...family, ...means, ...pace, '-p', ports, '--reason', ...run, '-oX', file, host],
    fileName: file,
    timeoutMs: TIMEOUT,
  };
}

/** CAP_NET_RAW is bit 13 (capabilities(7)). In a container also root may be without it, and Nmap would give up. */
const NET_RAW = 1n << 13n;

async function mayUseRawSockets(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, effective = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return process.getuid?.() === 0 && (BigInt(`0x${effective}`) & NET_RAW) !== 0n;
}
