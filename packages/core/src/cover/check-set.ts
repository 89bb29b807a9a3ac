import { checkPrefix, runsCheck } from '../observe/finding-key.ts';
import type { Checks } from '../observe/record.ts';
import { hasPort, NO_PORTS, type PortSet, parsePorts } from './ports.ts';

/** Which checks a claim speaks of, ready to be asked. */
export type CheckSet =
  | { readonly kind: 'ids'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'ranges'; readonly tool: string; readonly numbers: PortSet }
  | { readonly kind: 'all'; readonly tool: string };

/** The last set of ranges read: a Nessus file repeats one text of 13 kB for every asset. */
let lastRanges: { text: string; numbers: PortSet } = { text: '', numbers: NO_PORTS };

/** `tool` is the scan's tool name: ranges and "all" speak of its checks only. Unreadable ranges contain nothing. */
export function checkSet(checks: Checks, tool: string): CheckSet {
  if ('ids' in checks) return { kind: 'ids', ids: new Set(checks.ids) };
  if ('all' in checks) return { kind: 'all', tool };
  if (lastRanges.text !== checks.ranges) {
    lastRanges = { text: checks.ranges, numbers: parsePorts(checks.ranges) ?? NO_PORTS };
  }
  return { kind: 'ranges', tool, numbers: lastRanges.numbers };
}

export function hasCheck(set: CheckSet, check: string): boolean {
  switch (set.kind) {
    case 'ids':
      return set.ids.has(check);
    case 'all':
      return runsCheck(set.tool, check);
    case 'ranges':
      return checkPrefix(check) === set.tool && hasPort(set.numbers, checkNumber(check) ?? -1);
  }
}

/** "nessus:51192" -> 51192; null where the native id is not a plain number. */
export function checkNumber(check: string): number | null {
  const native = check.slice(check.indexOf(':') + 1);
  return /^\d{1,9}$/.test(native) ? Number(native) : null;
}
