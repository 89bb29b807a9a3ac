import type { Finding } from '@backcheck/contract';

/** `www.example.org:443`, `192.0.2.7:53/udp`; without a port for what belongs to the asset as a whole. */
export function place({ asset, transport, port }: Pick<Finding, 'asset' | 'transport' | 'port'>): string {
  const name = assetName(asset);
  if (transport === 'none') return name;
  // An IPv6 address needs its brackets, else its last group reads as the port (RFC 3986, 3.2.2).
  const bracketed = name.includes(':') && !name.includes('/') ? `[${name}]` : name;
  return `${bracketed}:${port}${transport === 'tcp' ? '' : `/${transport}`}`;
}

/** The first identifier is the one that the tool addressed. */
export const assetName = ({ identifiers, id }: Finding['asset']): string => identifiers[0]?.value ?? `#${id}`;
