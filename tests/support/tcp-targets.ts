import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** One connection that reached a target: which one, and when by the clock. */
export interface Reached {
  readonly address: string;
  readonly at: number;
}

/**
 * Servers that accept connections and say nothing, each on a loopback address of its own, and a log of who came when.
 */
export class TcpTargets {
  readonly port: number;
  readonly log: Reached[] = [];
  readonly #servers = new Map<string, Server>();

  private constructor(port: number) {
    this.port = port;
  }

  /** `addresses`: of 127.0.0.0/8. */
  static async open(addresses: readonly string[]): Promise<TcpTargets> {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const bound = probe.address();
    const targets = new TcpTargets(typeof bound === 'object' && bound !== null ? bound.port : 0);
    probe.close();
    for (const address of addresses) await targets.#listen(address);
    return targets;
  }

  async #listen(address: string): Promise<void> {
    const server = createServer((socket) => {
      this.log.push({ address, at: Date.now() });
      socket.on('error', () => undefined).resume();
    }).listen(this.port, address);
    await once(server, 'listening');
    this.#servers.set(address, server);
  }

  /** From now on nobody listens there: connections are refused. */
  async fix(address: string): Promise<void> {
    const server = this.#servers.get(address);
    this.#servers.delete(address);
    await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
  }

  close(): void {
    for (const server of this.#servers.values()) server.close();
  }
}

/** The most connections that reached any of these addresses within so many milliseconds, wherever they begin. */
export function mostWithin(log: readonly Reached[], addresses: readonly string[], within: number): number {
  const counted = new Set(addresses);
  const times = log
    .filter(({ address }) => counted.has(address))
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  let [from, most] = [0, 0];
  for (const [index, at] of times.entries()) {
    while ((times[from] ?? at) <= at - within) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}
