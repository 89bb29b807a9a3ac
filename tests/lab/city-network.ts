import type { LabNetwork } from './namespace.ts';
import { runSoundly } from './process.ts';
import { type LabServer, type Place, startPlainServer, startTlsServer } from './server.ts';

export type Kind = 'weak' | 'fixed' | 'plain';

/** The servers of an invented city, and what happens to them between two scans. */
export class CityNetwork {
  /** Outside; all scans are made from here unless they say otherwise. */
  readonly scanner: string;
  /** Inside, on the servers' own side of the cable. */
  readonly inside: string;
  readonly #network: LabNetwork;
  readonly #addresses = new Set<string>();
  readonly #servers = new Map<string, LabServer>();

  constructor(network: LabNetwork) {
    this.#network = network;
    this.scanner = network.scanner;
    this.inside = network.servers;
  }

  /** Puts a server in the place of the one that listens there. */
  async serve(kind: Kind, address: string, port: number): Promise<void> {
    await this.stop(address, port);
    if (!this.#addresses.has(address)) await this.#network.addAddress(address);
    this.#addresses.add(address);
    const place: Place = { address, port, namespace: this.inside };
    const server = kind === 'plain' ? startPlainServer(place) : startTlsServer({ ...place, mode: kind });
    this.#servers.set(`${address}:${port}`, await server);
  }

  async stop(address: string, port: number): Promise<void> {
    await this.#servers.get(`${address}:${port}`)?.stop();
    this.#servers.delete(`${address}:${port}`);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
    this.#servers.clear();
  }

  /** The machine is switched off. */
  async switchOff(address: string): Promise<void> {
    this.#addresses.delete(address);
    await this.#network.removeAddress(address);
  }

  /** A firewall that drops silently: the kernel finds no way for the answers of that port. */
  async dropAnswers(address: string, port: number): Promise<void> {
    const answers = ['from', address, 'ipproto', 'tcp', 'sport', `${port}`];
    await this.#ip(this.inside, 'rule', 'add', ...answers, 'blackhole');
  }

  /** From now on another network card answers, that is, another machine. Gives the way back. */
  async swapMachine(hardware: string): Promise<() => Promise<void>> {
    const { name, address } = await this.#card();
    await this.#setHardware(name, hardware);
    return () => this.#setHardware(name, address);
  }

  async #card(): Promise<{ readonly name: string; readonly address: string }> {
    const links = await this.#ip(this.inside, '-brief', 'link', 'show', 'type', 'veth');
    const [, name, address] = /^([^@\s]+)\S*\s+\S+\s+([\da-f:]{17})/.exec(links) ?? [];
    if (name === undefined || address === undefined) throw new Error(`no network card in "${links}"`);
    return { name, address };
  }

  async #setHardware(name: string, address: string): Promise<void> {
    await this.#ip(this.inside, 'link', 'set', name, 'address', address);
    // The scanner's side still knows the old card and would talk to nobody.
    await this.#ip(this.scanner, 'neighbour', 'flush', 'all');
  }

  #ip(namespace: string, ...args: readonly string[]): Promise<string> {
    return runSoundly({ command: 'ip', args: ['-n', namespace, ...args] });
  }
}
