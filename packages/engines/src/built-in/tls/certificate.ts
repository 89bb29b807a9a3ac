import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect as connectTls, getCACertificates, type TLSSocket } from 'node:tls';
import { codeOf } from '../../guard/error-code.ts';
import { type Asked, found, idOf, notKnown, type Said, type Target } from '../answer.ts';
import { NoAnswer } from '../connect.ts';

/** One certificate that the server shows, and whether its chain ends at a root of this machine. */
interface Shown {
  readonly certificate: X509Certificate;
  /** Undefined: this machine has no roots to hold it against. */
  readonly trusted: boolean | undefined;
}

type Judge = (shown: Shown, target: Pick<Target, 'host' | 'clock'>) => boolean | undefined;

/** True: the fault is there; undefined: it cannot be told. */
const JUDGES: Readonly<Record<string, Judge>> = {
  'certificate-expired': ({ certificate }, { clock }) => certificate.validToDate < clock(),
  'certificate-not-yet-valid': ({ certificate }, { clock }) => certificate.validFromDate > clock(),
  'certificate-self-signed': ({ certificate }) => certificate.subject === certificate.issuer,
  'certificate-untrusted': ({ trusted }) => (trusted === undefined ? undefined : !trusted),
  // RFC 9525 section 6: by the alternative names; the common name alone no longer counts.
  'certificate-wrong-name': ({ certificate }, { host }) => {
    const matches =
      isIP(host) === 0 ? certificate.checkHost(host, { subject: 'never' }) : certificate.checkIP(host);
    return matches === undefined;
  },
  'certificate-weak-key': ({ certificate }) => weakKey(certificate),
  'certificate-weak-signature': ({ certificate }) => weakSignature(certificate),
};

export const isCertificateCheck = (asked: Asked): boolean => Object.hasOwn(JUDGES, idOf(asked));

/** The name of RSASSA-PSS does not tell the hash: without parameters it is SHA-1 (RFC 4055 section 3.1). */
export function weakSignature({
  signatureAlgorithm: name,
}: Pick<X509Certificate, 'signatureAlgorithm'>): boolean | undefined {
  return name === undefined || /pss/i.test(name) ? undefined : /(?:md[245]|sha-?1)(?!\d)/i.test(name);
}

/** Smallest lengths of NIST SP 800-57 part 1, table 2, for 112 bits of strength. */
function weakKey({ publicKey }: X509Certificate): boolean | undefined {
  const { modulusLength } = publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return modulusLength < 2048;
  const curve = publicKey.asymmetricKeyDetails?.namedCurve;
  if (curve !== undefined) {
    const bits = Number(/\d{3}/.exec(curve)?.[0] ?? Number.NaN);
    return Number.isNaN(bits) ? undefined : bits < 224;
  }
  return ['ed25519', 'ed448'].includes(publicKey.asymmetricKeyType ?? '') ? false : undefined;
}

/** One bad certificate is enough; an absence needs all of them to be good. */
export async function certificateSaid(
  target: Target,
  port: number,
  asked: readonly Asked[],
): Promise<readonly Said[]> {
  const shown = await certificatesOf(target, port);
  return asked.map((one) => {
    const judged = shown.map((each) => JUDGES[idOf(one)]?.(each, target));
    if (judged.includes(true))
      return found(one, true, shown.map(({ certificate }) => nameOf(certificate)).join('; '));
    if (judged.every((bad) => bad === false)) return found(one, false);
    return notKnown(one, 'the certificate does not tell');
  });
}

const nameOf = ({ subject, validTo }: X509Certificate): string =>
  `${subject?.replaceAll('\n', ', ').slice(0, 200) ?? '-'} until ${validTo}`;

/** Level 0 lets OpenSSL speak with servers whose weakness is what we look for. */
const OFFERED = { minVersion: 'TLSv1', rejectUnauthorized: false } satisfies ConnectionOptions;
const TLS13 = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';

/** A server may have a certificate for each kind of key, and shows the one that the client can use. */
const KINDS_OF_KEY: readonly Pick<ConnectionOptions, 'ciphers' | 'sigalgs'>[] = [
  {
    ciphers: `${TLS13}:aRSA:@SECLEVEL=0`,
    sigalgs: 'RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA1',
  },
  { ciphers: `${TLS13}:aECDSA:@SECLEVEL=0`, sigalgs: 'ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ECDSA+SHA1' },
];

/** At least one; the other kinds of key may be refused. */
async function certificatesOf(target: Target, port: number): Promise<readonly Shown[]> {
  const first = await certificateOf(target, port, { ciphers: `${TLS13}:ALL:!aNULL:!eNULL:@SECLEVEL=0` });
  const shown = new Map([[first.certificate.fingerprint256, first]]);
  for (const kind of KINDS_OF_KEY) {
    try {
      const other = await certificateOf(target, port, kind);
      shown.set(other.certificate.fingerprint256, other);
    } catch (error) {
      if (!(error instanceof HandshakeFailed)) throw error;
    }
  }
  return [...shown.values()];
}

class HandshakeFailed extends NoAnswer {}

async function certificateOf(target: Target, port: number, kind: ConnectionOptions): Promise<Shown> {
  const roots = getCACertificates('system');
  const socket = await secure(target, port, { ...kind, ca: roots });
  try {
    const raw = socket.getPeerCertificate().raw;
    if (raw === undefined) throw failed('the server shows no certificate');
    return {
      certificate: new X509Certificate(raw),
      trusted: roots.length === 0 ? undefined : socket.authorized,
    };
  } finally {
    socket.destroy();
  }
}

const failed = (message: string, cause?: unknown): HandshakeFailed =>
  new HandshakeFailed('CHECK_NOT_RUN', message, { answered: true, cause });

/** Connects and shakes hands, whoever the server is. The caller destroys the socket. */
export async function secure(target: Target, port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const { host, signal, patience } = target;
  const tcp = await target.connect(port, { signal, timeoutMs: patience.connectMs });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience.conversationMs)]);
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = connectTls({
    ...OFFERED,
    ...options,
    ...servername,
    socket: tcp,
    checkServerIdentity: () => undefined,
  });
  const stop = (): void => void socket.destroy(silent());
  limit.addEventListener('abort', stop);
  try {
    if (limit.aborted) throw silent();
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.on('error', reject);
      socket.once('close', () => reject(failed('the server hung up within the TLS handshake')));
    });
    return socket;
  } catch (error) {
    socket.destroy();
    tcp.destroy();
    if (error instanceof NoAnswer) throw error;
    throw failed(`TLS: ${codeOf(error) || String(error)}`, error);
  } finally {
    limit.removeEventListener('abort', stop);
  }
}

const silent = (): NoAnswer => new NoAnswer('TIMEOUT', 'no whole TLS handshake in time', { answered: true });
