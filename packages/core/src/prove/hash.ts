import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** 64 lower-case hex digits. */
export type Sha256 = string;

/** SHA-256 (FIPS 180-4) of bytes, or of a text in UTF-8. */
export function sha256Hex(input: Uint8Array | string): Sha256 {
  return bytesToHex(sha256(typeof input === 'string' ? utf8ToBytes(input) : input));
}
