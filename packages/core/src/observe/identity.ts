import { IDENTIFIER_KINDS, type Identifier, type IdentifierKind } from './record.ts';

/** Identifiers that a machine keeps when its address changes; they outrank the address the tool used. */
export const ANCHOR_KINDS: readonly IdentifierKind[] = ['agent', 'cloud', 'serial'];

/** Identifiers whose disagreement means "another machine behind the same address" (COVERAGE.md 5.1). */
export const STRONG_KINDS: readonly IdentifierKind[] = ['agent', 'cloud', 'serial', 'mac', 'hostkey'];

const CASELESS: readonly IdentifierKind[] = ['fqdn', 'mac', 'agent', 'ip', 'serial', 'hostkey'];

function written({ kind, value }: Identifier): string {
  const plain = CASELESS.includes(kind) ? value.toLowerCase() : value;
  return `${kind}:${kind === 'fqdn' ? plain.replace(/\.$/, '') : plain}`;
}

/**
 * The name that a visit gives its asset: an agent id, a cloud id or a serial number where there is one,
 * else the identifier that the tool addressed. "ip:192.0.2.7", "fqdn:www.example.org".
 */
export function identityOf(identifiers: readonly Identifier[]): string {
  const anchor = ANCHOR_KINDS.flatMap((kind) => identifiers.filter((one) => one.kind === kind))[0];
  const named = anchor ?? identifiers[0];
  if (named === undefined) throw new Error('an asset record without identifiers');
  return written(named);
}

/** "mac:00:00:5e:00:53:01" and the like, sorted, each once. */
export function strongIdentifiers(identifiers: readonly Identifier[]): string[] {
  const strong = identifiers.filter((one) => STRONG_KINDS.includes(one.kind)).map(written);
  return [...new Set(strong)].sort();
}

/**
 * The identifier that an identity consists of. Null when the text is not as `identityOf` would write it: an asset
 * of that name could never be met.
 */
export function identifierOfIdentity(identity: string): Identifier | null {
  const colon = identity.indexOf(':');
  const kind = IDENTIFIER_KINDS.find((one) => one === identity.slice(0, colon));
  if (kind === undefined || colon + 1 === identity.length) return null;
  const identifier = { kind, value: identity.slice(colon + 1) };
  return written(identifier) === identity ? identifier : null;
}

/** What a machine has one set of: "mac", "serial", and of host keys each type by itself ("hostkey:ssh-rsa"). */
function slotOf(identifier: string): string {
  const [kind = '', type = ''] = identifier.split(':', 2);
  return kind === 'hostkey' ? `${kind}:${type}` : kind;
}

/**
 * Whether a visit may speak for the asset that was seen before: for every kind of strong identifier (of host keys:
 * every type) that both know, the visit must show all that were seen. Two network cards of which each visit shows
 * one count as a conflict: that costs a look by a person, never a false closure.
 */
export function sameMachine(seen: readonly string[], visit: readonly string[]): boolean {
  const slots = new Set(visit.map(slotOf));
  return seen.every((one) => !slots.has(slotOf(one)) || visit.includes(one));
}
