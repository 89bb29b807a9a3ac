import type { Fact, Transport } from '@backcheck/core';
import { epochInstant } from '../epoch-instant.ts';
import { hostIdentifier } from '../host-identifier.ts';
import { lookUp } from '../look-up.ts';
import { portNumber } from '../port-number.ts';
import type { VisitLog } from '../visit-log.ts';

/** What Masscan says of one port, in any of its formats. Texts as written. */
export interface PortRow {
  readonly address: string;
  /** Seconds since 1970. */
  readonly time: string;
  readonly protocol: string;
  readonly port: string;
  /** '' in the row of a banner: only an open port has one. */
  readonly status: string;
  /** The protocol that the banner speaks; 'vuln' is a weakness. */
  readonly service: string;
  readonly banner: string;
}

const TRANSPORTS: Readonly<Record<string, Transport>> = { tcp: 'tcp', udp: 'udp', sctp: 'sctp' };

/**
 * Null when the row names no address and port. A port that is open is a presence; one that is closed
 * (`--show closed`: the asset itself refused) an explicit absence. All other ports are not in the file: nobody knows
 * whether they were asked, or answered.
 */
export function portFacts(row: PortRow, visits: VisitLog): Fact[] | null {
  const address = hostIdentifier(row.address);
  if (address?.kind !== 'ip') return null;
  const at = epochInstant(row.time);
  const visit = visits.visit(address);
  visit.reached = true;
  visit.seenAt(at === null ? null : Date.parse(at));
  const transport = lookUp(TRANSPORTS, row.protocol);
  // Answers to a ping have no port.
  if (transport === undefined) return [];
  const port = portNumber(row.port);
  if (port === undefined) return null;
  const nothing = { locus: '', severity: 'info', cve: [], cwe: [], cvss: [], at } as const;
  const where = { record: 'observation', asset: visit.id, transport, port, ...nothing } as const;
  const openPort = { ...where, check: 'masscan:open-port', title: `Port ${port}/${transport} is open` };
  // Other rows of the asset date the visit, not this row.
  if (row.status === 'closed') return at === null ? [] : [{ ...openPort, verdict: 'absent' }];
  if (row.status !== 'open' && row.status !== '') return [];
  return [{ ...openPort, verdict: 'present' }, ...weaknesses(row).map((one) => ({ ...where, ...one }))];
}

/** Weaknesses that the TLS banner names (proto-ssl.c); "heartbeat" alone is the extension, not the weakness. */
const NAMED = [
  ['heartbleed', 'The server leaks its memory (Heartbleed)', 'high', 'CVE-2014-0160', /\bheartbleed\b/i],
  ['ticketbleed', 'The server leaks its memory (Ticketbleed)', 'high', 'CVE-2016-9244', /\bticketbleed\b/i],
  ['poodle', 'The server speaks SSL 3.0 with CBC (POODLE)', 'medium', 'CVE-2014-3566', /\bpoodle\b/i],
  ['ssl3', 'The server speaks SSL 3.0', 'medium', undefined, /SSL\[v3\]/],
] as const;

function weaknesses({ service, banner }: PortRow) {
  if (service !== 'vuln') return [];
  return NAMED.filter(([, , , , text]) => text.test(banner)).map(([id, title, severity, cve]) => ({
    check: `masscan:${id}`,
    title,
    severity,
    cve: cve === undefined ? [] : [cve],
    verdict: 'present' as const,
  }));
}
