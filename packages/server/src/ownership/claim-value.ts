import { readRange } from '@backcheck/core';

/** Wider than this nobody owns: such a claim would speak of half the register. */
const WIDEST = { 4: 8, 6: 16 } as const;
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/**
 * "192.0.2.0/24", or an address as a range of one. Null when it is no range, is too wide, or has a bit set behind its
 * length: then one of the two was mistyped.
 */
export function readClaimedRange(text: string): string | null {
  const six = text.includes(':');
  const [address = '', length = six ? '128' : '32', rest] = text.trim().toLowerCase().split('/');
  const cidr = `${address}/${length}`;
  const whole = six ? 128 : 32;
  if (rest !== undefined || readRange(cidr) === null || Number(length) < WIDEST[six ? 6 : 4]) return null;
  const bits = addressBits(address, six);
  return /^0*$/.test(bits.slice(Number(length), whole)) ? cidr : null;
}

/** Of an address that is valid: the URL standard writes it out in full or shortens it, the same for every spelling. */
function addressBits(address: string, six: boolean): string {
  if (!six)
    return address
      .split('.')
      .map((one) => Number(one).toString(2).padStart(8, '0'))
      .join('');
  const [left = '', right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (side: string | undefined): string[] => (side ? side.split(':') : []);
  const [first, last] = [groups(left), groups(right)];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...zeros, ...last]
    .map((one) => Number.parseInt(one, 16).toString(2).padStart(16, '0'))
    .join('');
}

/** "Www.Exämple.org." becomes "www.xn--exmple-cua.org". Null when it is no name, an address, or a top-level domain. */
export function readClaimedDomain(text: string): string | null {
  const name = text.trim().replace(/^\*\./, '').replace(/\.$/, '');
  if (/[/:@?#\\\s%]/.test(name) || !URL.canParse(`http://${name}`)) return null;
  const { hostname } = new URL(`http://${name}`);
  const labels = hostname.split('.');
  const numeric = /^\d+$/.test(labels.at(-1) ?? '');
  return hostname.length <= 253 && labels.length >= 2 && !numeric && labels.every((one) => LABEL.test(one))
    ? hostname
    : null;
}
