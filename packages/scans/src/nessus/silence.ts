import type { CoverageRecord, Transport } from '@backcheck/core';

/** A claim on the asset as a whole and on these ports; '' names none. */
export function silence(
  ports: { readonly tcp: string; readonly udp: string },
  { asset, ...claim }: Omit<CoverageRecord, 'record' | 'transport' | 'ports'>,
): CoverageRecord[] {
  const on = (transport: Transport, names: string): CoverageRecord[] =>
    names === '' ? [] : [{ record: 'coverage', asset, transport, ports: names, ...claim }];
  return [...on('none', '0'), ...on('tcp', ports.tcp), ...on('udp', ports.udp)];
}
