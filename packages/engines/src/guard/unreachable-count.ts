import { readFile } from 'node:fs/promises';
import { codeOf } from './error-code.ts';

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

/** Gives how many such messages were heard so far, or null where nobody knows. */
export type UnreachableCount = () => Promise<number | null>;

/** A message that has nothing to do with us may come in between; not three times in a row. */
const ATTEMPTS = 3;

/**
 * Connects, and says who refused where that fails with ECONNREFUSED: the target itself by a reset (RFC 9293 section
 * 3.10.7.1), or, as far as can be told, a filter in its name. Rejects with whatever else went wrong.
 */
export async function whoRefuses<T>(
  connect: () => Promise<T>,
  heard: UnreachableCount = unreachableCount,
): Promise<{ readonly connected: T } | 'target' | 'filter'> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await heard();
    try {
      return { connected: await connect() };
    } catch (error) {
      if (codeOf(error) !== 'ECONNREFUSED') throw error;
    }
    if (before !== null && before === (await heard())) return 'target';
  }
  return 'filter';
}
