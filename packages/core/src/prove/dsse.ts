import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64, toBase64 } from './base64.ts';
import { canonical } from './canonical.ts';
import { type Sha256, sha256Hex } from './hash.ts';
import { oneOf, readShape, record, type Shape, type Shaped, sha256, some, text } from './shape.ts';

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
/** What a runner says of one run (docs/retests.md). A signature over one type is none over another. */
export const RUN_PAYLOAD_TYPE = 'application/vnd.backcheck.run+json';
type PayloadType = typeof PAYLOAD_TYPE | typeof RUN_PAYLOAD_TYPE;

/** 64 hex digits: the raw 32 bytes of an Ed25519 public key (RFC 8032). */
export type PublicKey = string;

/** A DSSE envelope (secure-systems-lab/dsse, envelope.md v1.0) with exactly one signature. */
export interface Envelope {
  /** Base64 of the payload's bytes. */
  readonly payload: string;
  readonly payloadType: PayloadType;
  readonly signatures: readonly { readonly keyid: Sha256; readonly sig: string }[];
}

/** What a signature is over: "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body (protocol.md v1.0). */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8ToBytes(payloadType);
  return concatBytes(
    utf8ToBytes(`DSSEv1 ${type.length} `),
    type,
    utf8ToBytes(` ${payload.length} `),
    payload,
  );
}

/** The key's name in the envelope, and the fingerprint that two people compare. */
export function fingerprintOf(publicKey: PublicKey): Sha256 {
  return sha256Hex(hexToBytes(publicKey));
}

/** `secretKey`: the 32-byte seed of RFC 8032. */
export function publicKeyOf(secretKey: Uint8Array): PublicKey {
  return bytesToHex(ed25519.getPublicKey(secretKey));
}

/** Ed25519 is deterministic: the same payload and key give the same bytes. */
export function sealEnvelope(
  payload: Uint8Array,
  secretKey: Uint8Array,
  payloadType: PayloadType = PAYLOAD_TYPE,
): Envelope {
  const signature = ed25519.sign(preAuthEncoding(payloadType, payload), secretKey);
  const keyid = fingerprintOf(publicKeyOf(secretKey));
  return {
    payload: toBase64(payload),
    payloadType,
    signatures: [{ keyid, sig: toBase64(signature) }],
  };
}

/** The one text of an envelope: canonical JSON and a newline. */
export function envelopeText(envelope: Envelope): string {
  return `${canonical(envelope)}\n`;
}

const envelopeShape = (payloadType: PayloadType): Shape<Envelope> =>
  record<Envelope>({
    payload: text,
    payloadType: oneOf([payloadType]),
    signatures: some(record<Envelope['signatures'][number]>({ keyid: sha256, sig: text })),
  });

export interface OpenedEnvelope {
  readonly payloadType: PayloadType;
  readonly payload: Uint8Array;
  readonly keyid: Sha256;
  readonly signature: Uint8Array;
}

/**
 * Opens an envelope; checks no signature. DSSE lets a verifier skip what it does not know; we refuse it,
 * so that nothing in the file can be changed unseen.
 */
export function openEnvelope(
  value: unknown,
  payloadType: PayloadType = PAYLOAD_TYPE,
): Shaped<OpenedEnvelope> {
  const read = readShape(envelopeShape(payloadType), value, 'envelope');
  if (!read.ok) return read;
  const [only, ...more] = read.value.signatures;
  if (only === undefined || more.length > 0)
    return { ok: false, message: 'envelope: not exactly one signature' };
  const payload = fromBase64(read.value.payload);
  const signature = fromBase64(only.sig);
  if (payload === null || signature === null) return { ok: false, message: 'envelope: not strict base64' };
  return { ok: true, value: { payloadType, payload, keyid: only.keyid, signature } };
}

/**
 * Whether the key signed the payload. By the strict equations of RFC 8032: the looser ZIP-215 would let
 * several encodings of one signature pass. False also for what is no key and no signature at all.
 */
export function signedBy({ payloadType, payload, signature }: OpenedEnvelope, publicKey: PublicKey): boolean {
  try {
    const message = preAuthEncoding(payloadType, payload);
    return ed25519.verify(signature, message, hexToBytes(publicKey), { zip215: false });
  } catch {
    return false;
  }
}
