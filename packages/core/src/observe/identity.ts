import type { Identifier, IdentifierKind } from './record.ts';

/** Identifiers that a machine keeps when its address changes; they outrank the address the tool used. */
const ANCHORS: readonly IdentifierKind[] = ['agent', 'cloud'];

/** Identifiers whose disagreement means "another machine behind the same address" (COVERAGE.md 5.1). */
const STRONG: readonly IdentifierKind[] = ['agent', 'cloud', 'mac'];

const CASELESS: readonly IdentifierKind[] = ['fqdn', 'mac', 'agent', 'ip'];

function written({ kind, value }: Identifier): string {
  const plain = CASELESS.includes(kind) ? value.toLowerCase() : value;
  return `${kind}:${kind === 'fqdn' ? plain.replace(/\.$/, '') : plain}`;
}

/**
 * The name under which an asset's history is kept: an agent or cloud id where there is one,
 * else the identifier that the tool addressed. "ip:192.0.2.7", "fqdn:www.example.org".
 */
export function identityOf(identifiers: readonly Identifier[]): string {
  const anchor = ANCHORS.flatMap((kind) => identifiers.filter((one) => one.kind === kind))[0];
  const named = anchor ?? identifiers[0];
  if (named === undefined) throw new Error('an asset record without identifiers');
  return written(named);
}

/** "mac:00:00:5e:00:53:01" and the like, sorted, each once. */
export function strongIdentifiers(identifiers: readonly Identifier[]): string[] {
  const strong = identifiers.filter((one) => STRONG.includes(one.kind)).map(written);
  return [...new Set(strong)].sort();
}

const kindOf = (identifier: string): string => identifier.slice(0, identifier.indexOf(':'));

/**
 * Whether a visit may speak for the asset that was seen before: for every kind of strong identifier
 * that both know, the visit must show all that were seen. Two network cards of which each visit shows
 * one count as a conflict: that costs a look by a person, never a false closure.
 */
export function sameMachine(seen: readonly string[], visit: readonly string[]): boolean {
  const kinds = new Set(visit.map(kindOf));
  return seen.every((one) => !kinds.has(kindOf(one)) || visit.includes(one));
}
