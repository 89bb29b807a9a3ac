import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { coversTarget, type RetestObstacle, readAddress, readTarget, writeAddress } from '@backcheck/core';
import type { Bounds, Pinned } from './refusal.ts';

export type Resolved =
  | ({ readonly kind: 'pinned' } & Pinned)
  | { readonly kind: 'refused'; readonly why: RetestObstacle; readonly detail: string };

/** All addresses of a name; rejects when there are none. Other than the system's in tests only. */
export type Lookup = (name: string) => Promise<readonly { readonly address: string }[]>;

// In the order of the system: it puts first what this machine can reach (RFC 6724).
const systemLookup: Lookup = (name) => lookup(name, { all: true, order: 'verbatim' });

/**
 * Asks for the addresses of a target once, wants every one of them covered, and pins the first. A name with one
 * covered and one other answer is refused: which of them is met would be left to whoever answers.
 */
export async function resolveTarget(
  host: string,
  { authorization, ownAddresses }: Pick<Bounds, 'authorization' | 'ownAddresses'>,
  ask: Lookup = systemLookup,
): Promise<Resolved> {
  const target = readTarget(host);
  if (target.kind === 'refused') return refused('ADDRESS_REFUSED', `${shown(host)}: ${target.form}`);
  const answers = target.kind === 'address' ? [target.address] : await askOnce(target.name, ask);
  const [first] = answers;
  if (first === undefined) return refused('NAME_UNRESOLVED', shown(host));
  for (const address of answers) {
    const why = coversTarget(authorization, { host, address, ownAddresses });
    if (why !== null) return refused(why, `${shown(host)} is ${shown(address)}`);
  }
  return { kind: 'pinned', host, address: first };
}

async function askOnce(name: string, ask: Lookup): Promise<string[]> {
  try {
    return (await ask(name)).map(({ address }) => address);
  } catch {
    // whatever the resolver complains about, there is no address to go to
    return [];
  }
}

function refused(why: RetestObstacle, detail: string): Resolved {
  return { kind: 'refused', why, detail };
}

/** Somebody else's text in a line for people and logs. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

/** Of all network interfaces of this machine, each in its canonical form. */
export function ownAddresses(): string[] {
  const texts = Object.values(networkInterfaces()).flatMap((cards) =>
    (cards ?? []).map((card) => card.address),
  );
  return [...new Set(texts)].flatMap((text) => {
    const address = readAddress(text.replace(/%.*$/, ''));
    return address === null ? [] : [writeAddress(address)];
  });
}
