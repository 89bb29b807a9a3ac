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

/**
 * Sound rows that rest on protocols which the server is said to refuse, and these protocols. Where a run did not try
 * the protocols by itself (`-p`), testssl.sh asks the local OpenSSL, and an OpenSSL that no longer speaks TLS 1.0
 * makes every server one that refuses it: run_beast, run_ssl_poodle, run_tls_fallback_scsv, and whatever asks for
 * TLS13_ONLY (3.0.8; the words are the same in 3.2).
 */
const BY_REFUSAL: readonly (readonly [finding: RegExp, protocols: string])[] = [
  [/^not vulnerable, no SSLv3$/, 'SSLv3'],
  // The shorter text stands where SSL 3 was not tried at all.
  [/^not vulnerable, no (?:SSL3 or )?TLS1$/, 'SSLv3 TLS1'],
  [/^no protocol below TLS 1\.2 offered$/, 'SSLv3 TLS1 TLS1_1'],
  [/^no protocol below TLS 1\.1 offered$/, 'SSLv3 TLS1'],
  [/^no protocol below TLS 1 offered$/, 'SSLv3'],
  // What other versions may say, among it that TLS 1.3 is the only protocol.
  [
    /^(?:not vulnerable\W+)?(?:no (?:SSL|TLS|protocol|fallback)|only TLS|TLS 1\.3 only)/i,
    'SSLv2 SSLv3 TLS1 TLS1_1 TLS1_2',
  ],
];

/** The protocols, by the ids of their rows, that the server must refuse for the text of a sound row to hold. */
export function refusalsBehind(finding: string): string[] {
  return BY_REFUSAL.find(([text]) => text.test(finding))?.[1].split(' ') ?? [];
}

/**
 * The local OpenSSL did the looking (`--ssl-native`): it calls refused whatever it does not speak itself, and has no
 * weak cipher to offer. Only such runs have these rows.
 */
export function tellsOfLocalLook({ severity, finding }: { severity: string; finding: string }): boolean {
  return severity === 'WARN' && /\blocal (?:support|OpenSSL)\b/.test(finding);
}

/** Checks for which any connection will do. */
export function needsNoCipher(id: string): boolean {
  return /^(?:certs?_|HSTS|security_headers$)/.test(id);
}

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
