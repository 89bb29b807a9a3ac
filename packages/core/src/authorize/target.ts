import { readAddress, writeAddress } from '../observe/address.ts';
import { carriedIpv4 } from './address-class.ts';

/** Ways to write a target that tools, resolvers and people read differently. */
export const REFUSED_FORMS = [
  'empty',
  'too-long',
  /** White space, NUL, line breaks and other control characters. */
  'control',
  /** Full-width digits, ideographic full stops, names that are not in their wire form. */
  'not-ascii',
  'percent-encoded',
  'user-info',
  /** A scheme, path, query or fragment. */
  'url',
  'wildcard',
  'zone-id',
  'brackets',
  'port',
  /**
   * Decimal, octal, hexadecimal, short and mixed forms, what nmap takes for a range ("192.0.2.1-9"): every name whose
   * last label begins with a digit. No top-level domain does.
   */
  'number',
  'ipv6-not-canonical',
  'ipv4-in-ipv6',
  'upper-case',
  'trailing-dot',
  'label',
  'single-label',
  'localhost',
] as const;
export type RefusedForm = (typeof REFUSED_FORMS)[number];

export type Target =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'refused'; readonly form: RefusedForm };

/** RFC 1035 section 2.3.4, as text. */
const LONGEST_NAME = 253;
/** A first "-" would be an option of a tool. "_" is no host name (RFC 1123), but stands in DNS and in our register. */
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** In this order: the first that fits names the form. */
const FORMS: readonly (readonly [RefusedForm, RegExp])[] = [
  ['empty', /^$/],
  ['control', /[\s\p{Cc}]/u],
  ['not-ascii', /[^ -~]/],
  ['user-info', /@/],
  ['url', /[/\\?#]/],
  ['zone-id', /:.*%/],
  ['percent-encoded', /%/],
  ['wildcard', /\*/],
  ['brackets', /[[\]]/],
  ['port', /^[^:]*:\d*$/],
];

const NAME_FORMS: readonly (readonly [RefusedForm, RegExp])[] = [
  ['number', /(^|\.)\d[^.]*\.?$/],
  ['trailing-dot', /\.$/],
  ['localhost', /(^|\.)localhost(\.localdomain)?$/i],
  ['upper-case', /[A-Z]/],
  ['single-label', /^[^.]+$/],
];

const refused = (form: RefusedForm): Target => ({ kind: 'refused', form });

/** Only the one canonical way to write an address (RFC 5952 for IPv6) or a name is a target; it is never repaired. */
export function readTarget(text: string): Target {
  if (text.length > LONGEST_NAME) return refused('too-long');
  const form = formOf(text, FORMS);
  if (form !== undefined) return refused(form);
  return text.includes(':') ? readIpv6(text) : (readIpv4(text) ?? readName(text));
}

function formOf(text: string, forms: typeof FORMS): RefusedForm | undefined {
  return forms.find(([, pattern]) => pattern.test(text))?.[0];
}

function readIpv6(text: string): Target {
  const address = readAddress(text);
  if (address === null) return refused('ipv6-not-canonical');
  if (carriedIpv4(address) !== null) return refused('ipv4-in-ipv6');
  return writeAddress(address) === text ? { kind: 'address', address: text } : refused('ipv6-not-canonical');
}

function readIpv4(text: string): Target | null {
  return readAddress(text) === null ? null : { kind: 'address', address: text };
}

function readName(text: string): Target {
  const form = formOf(text, NAME_FORMS);
  if (form !== undefined) return refused(form);
  const known = text.split('.').every((label) => LABEL.test(label));
  return known ? { kind: 'name', name: text } : refused('label');
}
