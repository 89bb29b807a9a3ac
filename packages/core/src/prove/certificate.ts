import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonical } from './canonical.ts';
import { envelopeText, publicKeyOf, sealEnvelope } from './dsse.ts';
import type { Proof } from './proof.ts';
import { type LedgerPlace, statementOf } from './statement.ts';

export interface CertificateParts {
  readonly proof: Proof;
  readonly ledger: LedgerPlace;
}

/**
 * The certificate of a proof as the text of its file (docs/certificate.md). It names no time of issue:
 * a certificate that is downloaded twice is the same bytes.
 * `secretKey`: the 32-byte Ed25519 seed, or its 64 hex digits.
 */
export function issueCertificate(
  { proof, ledger }: CertificateParts,
  secretKey: Uint8Array | string,
): string {
  const seed = typeof secretKey === 'string' ? hexToBytes(secretKey) : secretKey;
  const statement = statementOf({ closure: proof.closure, ledger, publicKey: publicKeyOf(seed) });
  return envelopeText(sealEnvelope(utf8ToBytes(canonical(statement)), seed));
}
