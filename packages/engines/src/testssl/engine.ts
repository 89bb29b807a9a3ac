import { isIPv6 } from 'node:net';
import { starttls, testsslSection } from '@backcheck/core';
import type { Engine, Order } from '../engine.ts';
import { findTool, installed, type Search } from '../tool/find-tool.ts';
import { hostAndPort } from '../tool/host-and-port.ts';
import { noAnswer, runForFile, type ToolPlan } from '../tool/run-for-file.ts';

const SEARCH: Search = {
  commands: ['testssl', 'testssl.sh'],
  args: ['--version', '--color', '0'],
  version: /testssl(?:\.sh)?\s+(?:version\s+)?(\d+\.\d[\w.]*)/,
  install: 'testssl.sh',
};

export const testsslEngine: Engine = {
  name: 'testssl',
  find: () => installed(SEARCH),
  async run(order, context) {
    const tool = await findTool(SEARCH);
    if (tool === null) return noAnswer('TOOL_MISSING', SEARCH.install);
    return await runForFile({ ...testsslPlan(order), command: tool.command }, order, context);
  },
};

const TIMEOUT = 15 * 60_000;
const QUIET = ['--warnings', 'batch', '--quiet', '--color', '0'];
/** No question goes to a name server: the address is given. */
const PINNED = ['--nodns', 'none'];
/** Seconds. A server that falls silent would hold a run of a minute for ever. */
const PATIENCE = ['--connect-timeout', '10', '--openssl-timeout', '10'];

/**
 * The sections of the rows asked for, and always `-p`. Several sections go by what it found out before: without it
 * they believe the local OpenSSL, which no longer speaks TLS 1.0, and call a server that offers it with CBC ciphers
 * safe ("BEAST: not vulnerable, no SSL3 or TLS1"; 3.0.8).
 */
export function testsslPlan({ questions, host, address }: Order): ToolPlan {
  const port = questions[0]?.port ?? 443;
  const sections = questions.flatMap(({ check }) => testsslSection(check)?.option ?? []);
  const protocol = starttls(port);
  const file = 'testssl.json';
  const args = [
    ...QUIET,
    ...PINNED,
    ...PATIENCE,
    `--ip=${address}`,
    ...(isIPv6(address) ? ['-6'] : []),
    ...(protocol === undefined ? [] : ['--starttls', protocol]),
    ...new Set(['-p', ...sections]),
    '--jsonfile-pretty',
    file,
    hostAndPort(host, port),
  ];
  return { command: 'testssl', args, fileName: file, timeoutMs: TIMEOUT };
}
