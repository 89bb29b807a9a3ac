import type { Finding } from '@backcheck/contract';

interface Place {
  readonly name: string;
  /** With its colon; empty for what belongs to the asset as a whole. */
  readonly port: string;
}

/** `www.example.org` and `:443`, `192.0.2.7` and `:53/udp`. */
export function placeOf({ asset, transport, port }: Pick<Finding, 'asset' | 'transport' | 'port'>): Place {
  const name = assetName(asset);
  if (transport === 'none') return { name, port: '' };
  // An IPv6 address needs its brackets, else its last group reads as the port (RFC 3986, 3.2.2).
  const bracketed = name.includes(':') && !name.includes('/') ? `[${name}]` : name;
  return { name: bracketed, port: `:${port}${transport === 'tcp' ? '' : `/${transport}`}` };
}

/** The first identifier is the one that the tool addressed. */
const assetName = ({ identifiers, id }: Finding['asset']): string => identifiers[0]?.value ?? `#${id}`;
