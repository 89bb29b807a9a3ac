import { isIP } from 'node:net';
import type { Fact, Identifier, ObservationRecord } from '@backcheck/core';
import { hostIdentifier } from '../host-identifier.ts';
import { countAt, textAt, valueAt } from '../json-value.ts';
import { certificateSaid } from './certificate.ts';
import { type CipherList, cipherList, cipherSaid } from './cipher-suites.ts';
import { COMMANDS, type Said, say } from './commands.ts';

export interface Server {
  readonly identifiers: readonly Identifier[];
  readonly port: number;
  /** The name asked for (SNI) where it is another than the target's; else ''. */
  readonly sni: string;
}

/** Versions 3 and 4 keep the place of the server one level deeper. */
function info(record: unknown): unknown {
  return valueAt(record, 'server_info') ?? record;
}

/** Undefined without a usable name or address and port. */
export function serverOf(record: unknown): Server | undefined {
  const location = valueAt(info(record), 'server_location');
  const name = textAt(location, 'hostname') ?? '';
  const host = hostIdentifier(name);
  const port = countAt(location, 'port') ?? 0;
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  const ip = textAt(location, 'ip_address') ?? '';
  const address: Identifier[] = isIP(ip) === 0 ? [] : [{ kind: 'ip', value: ip }];
  const asked = textAt(info(record), 'network_configuration', 'tls_server_name_indication') ?? '';
  const sni = asked.toLowerCase() === name.toLowerCase() ? '' : asked.toLowerCase();
  return { identifiers: [host, ...address], port, sni };
}

/** Versions 3 and 4 list what could not be connected to elsewhere. */
export function isTested(record: unknown): boolean {
  if (valueAt(record, 'scan_commands_results') !== undefined) return true;
  return textAt(record, 'scan_status') === 'COMPLETED' && valueAt(record, 'scan_result') != null;
}

/** What one scan command came to. `failed`: it was tried, without an answer. Undefined when it was not asked for. */
type Attempt = { readonly result: unknown } | 'failed' | undefined;

function attemptOf(record: unknown, command: string): Attempt {
  const old = valueAt(record, 'scan_commands_results', command);
  if (old !== undefined) return { result: old };
  if (valueAt(record, 'scan_commands_errors', command) !== undefined) return 'failed';
  const attempt = valueAt(record, 'scan_result', command);
  const status = textAt(attempt, 'status');
  if (status === 'ERROR') return 'failed';
  const result = valueAt(attempt, 'result');
  return status === 'COMPLETED' && result != null ? { result } : undefined;
}

export function serverFacts(record: unknown, server: Server, asset: string): Fact[] {
  const attempt = (command: string): Attempt => attemptOf(record, command);
  const simple = COMMANDS.flatMap(({ command, weakness, judge }): Said[] => {
    const come = attempt(command);
    if (come === undefined) return [];
    const present = come === 'failed' ? undefined : judge(come.result);
    return [say(weakness, present)];
  });
  const certificate = attempt('certificate_info');
  const lists = CIPHER_COMMANDS.flatMap(([command, protocol]): CipherList[] => {
    const come = attempt(command);
    if (come === undefined) return [];
    return [come === 'failed' ? { protocol, failed: true, accepted: [] } : cipherList(protocol, come.result)];
  });
  const said = [...simple, ...certificateSaid(certificate), ...cipherSaid(lists)];
  const blocked = stoppedSpeaking(record, lists);
  return [
    ...said.map((one) => observation(blocked ? unsure(one) : one, server, asset)),
    ...lists.map((list) => cipherClaim(blocked ? { ...list, failed: true } : list, server, asset)),
  ];
}

/** The protocol of the first connection was refused later: whatever the server seems not to have, it did not answer. */
function stoppedSpeaking(record: unknown, lists: readonly CipherList[]): boolean {
  const spoken =
    textAt(record, 'connectivity_result', 'highest_tls_version_supported') ??
    textAt(info(record), 'tls_probing_result', 'highest_tls_version_supported');
  const command = `${spoken?.toLowerCase()}_cipher_suites`;
  const protocol = CIPHER_COMMANDS.find(([name]) => name === command)?.[1];
  return lists.some((list) => list.protocol === protocol && list.accepted.length === 0);
}

function unsure(said: Said): Said {
  return said.verdict === 'absent' ? { ...said, verdict: 'error' } : said;
}

const CIPHER_COMMANDS = [
  ['ssl_2_0_cipher_suites', 'SSLv2'],
  ['ssl_3_0_cipher_suites', 'SSLv3'],
  ['tls_1_0_cipher_suites', 'TLSv1.0'],
  ['tls_1_1_cipher_suites', 'TLSv1.1'],
  ['tls_1_2_cipher_suites', 'TLSv1.2'],
  ['tls_1_3_cipher_suites', 'TLSv1.3'],
] as const;

function observation(said: Said, { port, sni }: Server, asset: string): ObservationRecord {
  const place = { asset, transport: 'tcp', port } as const;
  return { record: 'observation', ...place, ...said, locus: locusOf(sni, said.locus), cvss: [], at: null };
}

/** The answer holds for the name that was asked for (COVERAGE 5.2). */
function locusOf(sni: string, place: string): string {
  return [sni, place].filter((part) => part !== '').join('#');
}

/** Each cipher of a protocol was either accepted or refused, so a finished list speaks for those it does not hold. */
function cipherClaim({ protocol, failed }: CipherList, { port, sni }: Server, asset: string): Fact {
  const claim = {
    record: 'coverage',
    asset,
    transport: 'tcp',
    ports: String(port),
    checks: { ids: ['sslyze:weak-cipher'] },
    method: 'remote',
    assumptions: [],
    within: [locusOf(sni, protocol)],
  } as const;
  return failed ? { ...claim, evidence: 'E0', reason: 'CHECK_NOT_RUN' } : { ...claim, evidence: 'E2' };
}
