import { askedName, starttls } from '@backcheck/core';
import type { Engine, Order } from '../engine.ts';
import { installed, type Search } from '../tool/find-tool.ts';
import { hostAndPort } from '../tool/host-and-port.ts';
import { runPinned, type ToolPlan } from '../tool/run-for-file.ts';

const SEARCH: Search = {
  commands: ['sslscan'],
  args: ['--version', '--no-colour'],
  version: /^\s*(\d+\.\d+[\w.-]*)/m,
  install: 'sslscan',
};

export const sslscanEngine: Engine = {
  name: 'sslscan',
  find: () => installed(SEARCH),
  run: (order, context) => runPinned(sslscanPlan(order), order, context),
};

/** More connections than a full test makes (counted: 141), so that a slow pace is not taken for a tool that hangs. */
const CONNECTIONS = 600;
const TIMEOUT = 5 * 60_000;
/** Always asked by sslscan unless it is told not to; none of it is a finding by itself. */
const NEVER = ['--no-compression', '--no-fallback', '--no-groups', '--no-cipher-details'];
/** What is left out where nobody asked for it. Protocols and the certificate come with every run. */
const ON_DEMAND = [
  ['sslscan:weak-cipher', '--no-ciphersuites'],
  ['sslscan:heartbleed', '--no-heartbleed'],
  ['sslscan:insecure-renegotiation', '--no-renegotiation'],
] as const;
/** Where its names differ from the usual ones. */
const OWN_NAMES: Readonly<Record<string, string>> = { postgres: 'psql' };

/**
 * One port and one server name. Every connection waits for `--sleep`. Without the ignored signal it is killed, and
 * leaves an empty file, whenever a server without TLS closes first (sslscan 2.0.7).
 */
export function sslscanPlan({ questions, host, rate }: Order): ToolPlan {
  const [first] = questions;
  const port = first?.port ?? 443;
  const asked = new Set(questions.map(({ check }) => check));
  const omitted = ON_DEMAND.flatMap(([check, option]) => (asked.has(check) ? [] : [option]));
  const sleep = Math.ceil(1000 / rate);
  const file = 'sslscan.xml';
  const name = first === undefined ? null : nameIn(first.locus);
  const protocol = starttls(port);
  const options = [
    ...(name === null ? [] : [`--sni-name=${name}`]),
    ...(protocol === undefined ? [] : [`--starttls-${OWN_NAMES[protocol] ?? protocol}`]),
    ...NEVER,
    ...omitted,
  ];
  return {
    command: 'env',
    args: [
      '--ignore-signal=PIPE',
      'sslscan',
      '--no-colour',
      `--sleep=${sleep}`,
      ...options,
      `--xml=${file}`,
      hostAndPort(host, port),
    ],
    fileName: file,
    timeoutMs: TIMEOUT + CONNECTIONS * sleep,
  };
}

/** The server name, where it is not the target's own: it stands before the place, and places begin with a protocol. */
function nameIn(locus: string): string | null {
  return askedName(locus, /^$|^(?:SSL|TLS)v[\d.]+(?:#.+)?$/) ?? null;
}
