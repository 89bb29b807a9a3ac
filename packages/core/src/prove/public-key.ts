import { bytesToHex } from '@noble/hashes/utils.js';
import { fromBase64 } from './base64.ts';
import type { PublicKey } from './dsse.ts';

/** SubjectPublicKeyInfo of Ed25519 up to the key's 32 bytes (RFC 8410 section 4). */
const SPKI_PREFIX = '302a300506032b6570032100';

const PEM = /^-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END PUBLIC KEY-----$/;

/** A public key from what people keep in files: PEM as OpenSSL writes it, or 64 hex digits. Null for all else. */
export function readPublicKey(file: string): PublicKey | null {
  const trimmed = file.trim();
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return trimmed.toLowerCase();
  const body = PEM.exec(trimmed)?.[1];
  const der = body === undefined ? null : fromBase64(body.replace(/\s/g, ''));
  const hex = der === null ? '' : bytesToHex(der);
  return hex.startsWith(SPKI_PREFIX) && hex.length === SPKI_PREFIX.length + 64
    ? hex.slice(SPKI_PREFIX.length)
    : null;
}
