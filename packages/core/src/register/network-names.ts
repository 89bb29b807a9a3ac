import { readRange } from '../observe/address.ts';

/**
 * An IPv4 or IPv6 address in one form (RFC 5952, as WHATWG URLs write it); null when it is none. One that ends in a
 * dotted quad keeps its form.
 */
export function readIp(raw: string): string | null {
  const text = raw.toLowerCase();
  if (!text.includes(':')) return readRange(`${text}/32`) === null ? null : text;
  if (readRange(`${text}/128`) === null) return null;
  return text.includes('.') ? text : new URL(`http://[${text}]`).hostname.slice(1, -1);
}

/** "00:00:5e:00:53:01" from any of the usual ways to write it; null when it is none. */
export function readMac(raw: string): string | null {
  const text = raw.toLowerCase();
  const known =
    /^[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2}){4}$|^[0-9a-f]{4}([.-][0-9a-f]{4}){2}$|^[0-9a-f]{12}$/;
  return known.test(text) ? (text.replace(/[^0-9a-f]/g, '').match(/../g) ?? []).join(':') : null;
}

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** A host name of DNS, lower case, as it goes over the wire: "中文.中国" becomes "xn--…". Null when it is none. */
export function readDomain(raw: string): string | null {
  const text = raw.toLowerCase().replace(/\.$/, '');
  if (/[\s/:@?#%\\[\]*]/.test(text) || !URL.canParse(`http://${text}`)) return null;
  const { hostname } = new URL(`http://${text}`);
  const labels = hostname.split('.');
  const isName = labels.length > 1 && hostname.length < 254 && labels.every((label) => LABEL.test(label));
  return isName && !/^\d+$/.test(labels.at(-1) ?? '') ? hostname : null;
}

/** The address of a page in one form (WHATWG URL); null when it is none or names a user. */
export function readUrl(raw: string): string | null {
  if (!/^https?:\/\/[^\s]+$/i.test(raw) || !URL.canParse(raw)) return null;
  const { href, hostname, username, password } = new URL(raw);
  const host = hostname.replace(/^\[|\]$/g, '');
  const known = readIp(host) ?? readDomain(host) ?? (LABEL.test(host) ? host : null);
  return known !== null && username === '' && password === '' ? href : null;
}
