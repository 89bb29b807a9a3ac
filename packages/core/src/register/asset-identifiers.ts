import type { Identifier, IdentifierKind } from '../observe/record.ts';
import type { RegisterRecord } from './field.ts';
import { readDomain } from './network-names.ts';

/** What a scanner most likely addresses comes first, because `identityOf` takes the first where no anchor is known. */
const ADDRESSED_BY_NAME = new Set(['web-application', 'domain', 'certificate']);

/**
 * The identifiers that an asset's row gives, in the order for `identityOf`: addresses before names, or the other way
 * round for what is addressed by name. A host name counts where it is one that a scanner could write.
 */
export function identifiersOf(asset: RegisterRecord): Identifier[] {
  const of = (kind: IdentifierKind, key: string): Identifier[] => {
    const value = asset[key];
    const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
    return values.map((one) => ({ kind, value: String(one) }));
  };
  const urls = of('url', 'urls').map(({ kind, value }) => ({ kind, value: new URL(value).origin }));
  const names = [...of('fqdn', 'domains'), ...hostName(asset['hostname'])];
  const addresses = of('ip', 'ips');
  const byName = ADDRESSED_BY_NAME.has(String(asset['type']));
  const ordered = byName ? [...urls, ...names, ...addresses] : [...addresses, ...names, ...urls];
  const all = [...ordered, ...of('mac', 'macs'), ...of('cloud', 'cloudId'), ...of('serial', 'serial')];
  return [...new Map(all.map((one) => [`${one.kind}:${one.value}`, one])).values()];
}

/** Whether such an identifier is the asset's alone: what is addressed by name shares its machine's with others. */
export const isItsOwn = (type: unknown, kind: IdentifierKind): boolean =>
  !ADDRESSED_BY_NAME.has(String(type)) || kind === 'url' || kind === 'fqdn';

function hostName(value: unknown): Identifier[] {
  if (typeof value !== 'string') return [];
  const name = readDomain(value) ?? (/^[a-z0-9_-]{1,63}$/i.test(value) ? value.toLowerCase() : null);
  return name === null ? [] : [{ kind: 'fqdn', value: name }];
}
