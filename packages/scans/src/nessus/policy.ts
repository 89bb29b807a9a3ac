import { type PortSet, parsePorts, unionPorts, withoutPorts } from '@backcheck/core';

/** Ports that a scan was told to examine; null for a transport where the file leaves it to the scanner. */
export interface PortPlan {
  readonly tcp: PortSet | null;
  readonly udp: PortSet | null;
}

const NO_PLAN: PortPlan = { tcp: null, udp: null };

/**
 * What both the policy and the scan's own account of an asset name. They are the same in an honest file;
 * in any other the smaller claim holds. Null: that part is not in the file.
 */
export function commonPlan(a: PortPlan | null, b: PortPlan | null): PortPlan {
  if (a === null || b === null) return a ?? b ?? NO_PLAN;
  return { tcp: common(a.tcp, b.tcp), udp: common(a.udp, b.udp) };
}

function common(a: PortSet | null, b: PortSet | null): PortSet | null {
  return a === null || b === null ? null : withoutPorts(a, withoutPorts(a, b));
}

/**
 * Reads Nessus' "port_range": "1-65535", "22,80,443", "T:1-1024,U:53", "all", "default".
 * "default" is Nessus' own list of services, which no file contains: such a part adds nothing.
 * A range without a letter counts for TCP only, because Nessus scans UDP ports only when its UDP scanner is on.
 */
export function parsePortRange(text: string): PortPlan {
  let transport: 'tcp' | 'udp' = 'tcp';
  const plan: { tcp: PortSet | null; udp: PortSet | null } = { tcp: null, udp: null };
  for (const part of text.trim().split(/[\s,;]+/)) {
    const [, letter, range = ''] = /^([TU]:)?(.*)$/i.exec(part) ?? [];
    if (letter !== undefined) transport = letter.toUpperCase() === 'T:' ? 'tcp' : 'udp';
    const ports = portsOf(range);
    if (ports !== null) plan[transport] = unionPorts(plan[transport] ?? [], ports);
  }
  return plan;
}

function portsOf(range: string): PortSet | null {
  if (range.toLowerCase() === 'all') return [[1, 65_535]];
  const ports = range === '' ? null : parsePorts(range);
  const last = ports?.at(-1);
  return ports !== null && last !== undefined && last[1] <= 65_535 ? ports : null;
}

/**
 * "146991;15713;…" as ranges "15713,146991"; null when there is no id. Real sets hold 140,000 ids: 890 kB of
 * text, 13 kB as ranges.
 */
export function parsePluginSet(text: string): string | null {
  return rangesOf(numbersIn(text, 1).sort());
}

/** The numbers of at least `digits` and at most nine digits, in a loop: a regular expression takes 0.1 s for 140,000. */
export function numbersIn(text: string, digits: number): Uint32Array {
  const numbers = new Uint32Array(Math.ceil(text.length / (digits + 1)) + 1);
  let count = 0;
  let length = 0;
  let value = 0;
  for (let at = 0; at <= text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      length += 1;
      continue;
    }
    if (length >= digits && length <= 9) numbers[count++] = value;
    length = value = 0;
  }
  return numbers.subarray(0, count);
}

/** Sorted plugin ids as "10001-10003,51192". */
export function rangesOf(sorted: Uint32Array): string | null {
  const ranges: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    const from = sorted[i] ?? 0;
    let to = from;
    for (i += 1; i < sorted.length && (sorted[i] ?? 0) <= to + 1; i++) to = sorted[i] ?? 0;
    ranges.push(from === to ? `${from}` : `${from}-${to}`);
  }
  return ranges.length === 0 ? null : ranges.join(',');
}

const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+)$/i;
const NAME = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;

/** Whether it is an IP address, as opposed to a name. */
export function isAddress(target: string): boolean {
  return ADDRESS.test(target);
}

/**
 * The single addresses and names of Nessus' TARGET. Ranges and networks name no asset that was missed:
 * most of their addresses are nobody's. "www.example.org[192.0.2.7]" is the name, scanned at that address.
 */
export function parseTargets(text: string): string[] {
  const targets = text.split(/[\s,]+/).map((target) => target.replace(/\[[^\]]*\]$/, ''));
  const single = targets.filter(
    (target) => isAddress(target) || (NAME.test(target) && !/^[\d.]+(-[\d.]+)?$/.test(target)),
  );
  return [...new Set(single)];
}
