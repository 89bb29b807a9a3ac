import type {
  Checks,
  CoverageRecord,
  Identifier,
  Instant,
  ObservationRecord,
  Severity,
  Transport,
} from '@backcheck/core';
import { plainOfHtml } from '../explanation.ts';
import { hostIdentifier } from '../host-identifier.ts';

/** One QID found at one place, as all formats of Qualys have it. */
export interface Detection {
  readonly asset: string;
  readonly qid: string;
  readonly transport: Transport;
  readonly port: number;
  readonly locus: string;
  readonly at: Instant | null;
  /** Found by an agent on the machine. */
  readonly local: boolean;
}

/** What the knowledge base says of a QID. */
export interface CheckText {
  readonly title: string;
  readonly severity: Severity;
  readonly cve: readonly string[];
  readonly cwe: readonly string[];
  readonly cvss: readonly string[];
}

export const UNKNOWN_CHECK: CheckText = { title: '', severity: 'info', cve: [], cwe: [], cvss: [] };

/** Elements and columns with the texts of a QID, which are HTML. Each format has its own names for the same. */
export const WORDS: readonly string[] = [
  'THREAT',
  'DIAGNOSIS',
  'DESCRIPTION',
  'IMPACT',
  'CONSEQUENCE',
  'SOLUTION',
];

export function wordsOf(text: (name: string) => string) {
  return {
    description: plainOfHtml(text('THREAT') || text('DIAGNOSIS') || text('DESCRIPTION')),
    harm: plainOfHtml(text('IMPACT') || text('CONSEQUENCE')),
    advice: plainOfHtml(text('SOLUTION')),
  };
}

/** QIDs that report on the scan and not on the asset: scan time, and how the login went. */
export const ABOUT_THE_SCAN: ReadonlySet<string> = new Set(['45038', '38307', '105015', '105053']);

const GRADES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

/** Qualys grades 1 (minimal) to 5 (urgent); PCI reports also use words. */
export function severityOfLevel(level: string): Severity {
  return GRADES[Number(level) - 1] ?? 'info';
}

/** "8.1 (AV:N/AC:H/…)"; `version` is what the brackets leave out: "" for 2, "CVSS:3.0/". */
export function vectorIn(text: string, version: string): string[] {
  const vector = /\(((?:[A-Z][A-Za-z]{0,2}:[A-Z]{1,3}\/?){4,30})\)/.exec(text)?.[1];
  return vector === undefined ? [] : [`${version}${vector}`];
}

/** Null for an impossible port. Some exports name a port without a protocol; then it is TCP. */
export function serviceOf(port: string, protocol: string): { transport: Transport; port: number } | null {
  if (port === '' || port === '0') return { transport: 'none', port: 0 };
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return null;
  const transport = protocol.toLowerCase();
  if (transport === 'udp') return { transport, port: Number(port) };
  return transport === 'tcp' || transport === '' ? { transport: 'tcp', port: Number(port) } : null;
}

/** The virtual host and the instance of a product, where one check can find several at one port. */
export function locusOf(fqdn: string, instance: string): string {
  return [fqdn, instance].filter((part) => part !== '').join('#');
}

/** `tracking` says by what Qualys knows the asset again ("IP", "DNS", …); an agent's id outlives both. */
export function identifiersOf(host: {
  readonly ip: string;
  readonly dns: string;
  readonly tracking: string;
  readonly agent?: string;
  readonly cloud?: string;
}): Identifier[] {
  const byName = host.tracking.toUpperCase() === 'DNS';
  const named = (byName ? [host.dns, host.ip] : [host.ip, host.dns]).flatMap(
    (name) => hostIdentifier(name) ?? [],
  );
  return [
    ...named,
    ...(host.agent ? [{ kind: 'agent', value: host.agent } as const] : []),
    ...(host.cloud ? [{ kind: 'cloud', value: host.cloud } as const] : []),
  ];
}

export function presenceOf(found: Detection, text: CheckText): ObservationRecord {
  const { asset, transport, port, locus, at, local } = found;
  const check = `qualys:${found.qid}`;
  const method = local ? { method: 'local' as const } : {};
  return {
    record: 'observation',
    asset,
    transport,
    port,
    check,
    locus,
    verdict: 'present',
    ...text,
    at,
    ...method,
  };
}

/** The vendor's own conclusion from its scans. */
export function vendorSaysFixed({ asset, transport, port, qid, locus, local }: Detection): CoverageRecord {
  return {
    record: 'coverage',
    asset,
    transport,
    ports: `${port}`,
    checks: { ids: [`qualys:${qid}`] },
    within: [locus],
    method: local ? 'local' : 'remote',
    evidence: 'E1',
    assumptions: ['A-vendor'],
  };
}

/** Silence about a whole asset. Ports and tests are in option profiles, which no file contains. */
export function assumedSilence(
  asset: string,
  { checks, local, assumptions }: { checks: Checks; local: boolean; assumptions: readonly string[] },
): CoverageRecord[] {
  const method = local ? 'local' : 'remote';
  const claim = { record: 'coverage', asset, checks, method, evidence: 'E1' } as const;
  const onPorts = { ports: '1-65535', assumptions: [...assumptions, 'A-ports'] };
  return [
    { ...claim, transport: 'none', ports: '0', assumptions },
    { ...claim, transport: 'tcp', ...onPorts },
    { ...claim, transport: 'udp', ...onPorts },
  ];
}
