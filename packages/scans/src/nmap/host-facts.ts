import { isIP } from 'node:net';
import { type AssetRecord, type Fact, formatPorts, type Identifier, type Instant } from '@backcheck/core';
import { epochInstant } from '../epoch-instant.ts';
import type { Explanations } from '../explanation.ts';
import type { NamesAsked } from './command-line.ts';
import { child, childrenOf, type Element } from './element.ts';
import { type OpenPort, type PortStates, portStates, type Scope } from './port-states.ts';
import { type ScriptPlace, scriptFacts } from './scripts.ts';
import { hostKeys } from './ssh-hostkey.ts';

/** What the whole run says about each of its hosts. */
export interface RunContext {
  readonly startedAt: Instant | null;
  readonly scopes: readonly Scope[];
  readonly asked: NamesAsked;
  readonly explanations: Explanations;
}

export interface HostReading {
  readonly asset: AssetRecord;
  readonly facts: readonly Fact[];
  /** Names by which the target was called in the command line. */
  readonly calledBy: readonly string[];
}

/**
 * One `<host>`. `whole` is false when the file ends inside of it: what was seen there is kept,
 * what was not seen proves nothing. Undefined when the host has no address.
 */
export function readHost(
  host: Element,
  id: string,
  run: RunContext,
  whole: boolean,
): HostReading | undefined {
  const addressed = identifiersOf(host);
  if (addressed.length === 0) return undefined;
  const ports = portStates(child(host, 'ports'), run.scopes);
  const identifiers = [...addressed, ...hostKeys(ports.open)];
  const asset: AssetRecord = {
    record: 'asset',
    id,
    identifiers,
    startedAt: epochInstant(host.attributes['starttime']) ?? run.startedAt,
    finishedAt: epochInstant(host.attributes['endtime']),
    credential: 'none',
    ...reach(host, ports),
  };
  const calledBy = namesOf(host, 'user');
  const facts = [
    ...ports.open.map((open) => openPort(id, open)),
    ...portCoverage(id, host, ports),
    ...allScriptFacts(host, ports, { ...run, asset: id, calledBy: calledBy[0], window: asset }),
    ...ports.problems.slice(0, 20).map((problem) => badPorts(identifiers, problem)),
  ];
  return { asset, calledBy, facts: whole ? facts : facts.filter(isPresence) };
}

function isPresence(fact: Fact): boolean {
  return fact.record === 'warning' || (fact.record === 'observation' && fact.verdict === 'present');
}

/** The address that the tool used comes first, then the hardware address, then names. */
function identifiersOf(host: Element): Identifier[] {
  const addresses = childrenOf(host, 'address').map((one) => one.attributes);
  const ips = addresses.map((one) => one['addr'] ?? '').filter((addr) => isIP(addr) !== 0);
  const macs = addresses.filter((one) => one['addrtype'] === 'mac').map((one) => one['addr'] ?? '');
  const names = [...namesOf(host, 'user'), ...namesOf(host, 'PTR')];
  if (ips.length === 0) return [];
  return [
    ...ips.map((value) => ({ kind: 'ip', value }) as const),
    ...macs.filter((value) => value !== '').map((value) => ({ kind: 'mac', value }) as const),
    ...[...new Set(names)].map((value) => ({ kind: 'fqdn', value }) as const),
  ];
}

function namesOf(host: Element, type: 'user' | 'PTR'): string[] {
  const hostnames = child(host, 'hostnames');
  if (hostnames === undefined) return [];
  const named = childrenOf(hostnames, 'hostname').filter((one) => one.attributes['type'] === type);
  const names = named.map((one) => (one.attributes['name'] ?? '').toLowerCase().replace(/\.$/, ''));
  return names.filter((name) => /^[\w-]+(?:\.[\w-]+)*$/.test(name) && name.length <= 253 && isIP(name) === 0);
}

/** "up" with reason "user-set" is only what -Pn was told to believe: then a port must have answered. */
function reach(host: Element, ports: PortStates): Pick<AssetRecord, 'reached' | 'reason'> {
  const status = child(host, 'status')?.attributes ?? {};
  const heard = status['reason'] !== undefined && status['reason'] !== 'user-set';
  const answered = ports.byTransport.some((one) => one.answered.length > 0);
  const reached = status['state'] === 'up' && (heard || answered);
  if (host.attributes['timedout'] === 'true') return { reached, reason: 'TIMEOUT' };
  if (reached) return { reached };
  const blocked = status['state'] === 'up' && ports.byTransport.some((one) => one.blocked.length > 0);
  return { reached, reason: blocked ? 'BLOCKED' : 'NO_HOST' };
}

function openPort(asset: string, { transport, port, service }: OpenPort): Fact {
  const title = `Port ${port}/${transport}${service === '' ? '' : ` (${service})`} is open`;
  const nothing = { locus: '', severity: 'info', cve: [], cwe: [], cvss: [], at: null } as const;
  return {
    record: 'observation',
    asset,
    transport,
    port,
    check: 'nmap:open-port',
    verdict: 'present',
    title,
    ...nothing,
  };
}

/** Open and closed ports were answered for (E3). A filtered port says nothing about any check behind it. */
function portCoverage(asset: string, host: Element, ports: PortStates): Fact[] {
  if (host.attributes['timedout'] === 'true') return [];
  return ports.byTransport.flatMap(({ transport, answered, blocked }): Fact[] => {
    const claim = { record: 'coverage', asset, transport, method: 'remote', assumptions: [] } as const;
    const open: Fact = {
      ...claim,
      ports: formatPorts(answered),
      checks: { ids: ['nmap:open-port'] },
      evidence: 'E3',
    };
    const shut: Fact = {
      ...claim,
      ports: formatPorts(blocked),
      checks: { all: true },
      evidence: 'E0',
      reason: 'BLOCKED',
    };
    return [...(answered.length > 0 ? [open] : []), ...(blocked.length > 0 ? [shut] : [])];
  });
}

function allScriptFacts(
  host: Element,
  ports: PortStates,
  place: Omit<ScriptPlace, 'transport' | 'port'>,
): Fact[] {
  const behindPorts = ports.open.flatMap(({ transport, port, element }) =>
    childrenOf(element, 'script').flatMap((script) => scriptFacts(script, { ...place, transport, port })),
  );
  // A script of the host as a whole names no port, even where it used one (smb-vuln-*: 445 or 139).
  const ofHost = childrenOf(host, 'hostscript').flatMap((group) => childrenOf(group, 'script'));
  return [
    ...behindPorts,
    ...ofHost.flatMap((script) => scriptFacts(script, { ...place, transport: 'none', port: 0 })),
  ];
}

function badPorts([address]: readonly Identifier[], problem: string): Fact {
  return { record: 'warning', code: 'BAD_PORTS', message: `${address?.value ?? ''}: ${problem}` };
}
