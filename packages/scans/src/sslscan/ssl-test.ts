import type { XmlAttributes } from '../xml.ts';

/** More than every cipher in every protocol that any build of sslscan can try. */
const MAX_ROWS = 20_000;

export interface CipherRow {
  readonly protocol: string;
  readonly cipher: string;
  readonly strength: string;
  readonly bits: number;
}

/** The fields of one `<certificate>`, as written; undefined where the element is missing. */
export interface CertificateRow {
  signature: string | undefined;
  keyType: string | undefined;
  keyBits: number | undefined;
  selfSigned: string | undefined;
  expired: string | undefined;
}

/** One `<ssltest>`: what sslscan says about one name, address and port. */
export class SslTest {
  readonly attributes: XmlAttributes;
  /** "SSLv3" -> offered. */
  readonly protocols = new Map<string, boolean>();
  /** "TLSv1.2" -> vulnerable. */
  readonly heartbleed = new Map<string, boolean>();
  readonly ciphers: CipherRow[] = [];
  readonly certificates: CertificateRow[] = [];
  renegotiation: { readonly supported: boolean; readonly secure: boolean } | undefined;
  compression: boolean | undefined;
  fallback: boolean | undefined;
  /** A part of the test failed. */
  failed = false;
  #certificate: CertificateRow | undefined;
  #rows = 0;

  constructor(attributes: XmlAttributes) {
    this.attributes = { ...attributes };
  }

  /** True when the text of this element is wanted. */
  open(name: string, attributes: XmlAttributes): boolean {
    this.#rows += 1;
    if (this.#rows > MAX_ROWS) {
      this.failed = true;
      return false;
    }
    const flag = (key: string): boolean | undefined => flagOf(attributes[key]);
    if (name === 'protocol') set(this.protocols, protocolName(attributes), flag('enabled'));
    else if (name === 'heartbleed') set(this.heartbleed, attributes['sslversion'], flag('vulnerable'));
    else if (name === 'cipher') this.#addCipher(attributes);
    else if (name === 'compression') this.compression = flag('supported');
    else if (name === 'fallback') this.fallback = flag('supported');
    else if (name === 'renegotiation') this.#setRenegotiation(flag('supported'), flag('secure'));
    else return this.#openCertificate(name, attributes);
    return false;
  }

  close(name: string, text: string): void {
    const certificate = this.#certificate;
    if (name === 'error') this.failed = true;
    else if (name === 'certificate') this.#certificate = undefined;
    else if (certificate === undefined) return;
    else if (name === 'signature-algorithm') certificate.signature = text.trim();
    else if (name === 'self-signed') certificate.selfSigned = text.trim();
    else if (name === 'expired') certificate.expired = text.trim();
  }

  #addCipher(attributes: XmlAttributes): void {
    const { sslversion, cipher, strength = '' } = attributes;
    if (sslversion === undefined || cipher === undefined) return;
    if (attributes['status'] !== 'accepted' && attributes['status'] !== 'preferred') return;
    this.ciphers.push({ protocol: sslversion, cipher, strength, bits: Number(attributes['bits']) });
  }

  #setRenegotiation(supported: boolean | undefined, secure: boolean | undefined): void {
    if (supported !== undefined && secure !== undefined) this.renegotiation = { supported, secure };
  }

  /** `--show-certificate` repeats the certificate in full before the short form that has `expired`. */
  #openCertificate(name: string, attributes: XmlAttributes): boolean {
    if (name === 'certificate' && attributes['type'] !== 'full') {
      this.#certificate = {
        signature: undefined,
        keyType: undefined,
        keyBits: undefined,
        selfSigned: undefined,
        expired: undefined,
      };
      this.certificates.push(this.#certificate);
    } else if (name === 'pk' && this.#certificate !== undefined && attributes['error'] === 'false') {
      this.#certificate.keyType = attributes['type'];
      this.#certificate.keyBits = attributes['bits'] === undefined ? undefined : Number(attributes['bits']);
    }
    return name === 'signature-algorithm' || name === 'self-signed' || name === 'expired';
  }
}

function flagOf(text: string | undefined): boolean | undefined {
  return text === '1' ? true : text === '0' ? false : undefined;
}

/** Written twice, the worse counts. */
function set(flags: Map<string, boolean>, key: string | undefined, flag: boolean | undefined): void {
  if (key !== undefined && flag !== undefined) flags.set(key, flag || flags.get(key) === true);
}

/** `type="tls" version="1.0"` -> "TLSv1.0", as the cipher rows call it. */
function protocolName({ type, version }: XmlAttributes): string | undefined {
  if (version === undefined || (type !== 'ssl' && type !== 'tls')) return undefined;
  return `${type === 'ssl' ? 'SSLv' : 'TLSv'}${version}`;
}
