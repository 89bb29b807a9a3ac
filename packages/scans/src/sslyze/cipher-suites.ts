import { countAt, listAt, textAt, valueAt } from '../json-value.ts';
import { type Said, say, type Weakness, weakness } from './commands.ts';

/** The ciphers of one protocol. */
export interface CipherList {
  readonly protocol: string;
  /** The list is not to be relied upon: the command failed, or a refusal was a mere timeout. */
  readonly failed: boolean;
  readonly accepted: readonly Cipher[];
}

interface Cipher {
  readonly name: string;
  readonly bits: number | undefined;
  readonly anonymous: boolean;
}

/** Protocols that must not be offered: RFC 6176 (SSL 2), RFC 7568 (SSL 3), RFC 8996 (TLS 1.0 and 1.1). */
const DEPRECATED: ReadonlyMap<string, Weakness> = new Map([
  ['SSLv2', weakness('ssl-2.0', 'critical', 'SSL 2.0 is offered', ['CVE-2016-0800', 'CWE-327'])],
  ['SSLv3', weakness('ssl-3.0', 'high', 'SSL 3.0 is offered', ['CVE-2014-3566', 'CWE-327'])],
  ['TLSv1.0', weakness('tls-1.0', 'medium', 'TLS 1.0 is offered', ['CWE-327'])],
  ['TLSv1.1', weakness('tls-1.1', 'medium', 'TLS 1.1 is offered', ['CWE-327'])],
]);

const WEAK_CIPHER = weakness('weak-cipher', 'medium', 'A weak cipher is accepted', ['CWE-327']);
/** Names of the IANA registry. */
const WEAK_NAME = /_NULL_|_anon_|_EXPORT_|_RC[24]_|_IDEA_|_3?DES\d*_|_MD5$/i;

export function cipherList(protocol: string, result: unknown): CipherList {
  const accepted = listAt(result, 'accepted_cipher_suites').map((one) => ({
    name: textAt(one, 'cipher_suite', 'name') ?? '',
    bits: countAt(one, 'cipher_suite', 'key_size'),
    anonymous: valueAt(one, 'cipher_suite', 'is_anonymous') === true,
  }));
  const rejected = valueAt(result, 'rejected_cipher_suites');
  // sslyze counts a handshake that timed out as a refusal (plugins/openssl_cipher_suites/_test_cipher_suite.py).
  const timedOut = (one: unknown): boolean =>
    /timed? ?out/i.test(textAt(one, 'error_message') ?? 'timed out');
  const read = accepted.every(({ name }) => name !== '') && accepted.length + listAt(rejected).length > 0;
  const sure = Array.isArray(valueAt(result, 'accepted_cipher_suites')) && Array.isArray(rejected) && read;
  return { protocol, failed: !sure || listAt(rejected).some(timedOut), accepted };
}

export function cipherSaid(lists: readonly CipherList[]): Said[] {
  return lists.flatMap(({ protocol, failed, accepted }): Said[] => {
    const deprecated = DEPRECATED.get(protocol);
    const offered = accepted.length > 0 ? true : failed ? undefined : false;
    const weak = accepted.filter(isWeak).map(({ name }) => {
      const title = `Weak cipher ${name} is accepted over ${protocol}`;
      return say({ ...WEAK_CIPHER, title }, true, `${protocol}#${name}`);
    });
    return deprecated === undefined ? weak : [say(deprecated, offered), ...weak];
  });
}

function isWeak({ name, bits, anonymous }: Cipher): boolean {
  return anonymous || WEAK_NAME.test(name) || (bits !== undefined && bits < 112);
}
