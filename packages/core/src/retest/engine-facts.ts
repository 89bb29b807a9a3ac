import type { ProbeMethod } from '../authorize/authorization.ts';
import { runsCheck } from '../observe/finding-key.ts';
import type { Method, Transport } from '../observe/record.ts';
import { askedName } from './asked-name.ts';
import { NMAP_SCRIPTS } from './nmap-scripts.ts';
import { starttls } from './starttls.ts';
import { testsslSection } from './testssl-sections.ts';
import type { EngineName } from './vocabulary.ts';

/** Where a check looked. */
export interface Spot {
  readonly transport: Transport;
  readonly port: number;
  readonly check: string;
  readonly locus: string;
}

/** How an engine can prove that something is gone from a spot. */
export interface Ability {
  readonly method: ProbeMethod;
  /** New connections a second: no limit below this can be kept. */
  readonly slowest: number;
  /** Spots that differ in it do not share a run. */
  readonly run: string;
  /** Where the tool knocks; the port of the spot, but for a script of the asset as a whole. */
  readonly service: Pick<Spot, 'transport' | 'port'>;
  /** The name that the tool has to call the asset by, where it is not the asset's own. */
  readonly calledBy: string | null;
}

/** What is known of an engine without running it. */
export interface EngineFacts {
  readonly engine: EngineName;
  /** Strongest method of the claims in its files. */
  readonly depth: Method;
  /** Whether its files state the version of the tool. */
  readonly statesVersion: boolean;
  /** Its files call every asset by the address, whatever name was asked for. */
  readonly byAddress: boolean;
  /**
   * Null where its files can never prove an absence with E3 or E2 by our readers
   * (engines/engine-facts.test.ts holds this against real files).
   */
  ability(spot: Spot): Ability | null;
}

/** New connections within one second of the busiest section (`-P`), counted on loopback and doubled (testssl.sh 3.0.8). */
const TESTSSL_BURST = 50;

const SSLSCAN_PLACES: ReadonlyMap<string, RegExp> = new Map([
  ...[
    'ssl2 ssl3 tls1.0 tls1.1 insecure-renegotiation',
    'certificate-expired certificate-self-signed weak-signature weak-key',
  ].flatMap((checks) => checks.split(' ').map((check) => [`sslscan:${check}`, /^$/] as const)),
  ['sslscan:heartbleed', /^TLSv1\.[0-3]$/],
  ['sslscan:weak-cipher', /^(?:SSLv[23]|TLSv1\.[0-3])#.+$/],
]);

const BUILT_IN: ReadonlyMap<string, ProbeMethod> = new Map([
  ['tcp', 'port-scan'],
  ['tls', 'tls'],
  ['http', 'http'],
  ['ssh', 'ssh'],
  ['dns', 'dns'],
  ['banner', 'banner'],
]);

function onTcp({ transport, port }: Spot): boolean {
  return transport === 'tcp' && port > 0;
}

const at = ({ transport, port }: Spot): Ability['service'] => ({ transport, port });

function nmapAbility(spot: Spot): Ability | null {
  const { check, locus, port } = spot;
  if (check === 'nmap:open-port') {
    if (!onTcp(spot) || locus !== '') return null;
    return { method: 'port-scan', slowest: 1, run: 'ports', service: at(spot), calledBy: null };
  }
  const script = NMAP_SCRIPTS.get(check.replace(/^nmap-script:/, ''));
  if (script === undefined) return null;
  const { place, burst, through } = script;
  const name = askedName(locus, place);
  if (name === undefined) return null;
  const service = { transport: 'tcp', port: through ?? port } as const;
  if (through === undefined ? !onTcp(spot) : spot.transport !== 'none') return null;
  // `--max-rate` and `--max-parallelism` do not hold scripts back (counted: 161 connections in 120 ms).
  return { method: 'script', slowest: burst, run: `script ${service.port}`, service, calledBy: name };
}

/** Every connection waits for `--sleep` (counted: 141 connections of a full test, 10 a second with `--sleep=100`). */
function sslscanAbility(spot: Spot): Ability | null {
  const place = SSLSCAN_PLACES.get(spot.check);
  const name = place === undefined ? undefined : askedName(spot.locus, place);
  if (name === undefined || !onTcp(spot)) return null;
  const run = `${spot.port} ${name ?? ''}`;
  return { method: 'tls', slowest: 1, run, service: at(spot), calledBy: null };
}

function testsslAbility(spot: Spot): Ability | null {
  const section = testsslSection(spot.check);
  if (section === undefined || !onTcp(spot) || spot.locus !== '') return null;
  const { method } = section;
  return { method, slowest: TESTSSL_BURST, run: `${spot.port}`, service: at(spot), calledBy: null };
}

/** Characters of a path (RFC 3986 section 3.3) but the comma, at which Nuclei parts its targets. */
const PLAIN_PATH = /^\/[\w.~!$&'()*+;=:@%/-]*$/;

/** Only over HTTP: all else would not go through the guarded proxy. "?" in the place: A-key, which never closes. */
function nucleiAbility(spot: Spot): Ability | null {
  const [path = ''] = spot.locus.split('#', 1);
  if (!onTcp(spot) || !PLAIN_PATH.test(path)) return null;
  if (!/^nuclei:\w[\w.-]*$/.test(spot.check)) return null;
  return { method: 'template', slowest: 1, run: `${spot.port}`, service: at(spot), calledBy: null };
}

/** RFC 9110 section 9.2.1: these ask for no change. */
const READING = /^(?:GET|HEAD|OPTIONS|TRACE) /;

/** A file says of itself that a request is safe to repeat; one that may change something is more than looking at pages. */
function builtInAbility(spot: Spot): Ability | null {
  const method = BUILT_IN.get(/^backcheck-([a-z]+):/.exec(spot.check)?.[1] ?? '');
  // of ours only DNS is asked over UDP, and of a resolver at no port at all
  if (method === undefined || (method !== 'dns' && !onTcp(spot))) return null;
  // it speaks no STARTTLS, and sslscan and testssl.sh do
  if (method === 'tls' && starttls(spot.port) !== undefined) return null;
  const changes = spot.check === 'backcheck-http:stored-request' && !READING.test(spot.locus);
  if (changes && spot.locus.startsWith('CONNECT ')) return null;
  return { method: changes ? 'template' : method, slowest: 1, run: '', service: at(spot), calledBy: null };
}

const BY_NAME = { depth: 'remote', statesVersion: true, byAddress: false } as const;

/** In the order in which one is taken where several could answer: the ones that need least come first. */
export const ENGINE_FACTS: readonly EngineFacts[] = [
  { engine: 'backcheck', ...BY_NAME, ability: builtInAbility },
  { engine: 'sslscan', ...BY_NAME, ability: sslscanAbility },
  { engine: 'nmap', ...BY_NAME, byAddress: true, ability: nmapAbility },
  { engine: 'testssl', ...BY_NAME, ability: testsslAbility },
  { engine: 'nuclei', ...BY_NAME, depth: 'active', statesVersion: false, ability: nucleiAbility },
  // Its reports list also classes that it never tested (COVERAGE.md section 1): it can only show that something is still there.
  { engine: 'wapiti', ...BY_NAME, depth: 'active', ability: () => null },
];

/** The engine whose own check it is; tools are called as their readers call them. */
export function engineOfCheck(check: string): EngineFacts | undefined {
  return ENGINE_FACTS.find(({ engine }) => runsCheck(engine, check));
}
