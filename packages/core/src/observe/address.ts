/** An address or the first address of a range: 32 or 128 bits. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

const DECIMAL_BYTE = /^(?:0|[1-9]\d{0,2})$/;

function readV4(text: string): bigint | null {
  const parts = text.split('.');
  const good = parts.length === 4 && parts.every((one) => DECIMAL_BYTE.test(one) && Number(one) < 256);
  return good ? parts.reduce((value, one) => value * 256n + BigInt(one), 0n) : null;
}

/** The groups of one side of "::"; a dotted IPv4 address may stand for the last two (RFC 4291 section 2.2). */
function readGroups(text: string): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  for (const part of text.split(':')) {
    const v4 = part.includes('.') ? readV4(part) : null;
    if (v4 !== null) groups.push(v4 >> 16n, v4 & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}

function readV6(text: string): bigint | null {
  const sides = text.split('::');
  const [left, right] = [readGroups(sides[0] ?? ''), readGroups(sides[1] ?? '')];
  if (sides.length > 2 || left === null || right === null) return null;
  const missing = 8 - left.length - right.length;
  if (sides.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...left, ...Array.from({ length: missing }, () => 0n), ...right];
  return groups.reduce((value, one) => value * 65_536n + one, 0n);
}

/** IPv4 in four decimal bytes, IPv6 in any form of RFC 4291 section 2.2; null for everything else. */
export function readAddress(text: string): Address | null {
  const v6 = text.includes(':');
  const value = v6 ? readV6(text) : readV4(text);
  return value === null ? null : { bits: v6 ? 128 : 32, value };
}

/** The longest run of zero groups, the first of equals, and none of a single group (RFC 5952 section 4.2). */
function longestZeros(groups: readonly string[]): readonly [start: number, end: number] {
  let best: readonly [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start += 1) {
    let end = start;
    while (groups[end] === '0') end += 1;
    if (end - start > Math.max(1, best[1] - best[0])) best = [start, end];
  }
  return best;
}

/** The one text of an address: four decimal bytes, or RFC 5952 (without the mixed form of its section 5). */
export function writeAddress({ bits, value }: Address): string {
  const parts = (count: number, width: bigint): bigint[] =>
    Array.from({ length: count }, (_, index) =>
      BigInt.asUintN(Number(width), value >> (width * BigInt(count - 1 - index))),
    );
  if (bits === 32) return parts(4, 8n).join('.');
  const groups = parts(8, 16n).map((group) => group.toString(16));
  const [start, end] = longestZeros(groups);
  if (start === end) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(end).join(':')}`;
}

/** A range: `first` with the leading `length` bits that all of its addresses share. Bits behind them are as written. */
export interface Network {
  readonly first: Address;
  readonly length: number;
}

/** "192.0.2.0/24" or "2001:db8::/64"; null when it is no range. */
export function readNetwork(cidr: string): Network | null {
  const [text = '', length = '', ...more] = cidr.split('/');
  const first = readAddress(text);
  if (first === null || more.length > 0 || !/^\d{1,3}$/.test(length) || Number(length) > first.bits)
    return null;
  return { first, length: Number(length) };
}

export function networkContains({ first, length }: Network, address: Address): boolean {
  const rest = BigInt(first.bits - length);
  return address.bits === first.bits && address.value >> rest === first.value >> rest;
}

export type AddressRange = (address: string) => boolean;

/** Reads "192.0.2.0/24" or "2001:db8::/64" into a question. Null when it is no range. */
export function readRange(cidr: string): AddressRange | null {
  const network = readNetwork(cidr);
  if (network === null) return null;
  return (text) => {
    const address = readAddress(text);
    return address !== null && networkContains(network, address);
  };
}
