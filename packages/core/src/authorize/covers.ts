import { type Address, networkContains, readAddress, readNetwork, writeAddress } from '../observe/address.ts';
import type { Instant } from '../observe/record.ts';
import { type AddressClass, blockOf, classOf } from './address-class.ts';
import type { Authorization, ProbeMethod } from './authorization.ts';
import { readTarget } from './target.ts';

export type TargetRefusal = 'NOT_AUTHORIZED' | 'ADDRESS_REFUSED';

/** A target as it is about to be probed. */
export interface Aim {
  /** How the asset is known: a name or an address. */
  readonly host: string;
  /** Where every connection goes; of a host that is an address, the same. */
  readonly address: string;
  /** Of the machine that probes and of the installation. */
  readonly ownAddresses: readonly string[];
}

/** No wider than this a range was meant address by address. */
const NARROW = { 32: 24, 128: 64 } as const;

/** Null: the authorization covers it. Says nothing about methods and times. */
export function coversTarget(
  authorization: Pick<Authorization, 'ranges' | 'names'>,
  aim: Aim,
): TargetRefusal | null {
  const [host, pinned] = [readTarget(aim.host), readTarget(aim.address)];
  if (host.kind === 'refused' || pinned.kind !== 'address') return 'ADDRESS_REFUSED';
  if (host.kind === 'address' && host.address !== pinned.address) return 'ADDRESS_REFUSED';
  const address = readAddress(pinned.address);
  if (address === null) return 'ADDRESS_REFUSED';
  const own = isOwn(address, aim.ownAddresses);
  const kind = classOf(address);
  if (authorization.ranges.some((range) => lists(range, { address, kind, own }))) return null;
  const named = host.kind === 'name' && authorization.names.some((name) => isBelow(name, host.name));
  const ordinary = !own && (kind === 'global' || kind === 'private');
  if (!ordinary) return 'ADDRESS_REFUSED';
  if (!named) return 'NOT_AUTHORIZED';
  // whoever owns a name can point it into somebody's inner network (DNS rebinding)
  return kind === 'private' ? 'ADDRESS_REFUSED' : null;
}

interface Judged {
  readonly address: Address;
  readonly kind: AddressClass;
  readonly own: boolean;
}

/**
 * A special address is listed only by a range that was meant for it: a narrow one, or one inside of a special block.
 * "0.0.0.0/0" does not list loopback, "10.0.0.0/8" does not list this machine, and no wide range lists metadata.
 */
function lists(range: string, { address, kind, own }: Judged): boolean {
  const network = readNetwork(range);
  if (network === null || !networkContains(network, address)) return false;
  if (network.length >= NARROW[network.first.bits]) return true;
  const block = blockOf(network);
  if (kind === 'metadata') return false;
  if (own) return block !== null && block !== 'private';
  return kind === 'global' || block !== null;
}

function isOwn(address: Address, ownAddresses: readonly string[]): boolean {
  return ownAddresses.includes(writeAddress(address));
}

/** "*.example.org": all names below it, not itself. */
function isBelow(listed: string, name: string): boolean {
  return listed.startsWith('*.') ? name.endsWith(listed.slice(1)) : name === listed;
}

export function allowsMethod(
  authorization: Pick<Authorization, 'allowed' | 'forbidden'>,
  method: ProbeMethod,
): boolean {
  return authorization.allowed.includes(method) && !authorization.forbidden.includes(method);
}

/** Approved, neither stopped nor revoked, begun and not yet ended. Its hours are `windowAt`. */
export function isInForce(
  authorization: Pick<Authorization, 'approvedAt' | 'stoppedAt' | 'revokedAt' | 'validFrom' | 'expiresAt'>,
  at: Instant,
): boolean {
  const { approvedAt, stoppedAt, revokedAt, validFrom, expiresAt } = authorization;
  return approvedAt !== null && stoppedAt === null && revokedAt === null && validFrom <= at && at < expiresAt;
}
