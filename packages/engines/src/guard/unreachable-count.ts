import { readFile } from 'node:fs/promises';

/**
 * How many ICMP messages "destination unreachable" this machine (its network namespace) has heard, over IPv4 and
 * IPv6; null where the system does not say. Linux reports the one for "port unreachable" to a program that connects
 * as ECONNREFUSED, the same as a reset of the target, although only a filter sends it over TCP.
 */
export async function unreachableCount(): Promise<number | null> {
  // Not there on other systems, and the second one not without IPv6.
  const text = (name: string): Promise<string> => readFile(`/proc/self/net/${name}`, 'utf8').catch(() => '');
  return readUnreachableCount(await text('snmp'), await text('snmp6'));
}

/** Reads the counters of RFC 1213 (icmpInDestUnreachs) and RFC 4293 as Linux writes them. */
export function readUnreachableCount(snmp: string, snmp6: string): number | null {
  const [names = [], values = []] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Icmp: '))
    .map((line) => line.split(' '));
  const v4 = values[names.indexOf('InDestUnreachs')];
  const v6 = /^Icmp6InDestUnreachs\s+(\d+)$/m.exec(snmp6)?.[1] ?? '0';
  return v4 === undefined || !/^\d+$/.test(v4) ? null : Number(v4) + Number(v6);
}
