import type { Identifier } from '@backcheck/core';
import { hostIdentifier } from './host-identifier.ts';

/** Where a web finding is: the name or address that was asked (never what it resolves to), the port, the path. */
export interface WebPlace {
  readonly identifier: Identifier;
  readonly port: number;
  /** Without query and fragment; "/" at least. */
  readonly path: string;
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 };

/**
 * Takes an address apart (WHATWG URL). A name and the address behind it are different assets: what one virtual
 * host does says nothing about its neighbour (COVERAGE.md 5.2). Undefined when it is no web address.
 */
export function webPlace(address: string | undefined): WebPlace | undefined {
  if (address === undefined || !URL.canParse(address.trim())) return undefined;
  const url = new URL(address.trim());
  const port = url.port === '' ? PORTS[url.protocol] : Number(url.port);
  const identifier = hostIdentifier(url.hostname.replace(/^\[|\]$/g, ''));
  if (port === undefined || port === 0 || identifier === undefined) return undefined;
  return { identifier, port, path: url.pathname };
}
