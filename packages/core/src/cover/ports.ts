/** Closed ranges of port numbers, sorted, disjoint and not adjacent: the one normal form of a set. */
export type PortSet = readonly (readonly [from: number, to: number])[];

export const NO_PORTS: PortSet = [];

function normal(ranges: readonly (readonly [number, number])[]): PortSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

const RANGE = /^(\d{1,10})(?:-(\d{1,10}))?$/;

/**
 * Reads "1-1024,8443" (also check numbers, which have no upper bound of 65535).
 * Returns null when any part is not a number or a rising range: a half-understood list covers nothing.
 */
export function parsePorts(text: string): PortSet | null {
  if (text.trim() === '') return NO_PORTS;
  const ranges: [number, number][] = [];
  for (const part of text.split(',')) {
    const match = RANGE.exec(part.trim());
    if (match === null) return null;
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    if (to < from) return null;
    ranges.push([from, to]);
  }
  return normal(ranges);
}

export function formatPorts(ports: PortSet): string {
  return ports.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

export function portSet(ports: Iterable<number>): PortSet {
  return normal([...ports].map((port) => [port, port] as const));
}

export function unionPorts(a: PortSet, b: PortSet): PortSet {
  return normal([...a, ...b]);
}

export function withoutPorts(a: PortSet, b: PortSet): PortSet {
  return b.reduce<PortSet>(
    (left, [from, to]) =>
      left.flatMap(([f, t]): PortSet => {
        if (to < f || from > t) return [[f, t]];
        const below: PortSet = f < from ? [[f, from - 1]] : [];
        const above: PortSet = t > to ? [[to + 1, t]] : [];
        return [...below, ...above];
      }),
    a,
  );
}

export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  const both: [number, number][] = [];
  let [i, j] = [0, 0];
  for (let one = a[i], other = b[j]; one !== undefined && other !== undefined; one = a[i], other = b[j]) {
    const [from, to] = [Math.max(one[0], other[0]), Math.min(one[1], other[1])];
    if (from <= to) both.push([from, to]);
    if (one[1] < other[1]) i += 1;
    else j += 1;
  }
  return both;
}

/** Binary search: a plugin set has a thousand ranges and is asked once for each finding. */
export function hasPort(ports: PortSet, port: number): boolean {
  let low = 0;
  let high = ports.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ports[middle];
    if (range === undefined) return false;
    if (port < range[0]) high = middle - 1;
    else if (port > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}
