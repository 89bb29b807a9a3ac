import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';

/** The number on the wire of each version. */
export const VERSIONS = {
  ssl3: 0x0300,
  'tls1.0': 0x0301,
  'tls1.1': 0x0302,
  'tls1.2': 0x0303,
  'tls1.3': 0x0304,
} as const;
export type VersionName = keyof typeof VERSIONS;

export interface Hello {
  readonly version: VersionName;
  readonly suites: readonly number[];
  /** Sent as SNI when it is a name (RFC 6066 section 3). */
  readonly host: string;
  /** Without them for servers of SSL 3.0 that do not know what stands behind the compression methods. */
  readonly extensions: boolean;
}

const u8 = (value: number): Buffer => Buffer.of(value & 0xff);
const u16 = (value: number): Buffer => Buffer.of((value >> 8) & 0xff, value & 0xff);
const u24 = (value: number): Buffer => Buffer.concat([u8(value >> 16), u16(value)]);
const list8 = (body: Uint8Array): Buffer => Buffer.concat([u8(body.length), body]);
const list16 = (body: Uint8Array): Buffer => Buffer.concat([u16(body.length), body]);
const words = (values: readonly number[]): Buffer => Buffer.concat(values.map(u16));

/** RFC 5746 section 3.3: in place of an empty renegotiation_info, which SSL 3.0 does not have. */
const RENEGOTIATION_SCSV = 0x00ff;

/**
 * One record with a ClientHello: RFC 8446 section 4.1.2, the same layout since RFC 6101 section 5.6.1.2. No
 * TLS_FALLBACK_SCSV (RFC 7507): with it a server refuses a version that it offers.
 */
export function clientHello({ version, suites, host, extensions }: Hello): Buffer {
  const modern = version === 'tls1.3';
  const legacyVersion = modern ? VERSIONS['tls1.2'] : VERSIONS[version];
  const head = Buffer.concat([
    u16(legacyVersion),
    randomBytes(32),
    list8(modern ? randomBytes(32) : Buffer.alloc(0)),
    list16(words([...suites, RENEGOTIATION_SCSV])),
    list8(u8(0)),
  ]);
  const body = extensions
    ? Buffer.concat([head, list16(padded(head.length, extensionsOf(version, host)))])
    : head;
  const handshake = Buffer.concat([u8(1), u24(body.length), body]);
  // RFC 8446 section 5.1: the first record may say 0x0301 for the sake of old servers.
  const recordVersion = version === 'ssl3' ? VERSIONS.ssl3 : VERSIONS['tls1.0'];
  return Buffer.concat([u8(22), u16(recordVersion), list16(handshake)]);
}

const extension = (type: number, body: Uint8Array): Buffer => Buffer.concat([u16(type), list16(body)]);

/** secp256r1, x25519, secp384r1, secp521r1, x448, the finite fields of RFC 7919, and the older curves of RFC 8422. */
const GROUPS = [
  23,
  29,
  24,
  25,
  30,
  256,
  257,
  258,
  259,
  260,
  ...Array.from({ length: 22 }, (_, step) => step + 1),
];
/** RFC 8446 section 4.2.3, with SHA-1 and MD5 of RFC 5246, so that no certificate is left out. */
const SIGNATURES = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501,
  0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602, 0x0203, 0x0201, 0x0202, 0x0101,
];

function extensionsOf(version: VersionName, host: string): Buffer {
  const parts: Buffer[] = [];
  if (isIP(host) === 0)
    parts.push(extension(0, list16(Buffer.concat([u8(0), list16(Buffer.from(host, 'ascii'))]))));
  parts.push(extension(10, list16(words(GROUPS))), extension(11, list8(Buffer.of(0, 1, 2))));
  if (version === 'tls1.2' || version === 'tls1.3') parts.push(extension(13, list16(words(SIGNATURES))));
  if (version === 'tls1.3') {
    parts.push(extension(43, list8(u16(VERSIONS['tls1.3']))));
    // Any 32 bytes are a public key of x25519 (RFC 7748 section 5); a server that wants another group says so, which is an answer too.
    parts.push(extension(51, list16(Buffer.concat([u16(29), list16(randomBytes(32))]))));
  }
  return Buffer.concat(parts);
}

/** RFC 7685 section 4: a hello of 256 to 511 bytes hangs some servers, which would look like a refusal. */
function padded(headLength: number, extensions: Buffer): Buffer {
  const length = 4 + headLength + 2 + extensions.length;
  if (length < 256 || length > 511) return extensions;
  return Buffer.concat([extensions, extension(21, Buffer.alloc(Math.max(512 - length - 4, 0)))]);
}

/** CIPHER-KINDs of the SSL 2.0 draft (Hickman, 1995, section C.4), and those that SSLeay added. */
const SSL2_KINDS = [
  0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700c0, 0x060140, 0x0701c0, 0x080080,
  0xff8000, 0xff8010, 0x000000,
];

/** CLIENT-HELLO of SSL 2.0, section 2.5 of the same. */
export function ssl2ClientHello(): Buffer {
  const kinds = Buffer.concat(SSL2_KINDS.map(u24));
  const challenge = randomBytes(16);
  const body = Buffer.concat([
    u8(1),
    u16(0x0002),
    u16(kinds.length),
    u16(0),
    u16(challenge.length),
    kinds,
    challenge,
  ]);
  return Buffer.concat([u16(0x8000 | body.length), body]);
}
