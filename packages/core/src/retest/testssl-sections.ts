import type { ProbeMethod } from '../authorize/authorization.ts';

/** A part of testssl.sh that can be run by itself, and the rows of it that say yes or no. */
export interface TestsslSection {
  readonly option: string;
  /** `http` where it also sends requests inside of TLS. */
  readonly method: Extract<ProbeMethod, 'tls' | 'http'>;
  readonly ids: RegExp;
}

const section = (option: string, ids: string, method: TestsslSection['method'] = 'tls'): TestsslSection => ({
  option,
  method,
  ids: new RegExp(`^(?:${ids})$`),
});

/**
 * Read in testssl.sh 3.0.8. Left out are rows that are only written when something is bad (`insecure_redirect`,
 * `ipv4_in_header`) and rows that ask others than the server (`cert_revocation`, `DNS_CAArecord`, `pwnedkeys`):
 * a retest never hears "no" from these.
 */
export const TESTSSL_SECTIONS: readonly TestsslSection[] = [
  section('-p', 'SSLv[23]|TLS1(?:_[123])?|pre_128cipher'),
  section('-s', 'cipherlist_(?:NULL|aNULL|EXPORT|LOW|3DES_IDEA|AVERAGE|OBSOLETED|STRONG)'),
  section('-f', '(?:PFS|FS)(?:_ECDHE_curves)?|DH_groups'),
  section('-P', 'cipher_order|protocol_negotiated|cipher_negotiated'),
  section(
    '-S',
    'cert_(?:signatureAlgorithm|keySize|keyUsage|extKeyUsage|serialNumberLen|commonName|subjectAltName|caIssuers' +
      '|trust|chain_of_trust|expirationStatus|notAfter|validityPeriod|mustStapleExtension)' +
      '|certs_list_ordering_problem|OCSP_stapling|TLS_session_ticket',
  ),
  section('-h', 'HSTS|HSTS_time|security_headers|HPKP_SPKIs|HPKP_age', 'http'),
  section('-H', 'heartbleed'),
  section('-I', 'CCS'),
  section('-T', 'ticketbleed'),
  section('-BB', 'ROBOT'),
  section('-R', 'secure_renego|secure_client_renego'),
  section('-C', 'CRIME_TLS'),
  section('-B', 'BREACH', 'http'),
  section('-O', 'POODLE_SSL'),
  section('-Z', 'fallback_SCSV'),
  section('-W', 'SWEET32'),
  section('-F', 'FREAK'),
  section('-J', 'LOGJAM|LOGJAM-common_primes'),
  section('-D', 'DROWN'),
  section('-A', 'BEAST|BEAST_CBC_(?:TLS1|SSL3)'),
  section('-L', 'LUCKY13'),
  section('-4', 'RC4'),
];

/** Undefined for a check that testssl.sh never denies. */
export function testsslSection(check: string): TestsslSection | undefined {
  const id = /^testssl:(.+)$/.exec(check)?.[1];
  return id === undefined ? undefined : TESTSSL_SECTIONS.find(({ ids }) => ids.test(id));
}
