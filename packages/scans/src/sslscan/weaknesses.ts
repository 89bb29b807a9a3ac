import type { Severity } from '@backcheck/core';
import type { CertificateRow, CipherRow } from './ssl-test.ts';

/** A check of sslscan: its short name (behind "sslscan:"), and what its presence means. */
export interface Weakness {
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
  readonly cve: readonly string[];
  readonly cwe: readonly string[];
}

const weakness = (check: string, severity: Severity, title: string, ids: readonly string[]): Weakness => ({
  check: `sslscan:${check}`,
  title,
  severity,
  cve: ids.filter((id) => id.startsWith('CVE-')),
  cwe: ids.filter((id) => id.startsWith('CWE-')),
});

/** Protocols that must not be offered: RFC 6176 (SSL 2), RFC 7568 (SSL 3), RFC 8996 (TLS 1.0 and 1.1). */
export const DEPRECATED: ReadonlyMap<string, Weakness> = new Map([
  ['SSLv2', weakness('ssl2', 'critical', 'SSL 2.0 is offered', ['CVE-2016-0800', 'CWE-327'])],
  ['SSLv3', weakness('ssl3', 'high', 'SSL 3.0 is offered', ['CVE-2014-3566', 'CWE-327'])],
  ['TLSv1.0', weakness('tls1.0', 'medium', 'TLS 1.0 is offered', ['CWE-327'])],
  ['TLSv1.1', weakness('tls1.1', 'medium', 'TLS 1.1 is offered', ['CWE-327'])],
]);

export const HEARTBLEED = weakness('heartbleed', 'critical', 'Heartbleed: the server leaks its memory', [
  'CVE-2014-0160',
  'CWE-125',
]);
export const WEAK_CIPHER = weakness('weak-cipher', 'medium', 'A weak cipher is accepted', ['CWE-327']);
export const COMPRESSION = weakness('compression', 'medium', 'TLS compression is offered (CRIME)', [
  'CVE-2012-4929',
  'CWE-310',
]);
export const RENEGOTIATION = weakness(
  'insecure-renegotiation',
  'medium',
  'Insecure renegotiation is offered',
  ['CVE-2009-3555', 'CWE-310'],
);
export const FALLBACK = weakness(
  'fallback-scsv',
  'low',
  'Downgrades are not prevented (no TLS_FALLBACK_SCSV)',
  ['CWE-757'],
);

/** Undefined: the certificate does not say, or not in a way that we understand. */
type Judge = (certificate: CertificateRow) => boolean | undefined;

const truth = (text: string | undefined): boolean | undefined =>
  text === 'true' ? true : text === 'false' ? false : undefined;

/** sslscan compares the dates with its own clock and prints `expired`; the scan time need not be known. */
export const CERTIFICATE: readonly (readonly [Weakness, Judge])[] = [
  [
    weakness('certificate-expired', 'high', 'The certificate has expired', ['CWE-298']),
    ({ expired }) => truth(expired),
  ],
  [
    weakness('certificate-self-signed', 'medium', 'The certificate is self-signed', ['CWE-295']),
    ({ selfSigned }) => truth(selfSigned),
  ],
  [
    weakness('weak-signature', 'medium', 'The certificate is signed with a broken hash', ['CWE-328']),
    ({ signature }) => (signature ? /(?:md[245]|sha-?1)(?!\d)/i.test(signature) : undefined),
  ],
  [
    weakness('weak-key', 'medium', 'The key of the certificate is too short', ['CWE-326']),
    ({ keyType, keyBits }) => {
      const minimum = MINIMUM_BITS.get(keyType ?? '');
      return minimum === undefined || !Number.isInteger(keyBits) ? undefined : Number(keyBits) < minimum;
    },
  ],
];

/** Smallest key lengths of NIST SP 800-57 part 1, table 2, for 112 bits of strength. */
const MINIMUM_BITS: ReadonlyMap<string, number> = new Map([
  ['RSA', 2048],
  ['DSA', 2048],
  ['EC', 224],
]);

/** sslscan's own word for a cipher; "acceptable" and "strong" are no finding. */
const WEAK_STRENGTH: ReadonlyMap<string, Severity> = new Map([
  ['null', 'high'],
  ['anonymous', 'high'],
  ['weak', 'high'],
  ['medium', 'medium'],
]);
const WEAK_NAME = /NULL|anon|ADH|AECDH|EXP|RC4|RC2|IDEA|(?:^|[-_])(?:3?DES|DES-CBC3?)(?:[-_]|$)|MD5$/;

/** Versions before 2.0 do not grade; then the name and 112 bits decide. */
export function cipherSeverity({ cipher, strength, bits }: CipherRow): Severity | undefined {
  const graded = WEAK_STRENGTH.get(strength);
  if (graded !== undefined || strength === 'acceptable' || strength === 'strong') return graded;
  return WEAK_NAME.test(cipher) || !(bits >= 112) ? 'medium' : undefined;
}
