import { isIP } from 'node:net';
import type { Credential, Identifier } from '@backcheck/core';
import { hostIdentifier } from '../host-identifier.ts';
import { lookUp } from '../look-up.ts';
import type { XmlAttributes } from '../xml.ts';

const MAX_NAMES = 100;
/**
 * What many machines call themselves: "Unknown" is what OpenSCAP writes where it could read no name, and the bridges of
 * Docker and libvirt have one address everywhere.
 */
const NOWHERE =
  /^(unknown|localhost(\.localdomain)?\d?|127\..*|::1|0\.0\.0\.0|::|fe80:.*|172\.17\.0\.1|192\.168\.122\.1)(\/\d{1,3})?$/i;
const MAC = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i;

/** Names of facts, without "urn:xccdf:fact:" or "urn:scap:fact:" (NIST IR 7275, section 6.6.3, and what OpenSCAP writes). */
const KINDS: Readonly<Record<string, 'name' | 'mac' | undefined>> = {
  'asset:identifier:fqdn': 'name',
  'asset:identifier:host_name': 'name',
  'asset:identifier:ipv4': 'name',
  'asset:identifier:ipv6': 'name',
  'asset:identifier:mac': 'mac',
  'ethernet:MAC': 'mac',
};

/** The machine or image that a TestResult speaks of. */
export class Target {
  credential: Credential = 'none';
  readonly #names: string[] = [];
  readonly #macs: string[] = [];

  /** `target`, then `target-address`: the target is what the tool was pointed at. */
  name(text: string): void {
    const name = text.trim();
    if (name !== '' && this.#names.length < MAX_NAMES) this.#names.push(name);
  }

  fact(name: string | undefined, text: string): void {
    const kind = lookUp(KINDS, name?.replace(/^urn:(xccdf|scap):fact:/, '') ?? '');
    if (kind === 'name') this.name(text);
    else if (kind === 'mac' && this.#macs.length < MAX_NAMES) this.#macs.push(text.trim().toLowerCase());
  }

  identity({ authenticated, privileged }: XmlAttributes): void {
    if (!isTrue(authenticated)) return;
    this.credential = isTrue(privileged) ? 'privileged' : 'user';
  }

  /** Empty where the file names nothing that tells one machine from another. */
  get identifiers(): Identifier[] {
    const names = this.#names.filter((name) => !NOWHERE.test(name)).flatMap(identifierOf);
    return names.length === 0
      ? []
      : [...names, ...this.#macs.filter(isFixed).map((value) => ({ kind: 'mac', value }) as const)];
  }
}

/** oscap-docker and oscap-podman write "docker-image://NAME". */
function identifierOf(name: string): Identifier[] {
  const image = /^(?:docker|podman|container)-image:\/\/(.+)$/.exec(name)?.[1];
  if (image !== undefined) return [{ kind: 'image', value: image }];
  if (/^vm[\w-]*:\/\//.test(name)) return [{ kind: 'file', value: name }];
  // OpenSCAP may write an address with its prefix length.
  const host = hostIdentifier(name.replace(/\/\d{1,3}$/, ''));
  if (host === undefined) return [];
  // A number with dots that is no address is no name either.
  return host.kind === 'fqdn' && /^[\d.]+$/.test(host.value) && isIP(host.value) === 0 ? [] : [host];
}

/** Bridges and containers take a new random address, marked as such (IEEE 802, the second bit), at each start. */
function isFixed(mac: string): boolean {
  return MAC.test(mac) && !/^00([:-]00){5}$/.test(mac) && (Number.parseInt(mac.slice(0, 2), 16) & 2) === 0;
}

function isTrue(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}
