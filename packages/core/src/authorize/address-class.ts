import { type Address, type Network, networkContains, readAddress, readNetwork } from '../observe/address.ts';

/** What kind of place an address is. `translated`: an IPv6 address that stands for a global IPv4 address. */
export type AddressClass =
  | 'global'
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'metadata'
  | 'multicast'
  | 'broadcast'
  | 'unspecified'
  | 'reserved'
  | 'translated';

/**
 * The IANA registries of special-purpose IPv4 and IPv6 addresses (RFC 6890, as of 2025), multicast (RFC 5771, RFC
 * 4291 section 2.7), and where clouds answer with credentials: AWS, Azure, Google, OpenStack (169.254.169.254,
 * fd00:ec2::254, fd20:ce::254, fe80::a9fe:a9fe), AWS containers (169.254.170.2, .23), Azure's host (168.63.129.16),
 * Alibaba (100.100.100.200), Tencent (169.254.0.23), Oracle (192.0.0.192). The first line that contains it wins.
 */
const TABLE: readonly (readonly [AddressClass, ...string[]])[] = [
  ['metadata', '169.254.169.254/32', '169.254.170.2/32', '169.254.170.23/32', '169.254.0.23/32'],
  ['metadata', '168.63.129.16/32', '100.100.100.200/32', '192.0.0.192/32'],
  ['metadata', 'fd00:ec2::/64', 'fd20:ce::254/128', 'fe80::a9fe:a9fe/128'],
  ['unspecified', '0.0.0.0/32', '::/128'],
  ['broadcast', '255.255.255.255/32'],
  ['loopback', '127.0.0.0/8', '::1/128'],
  ['link-local', '169.254.0.0/16', 'fe80::/10'],
  ['private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
  ['multicast', '224.0.0.0/4', 'ff00::/8'],
  ['reserved', '0.0.0.0/8', '240.0.0.0/4', '192.0.0.0/24', '192.88.99.0/24', '198.18.0.0/15'],
  ['reserved', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  ['reserved', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
  // of IPv6 only 2000::/3 is given out (RFC 4291 section 2.4); what is in no line here is reserved
  ['global', '0.0.0.0/0', '2000::/3'],
];

const network = (cidr: string): Network => {
  const known = readNetwork(cidr);
  if (known === null) throw new Error(`not a range: ${cidr}`);
  return known;
};

const CLASSES = TABLE.flatMap(([name, ...ranges]) =>
  ranges.map((range) => ({ name, network: network(range) })),
);

/** IPv6 prefixes that carry an IPv4 address, and how far from the right end it stands (in bits). */
const CARRIERS: readonly { readonly network: Network; readonly shift: bigint; readonly flip?: true }[] = [
  // IPv4-mapped, IPv4-translated (RFC 2765) and IPv4-compatible (RFC 4291 section 2.5.5)
  { network: network('::ffff:0:0/96'), shift: 0n },
  { network: network('::ffff:0:0:0/96'), shift: 0n },
  { network: network('::/96'), shift: 0n },
  // NAT64 (RFC 6052 section 2.1; RFC 8215, whose operator may have chosen another place)
  { network: network('64:ff9b::/96'), shift: 0n },
  { network: network('64:ff9b:1::/48'), shift: 0n },
  // 6to4 (RFC 3056), and the client of Teredo, written inverted (RFC 4380 section 4)
  { network: network('2002::/16'), shift: 80n },
  { network: network('2001::/32'), shift: 0n, flip: true },
];

const ISATAP = new Set([0x0000_5efen, 0x0200_5efen]);

/** The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64, 6to4, Teredo, ISATAP (RFC 5214). */
export function carriedIpv4(address: Address): Address | null {
  if (address.bits === 32 || address.value < 2n) return null;
  const inner = (shift: bigint): bigint => BigInt.asUintN(32, address.value >> shift);
  const carrier = CARRIERS.find((one) => networkContains(one.network, address));
  if (carrier !== undefined) {
    const value = inner(carrier.shift);
    return { bits: 32, value: carrier.flip ? value ^ 0xffff_ffffn : value };
  }
  return ISATAP.has(inner(32n)) ? { bits: 32, value: inner(0n) } : null;
}

/** An address that carries another one is judged by the inner one. Null when the text is no address. */
export function addressClass(text: string): AddressClass | null {
  const address = readAddress(text);
  return address === null ? null : classOf(address);
}

export function classOf(address: Address): AddressClass {
  const inner = carriedIpv4(address);
  const found = CLASSES.find((one) => networkContains(one.network, inner ?? address))?.name ?? 'reserved';
  return inner !== null && found === 'global' ? 'translated' : found;
}

/** The special block in which a whole range lies, if it does. */
export function blockOf({ first, length }: Network): AddressClass | null {
  const block = CLASSES.find((one) => one.network.length <= length && networkContains(one.network, first));
  return block === undefined || block.name === 'global' ? null : block.name;
}
