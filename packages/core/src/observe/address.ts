/** An address or the first address of a range: 32 or 128 bits. */
interface Address {
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

function readAddress(text: string): Address | null {
  const v6 = text.includes(':');
  const value = v6 ? readV6(text) : readV4(text);
  return value === null ? null : { bits: v6 ? 128 : 32, value };
}

export type AddressRange = (address: string) => boolean;

/** Reads "192.0.2.0/24" or "2001:db8::/64" into a question. Null when it is no range. */
export function readRange(cidr: string): AddressRange | null {
  const [text = '', length = ''] = cidr.split('/');
  const first = readAddress(text);
  if (first === null || !/^\d{1,3}$/.test(length) || Number(length) > first.bits) return null;
  const rest = BigInt(first.bits - Number(length));
  return (address) => {
    const one = readAddress(address);
    return one !== null && one.bits === first.bits && one.value >> rest === first.value >> rest;
  };
}
