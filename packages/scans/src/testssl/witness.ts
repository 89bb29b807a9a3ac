/**
 * Which rows prove that a check found nothing.
 *
 * testssl.sh changes the id or the severity of a row when a weakness goes away (8 of the 16 fixed rows of the
 * corpus), so "the same id, now OK" is not enough. Each entry below was read in testssl.sh 3.0.8: the line of
 * the weak result and the line of the sound one, in the same function. INFO rows that are not here are mere
 * information (cert_serialNumber, ALPN) and prove nothing.
 */

/** INFO rows that are the sound outcome of the check of the same id; the text must match whole. */
const SOUND_INFO: readonly (readonly [ids: string, finding: RegExp])[] = [
  // run_protocols: "neither good or bad", against LOW "offered (deprecated)". "likely not offered" is no proof.
  ['TLS1 TLS1_1', /^not offered$/],
  // sub_cipherlists; 3.2 calls AVERAGE "OBSOLETED".
  [
    'cipherlist_3DES_IDEA cipherlist_AVERAGE cipherlist_OBSOLETED cipherlist_LOW cipherlist_EXPORT',
    /^not offered$/,
  ],
  // run_server_preference: "NOT a cipher order configured" is HIGH; TLS 1.3 alone needs none.
  ['cipher_order', /^(?:server \(TLS 1\.3\)|not a cipher order for TLS 1\.3 configured)$/],
  // run_pfs; 3.2 calls it FS.
  ['PFS_ECDHE_curves FS_ECDHE_curves DH_groups', /^[\w. -]+(?: \(\d+ bits\))?$/],
  // certificate_info
  [
    'cert_signatureAlgorithm',
    /^(?:SHA224 with RSA|ECDSA with SHA224|DSA with SHA224|RSASSA-PSS with SHA224)$/,
  ],
  ['cert_keySize', /^\w+ \d+ bits(?: \(curve [\w-]+\))?$/],
  ['cert_keyUsage', /^(?!.*incorrectly).+$/],
  ['cert_extKeyUsage', /^(?!.*incorrectly).+$/],
  ['cert_serialNumberLen', /^\d+$/],
  ['cert_subjectAltName', /^(?!No SAN).+$/],
  ['cert_caIssuers', /^(?!selfsigned).+$/],
  ['cert_validityPeriod', /^(?:\d+ =< \d+ days|No finding)$/],
  ['certs_list_ordering_problem', /^no$/],
  ['pwnedkeys', /^not in database$/],
  // run_server_defaults: LOW is "valid for … (>daily)".
  ['TLS_session_ticket', /^(?:valid for .+ only \(<daily\)|no -- no lifetime advertised)$/],
  // determine_tls_extensions
  ['pre_128cipher', /^No 128 cipher limit bug$/],
  // out_common_prime: INFO only for the groups of RFC 7919 and for primes above 1,536 bits.
  ['LOGJAM-common_primes', /^\w[\w/. -]*$/],
  // run_cookie_flags_bigip: an encrypted cookie leaks no address.
  ['cookie_bigip_f5', /^encrypted F5 cookie named /],
];

/** Rows of one id that, being OK, prove the absence of what another id reports. */
const OTHER_WITNESS: readonly (readonly [witnesses: string, check: string])[] = [
  // run_hsts: "HSTS LOW not offered" or, with the header, HSTS_time, HSTS_subdomains and HSTS_preload.
  ['HSTS_time', 'HSTS'],
  // run_security_headers: MEDIUM only where not one header of the list was there.
  [
    'X-Frame-Options X-Content-Type-Options Content-Security-Policy X-Content-Security-Policy X-WebKit-CSP',
    'security_headers',
  ],
  // run_beast: without SSL 3 and TLS 1 it stops with BEAST OK and writes no row per protocol.
  ['BEAST', 'BEAST_CBC_TLS1'],
  ['BEAST', 'BEAST_CBC_SSL3'],
];

/** OK rows whose text takes the OK back: a timeout or too few local ciphers is no look at the server. */
const DOUBTFUL = /\b(?:likely|probably|not sure|timed out|local ciphers|not tested|local problem)\b/i;

export type RowVerdict = 'present' | 'absent' | 'error' | 'none';

const BAD = new Set(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']);

const SOUND_BY_ID: ReadonlyMap<string, RegExp> = new Map(
  SOUND_INFO.flatMap(([ids, finding]) => ids.split(' ').map((id) => [id, finding] as const)),
);

/** What a row says about the check of its own id. */
export function rowVerdict({
  id,
  severity,
  finding,
}: {
  id: string;
  severity: string;
  finding: string;
}): RowVerdict {
  if (BAD.has(severity)) return 'present';
  if (severity === 'OK') return DOUBTFUL.test(finding) ? 'error' : 'absent';
  if (severity === 'INFO') return SOUND_BY_ID.get(id)?.test(finding) === true ? 'absent' : 'none';
  // WARN ("not tested", no answer from a CRL, OCSP or DNS server), DEBUG (the test itself failed), FATAL and whatever comes in later versions.
  return 'error';
}

/** The other checks whose absence an OK row of this id proves. */
export function witnessed(id: string): string[] {
  return OTHER_WITNESS.filter(([ids]) => ids.split(' ').includes(id)).map(([, check]) => check);
}
