import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from './process.ts';

export interface Bridge {
  /** How the namespace reaches the server. */
  readonly url: string;
  close(): Promise<void>;
}

const RELAY = fileURLToPath(new URL('relay.ts', import.meta.url));

/** Lets processes in a namespace reach one server on this machine's loopback, and nothing else of it. */
export async function bridgeTo(url: string, namespace: string): Promise<Bridge> {
  const { hostname, port } = new URL(url);
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-bridge-'));
  const socket = join(folder, 'socket');
  const near = createServer((one) => {
    const server = connect(Number(port), hostname);
    one.pipe(server).pipe(one);
    one.on('error', () => server.destroy());
    server.on('error', () => one.destroy());
  });
  near.listen(socket);
  await once(near, 'listening');
  const [command, args] = commandLine({ command: process.execPath, args: [RELAY, socket], namespace });
  const relay = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [first] = await once(relay.stdout, 'data');
  return {
    url: `http://127.0.0.1:${String(first).trim()}`,
    close: async () => {
      const ended = once(relay, 'exit');
      relay.stdin.end();
      await ended;
      near.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
