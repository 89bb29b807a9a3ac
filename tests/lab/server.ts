import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from './certificate.ts';
import { commandLine } from './process.ts';
import type { ServeOrder } from './serve.ts';

export interface LabServer {
  readonly address: string;
  readonly port: number;
  /** Resolves when the port is closed. Calling it again does nothing. */
  stop(): Promise<void>;
}

export interface Place {
  readonly address: string;
  readonly port: number;
  /** Network namespace; without it the server listens on the machine itself (loopback only). */
  readonly namespace?: string;
}

/**
 * An HTTPS server with one page. Weak: TLS 1.0 to 1.2, CBC and anonymous ciphers, no security headers, weak
 * certificate. Fixed: TLS 1.2 and 1.3, AEAD ciphers in the server's order, HSTS and the other headers.
 */
export async function startTlsServer({
  mode,
  ...place
}: Place & { readonly mode: 'weak' | 'fixed' }): Promise<LabServer> {
  const pair = await makeCertificate(mode, place.address);
  return start(place, { kind: mode, address: place.address, port: place.port, ...pair });
}

/** HTTP without TLS. */
export function startPlainServer(place: Place): Promise<LabServer> {
  return start(place, { kind: 'plain', address: place.address, port: place.port, key: '', cert: '' });
}

const SERVE = fileURLToPath(new URL('serve.ts', import.meta.url));

/** Each server is a process of its own: only so it can stand in another network namespace. */
async function start({ address, port, namespace }: Place, order: ServeOrder): Promise<LabServer> {
  const run = { command: process.execPath, args: [SERVE] };
  const [command, args] = commandLine(namespace === undefined ? run : { ...run, namespace });
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (piece) => (complaint += String(piece)));
  child.stdin.write(`${JSON.stringify(order)}\n`);
  const ended = once(child, 'exit');
  const [first] = await Promise.race([once(child.stdout, 'data'), ended]);
  if (String(first) !== 'listening\n')
    throw new Error(`no server on ${address}:${port}: ${complaint.trim()}`);
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  return { address, port, stop };
}
