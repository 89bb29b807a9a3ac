import {
  NO_PORTS,
  type PortSet,
  parsePorts,
  portSet,
  type Transport,
  unionPorts,
  withoutPorts,
} from '@backcheck/core';
import { child, childrenOf, type Element } from './element.ts';

/** `<scaninfo>`: the ports that the run was asked to examine. */
export interface Scope {
  readonly transport: Transport;
  readonly ports: PortSet;
}

export interface OpenPort {
  readonly transport: Transport;
  readonly port: number;
  readonly service: string;
  readonly element: Element;
}

export interface TransportPorts {
  readonly transport: Transport;
  /** Open or closed: something on the asset said so. */
  answered: PortSet;
  /** Filtered, open|filtered, unfiltered: no answer about the service. */
  blocked: PortSet;
}

export interface PortStates {
  readonly open: readonly OpenPort[];
  readonly byTransport: readonly TransportPorts[];
  readonly problems: readonly string[];
}

const ALL_PORTS: PortSet = [[1, 65_535]];

export function transportOf(protocol: string | undefined): Transport | undefined {
  return protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp' ? protocol : undefined;
}

export function countPorts(ports: PortSet): number {
  return ports.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

function withinPorts(a: PortSet, b: PortSet): PortSet {
  return withoutPorts(a, withoutPorts(ALL_PORTS, b));
}

/** What `<ports>` of one host says about every port that was asked for. */
export function portStates(ports: Element | undefined, scopes: readonly Scope[]): PortStates {
  const tally = new PortTally(scopes);
  if (ports !== undefined) {
    for (const port of childrenOf(ports, 'port')) tally.addPort(port);
    tally.addExtras(childrenOf(ports, 'extraports'));
  }
  return tally;
}

class PortTally implements PortStates {
  readonly open: OpenPort[] = [];
  readonly byTransport: TransportPorts[] = [];
  readonly problems: string[] = [];
  readonly #scopes: readonly Scope[];
  readonly #listed = new Map<Transport, { answered: number[]; blocked: number[] }>();

  constructor(scopes: readonly Scope[]) {
    this.#scopes = scopes;
  }

  addPort(element: Element): void {
    const transport = transportOf(element.attributes['protocol']);
    // "-sO" lists IP protocols in the place of ports: they are no services.
    if (transport === undefined) return;
    const port = portNumber(element.attributes['portid']);
    if (port === undefined) {
      this.problems.push(`"${(element.attributes['portid'] ?? '').slice(0, 20)}" is not a port number`);
      return;
    }
    const state = child(element, 'state')?.attributes['state'] ?? '';
    const numbers = this.#listed.get(transport) ?? { answered: [], blocked: [] };
    this.#listed.set(transport, numbers);
    (state === 'open' || state === 'closed' ? numbers.answered : numbers.blocked).push(port);
    const service = child(element, 'service')?.attributes['name'] ?? '';
    if (state === 'open') this.open.push({ transport, port, service, element });
  }

  /** Called once, after all listed ports. */
  addExtras(groups: readonly Element[]): void {
    for (const [transport, numbers] of this.#listed) {
      this.#add(transport, 'answered', portSet(numbers.answered));
      this.#add(transport, 'blocked', portSet(numbers.blocked));
    }
    const unnamed: { state: string; count: number }[] = [];
    for (const group of groups) {
      const state = group.attributes['state'] ?? '';
      const reasons = childrenOf(group, 'extrareasons');
      const named = reasons.length > 0 && reasons.every((one) => one.attributes['ports'] !== undefined);
      if (named) for (const reason of reasons) this.#addNamed(state, reason);
      else unnamed.push({ state, count: Number(group.attributes['count']) });
    }
    if (unnamed.length > 0) this.#addRemainder(unnamed);
  }

  /** Since Nmap 7.93 `extrareasons@ports` lists the ports exactly. */
  #addNamed(state: string, reason: Element): void {
    const transport = transportOf(reason.attributes['proto']);
    if (transport === undefined) return;
    const ports = parsePorts(reason.attributes['ports'] ?? '');
    if (ports === null || countPorts(ports) !== Number(reason.attributes['count'])) {
      this.problems.push(`the list of ${state.slice(0, 20)} ports does not agree with its own count`);
      return;
    }
    const asked = this.#scopes.filter((one) => one.transport === transport).map((one) => one.ports);
    this.#add(
      transport,
      state === 'closed' ? 'answered' : 'blocked',
      withinPorts(ports, asked.reduce(unionPorts, NO_PORTS)),
    );
  }

  /**
   * Older versions only count: what was asked for and is not listed must be these. With several states
   * among them nobody knows which port had which.
   */
  #addRemainder(groups: readonly { state: string; count: number }[]): void {
    const [scope, second] = this.#scopes;
    if (scope === undefined || second !== undefined) {
      this.problems.push('ports are only counted, and not for one transport: none of them is covered');
      return;
    }
    const known = this.#of(scope.transport);
    const rest = withoutPorts(scope.ports, unionPorts(known.answered, known.blocked));
    const counted = groups.reduce((sum, one) => sum + one.count, 0);
    if (countPorts(rest) !== counted) {
      this.problems.push(
        `${counted} ports are only counted, but ${countPorts(rest)} are missing: none of them is covered`,
      );
      return;
    }
    this.#add(scope.transport, groups.every((one) => one.state === 'closed') ? 'answered' : 'blocked', rest);
  }

  #add(transport: Transport, kind: 'answered' | 'blocked', ports: PortSet): void {
    const known = this.#of(transport);
    known[kind] = unionPorts(known[kind], ports);
  }

  #of(transport: Transport): TransportPorts {
    const known = this.byTransport.find((one) => one.transport === transport);
    if (known !== undefined) return known;
    const fresh: TransportPorts = { transport, answered: NO_PORTS, blocked: NO_PORTS };
    this.byTransport.push(fresh);
    return fresh;
  }
}

/** 1 to 65535; 0 would be the asset as a whole. */
function portNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : undefined;
}
