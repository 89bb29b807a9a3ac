import { identifierOfIdentity } from '@backcheck/core';

/** `192.0.2.7` of `ip:192.0.2.7`; whole where a hostile scan file named an asset `fqdn:.` or the like. */
export const shortName = (identity: string): string => identifierOfIdentity(identity)?.value ?? identity;
