import { isIP } from 'node:net';
import type { Identifier } from '@backcheck/core';

/** A name (lower case, without the final dot) or an address, as a tool was given it; undefined when it is neither. */
export function hostIdentifier(host: string): Identifier | undefined {
  const text = host.trim().toLowerCase();
  if (isIP(text) !== 0) return { kind: 'ip', value: text };
  const name = text.replace(/\.$/, '');
  return /^[\w-]+(?:\.[\w-]+)*$/.test(name) ? { kind: 'fqdn', value: name } : undefined;
}
